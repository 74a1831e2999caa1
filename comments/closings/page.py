"""The page of a closing summary: its text, the comments cited, and the verdicts of each side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.markdown.html import beginning
from posts.models import Post, Stance

from .. import sentences
from ..actions import settling, stances
from ..models import Citation, Closing, ClosingSide, ClosingVerdict
from ..permissions import can_close, wrote_post
from ..querysets import TEXTS, text_for_all
from ..rendering.totals import why_no_sides
from . import judging
from .status import ClosingOutcome, Judged

# Characters quoted of a cited comment; a link leads to the rest.
QUOTED = 600


@dataclass(frozen=True)
class Quotation:
    """A cited comment and its present text; None once it is no longer readable."""

    comment: Any
    text: str | None

    @classmethod
    def of(cls, citation: Citation) -> "Quotation":
        """Return what is shown of `citation`."""
        html: str = citation.comment_html  # type: ignore[attr-defined]
        return cls(citation.comment, beginning(html, QUOTED) if html else None)


@dataclass(frozen=True)
class JudgedSide:
    """A live answer, and the verdicts of its readers on the closing."""

    stance: Stance
    judged: Judged

    @classmethod
    def of(cls, side: ClosingSide) -> "JudgedSide":
        """Return the answer and the verdicts of `side`."""
        return cls(side.stance, Judged.of(side))

    @property
    def sentence(self) -> str:
        """The verdicts of its readers, as a sentence."""
        return sentences.closing_side(self.stance, self.judged)


@dataclass(frozen=True)
class ClosingPage:
    """The page of `closing` for one user. `edit_url` is None for everybody but the authors."""

    closing: Closing
    quotations: list[Quotation]
    sides: list[JudgedSide]
    status_sentence: str
    # Why the verdicts are not shown; "" if they are.
    why_no_verdicts: str
    verdict: ClosingVerdict | None = None
    # The reason why a signed-in person cannot judge; "" if they can.
    why_not: str = ""
    edit_url: str | None = None
    # Where the discussion is closed and opened again; None for those who may not.
    close_url: str | None = None
    # From when the verdict counts; None if it does.
    waits_until: datetime | None = None
    # Whether the verdict is for an answer that the reader has left.
    is_left: bool = False

    @classmethod
    def of(cls, user: Any, post: Post, closing: Closing) -> "ClosingPage":
        """Return the page of `closing`, the newest version under `post`, for `user`."""
        sides = [JudgedSide.of(side) for side in closing.sides.select_related("stance")]
        judged = {side.stance.pk: side.judged for side in sides}
        outcome = ClosingOutcome.of(judged, judging.stored_before(closing))
        answers = {side.stance.pk: side.stance for side in sides}
        is_person = user.is_authenticated
        verdict = _verdict(user, closing) if is_person else None
        return cls(
            closing=closing,
            quotations=[Quotation.of(citation) for citation in _cited_by(closing)],
            sides=sides,
            status_sentence=sentences.closing_status(outcome, answers, judged),
            why_no_verdicts=why_no_sides(post, stances.stance_of(user, post)),
            verdict=verdict,
            why_not=judging.judging_refusal(user, closing) if is_person else "",
            edit_url=edit_url(user, post),
            close_url=reverse("comments:discussion-close", args=[post.slug])
            if can_close(user, post)
            else None,
            waits_until=settling.waits_until(verdict, user, timezone.now()),
            is_left=settling.is_left(verdict),
        )


def _cited_by(closing: Closing) -> Any:
    """Return the citations of `closing` with the texts that all may read, as `comment_html`."""
    cited = closing.citations.select_related("comment__author", "comment__stance")
    cited = cited.defer(*(f"comment__{column}" for column in TEXTS))
    return cited.annotate(comment_html=text_for_all("comment__body_html"))


def _verdict(user: Any, closing: Closing) -> ClosingVerdict | None:
    """Return the verdict of `user` on `closing`, or None."""
    return closing.verdicts.filter(reader=user).select_related("stance").first()


def edit_url(user: Any, post: Post) -> str | None:
    """Return the address at which `user` writes the closing of `post`; None unless an author."""
    if post.question_or_none is None or not wrote_post(user, post):
        return None
    return reverse("comments:closing-edit", args=[post.slug])
