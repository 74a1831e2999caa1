"""What the page of a closing shows: the words, who is cited, and how each side judges it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.markdown.html import beginning
from posts.models import Post, Stance

from ..actions import stances
from ..models import Citation, Closing, ClosingSide, ClosingVerdict
from ..permissions import wrote_post
from ..querysets import TEXTS, text_for_all
from ..rendering.context import shows_totals
from . import judging
from .status import ClosingOutcome, Judged
from .words import side_words, status_words

# As much of a comment as is quoted; the whole of it is a link away.
QUOTED = 600


@dataclass(frozen=True)
class Quotation:
    """A comment that is cited: its words as they stand now, None where they do not any more."""

    comment: Any
    words: str | None

    @classmethod
    def of(cls, citation: Citation) -> "Quotation":
        """Return what is shown of `citation`."""
        html: str = citation.comment_html  # type: ignore[attr-defined]
        return cls(citation.comment, beginning(html, QUOTED) if html else None)


@dataclass(frozen=True)
class JudgedSide:
    """A live answer, and how its readers judge the closing."""

    stance: Stance
    judged: Judged

    @classmethod
    def of(cls, side: ClosingSide) -> "JudgedSide":
        """Return what is shown of `side`."""
        return cls(side.stance, Judged(side.fair, side.judges))

    @property
    def words(self) -> str:
        """How its readers judge, in a sentence."""
        return side_words(self.stance, self.judged)


@dataclass(frozen=True)
class ClosingPage:
    """The page of `closing` as `user` sees it. The addresses are None for all they are not for."""

    closing: Closing
    quotations: list[Quotation]
    sides: list[JudgedSide]
    status_words: str
    shows_verdicts: bool
    verdict: ClosingVerdict | None = None
    # Why a person who is signed in cannot judge.
    why_not: str = ""
    edit_url: str | None = None

    @classmethod
    def of(cls, user: Any, post: Post, closing: Closing) -> "ClosingPage":
        """Return the page of `closing`, the version of `post` that stands."""
        sides = [JudgedSide.of(side) for side in closing.sides.select_related("stance")]
        outcome = ClosingOutcome.of({side.stance.pk: side.judged for side in sides})
        is_person = user.is_authenticated
        return cls(
            closing=closing,
            quotations=[Quotation.of(citation) for citation in _cited_by(closing)],
            sides=sides,
            status_words=status_words(outcome, {side.stance.pk: side.stance for side in sides}),
            shows_verdicts=shows_totals(post, stances.stance_of(user, post)),
            verdict=_verdict(user, closing) if is_person else None,
            why_not=judging.why_not(user, closing) if is_person else "",
            edit_url=edit_url(user, post),
        )


def _cited_by(closing: Closing) -> Any:
    """Return the citations of `closing` with the texts that all may read, as `comment_html`."""
    cited = closing.citations.select_related("comment__author", "comment__stance")
    cited = cited.defer(*(f"comment__{column}" for column in TEXTS))
    return cited.annotate(comment_html=text_for_all("comment__body_html"))


def _verdict(user: Any, closing: Closing) -> ClosingVerdict | None:
    return closing.verdicts.filter(reader=user).select_related("stance").first()


def edit_url(user: Any, post: Post) -> str | None:
    """Return where `user` writes the closing of `post`; None for whoever does not."""
    if not hasattr(post, "question") or not wrote_post(user, post):
        return None
    return reverse("comments:closing-edit", args=[post.slug])
