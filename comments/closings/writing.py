"""Writing a closing summary: every change is a version of its own, for readers to judge anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.markdown.html import PIPELINE_VERSION, Profile, plain, render
from posts.models import Post, Stance

from ..locks import lock_person
from ..models import Citation, Closing, ClosingSide
from ..models.closing import BEGINNING_LENGTH
from ..permissions import can_write
from ..rendering.reaction_summary import words_of
from . import citing, judging


@dataclass(frozen=True)
class Text:
    """What an author wants to sum up the discussion of `post` with: Markdown, and whom they cite.

    `comments` are ids. `based_on` is the number of the version they saw when they began.
    """

    post: Post
    author: User
    body: str
    comments: Sequence[int]
    based_on: int = 0


def write(text: Text, *, now: datetime | None = None) -> Closing:
    """Make `text` the version that stands; the same words and citations again are the same one.

    Whether the author may is for the caller to have asked. Raises `ActionRefused`, and
    `MarkupRefused` for a text that cannot be rendered; then nothing is written.
    """
    body_html = render(text.body, Profile.POST)
    return _write(text, body_html, now or timezone.now())


@retried
def _write(text: Text, body_html: str, now: datetime) -> Closing:
    author = lock_person(text.author)
    if not can_write(author, now):
        raise ActionRefused(_("You cannot write at the moment. You can still read."), status=403)
    post = judging.lock_post(text.post)
    before = judging.newest(post)
    if before is not None and _is_same(before, text):
        return before
    if (before.number if before else 0) != text.based_on:
        raise ActionRefused(
            _(
                "Somebody saved another version while you were writing. Yours is kept below. "
                "Save again to make yours the one that stands."
            ),
            status=409,
        )
    live = live_or_refuse(post, now)
    _refuse_unless_cited(text, live)
    closing = Closing.objects.create(
        post=post,
        number=text.based_on + 1,
        body=text.body,
        body_html=body_html,
        markup_version=PIPELINE_VERSION,
        beginning=plain(body_html, BEGINNING_LENGTH),
        written_by=author,
        written_at=now,
    )
    ClosingSide.objects.bulk_create(ClosingSide(closing=closing, stance=each) for each in live)
    Citation.objects.bulk_create(Citation(closing=closing, comment_id=pk) for pk in text.comments)
    post.put_closing(judging.stored(closing))
    return closing


def live_or_refuse(post: Post, now: datetime | None = None) -> list[Stance]:
    """Return the answers a closing has to cite; raises `ActionRefused` (409) before its time."""
    if not post.question.shows_totals(now=now):
        raise ActionRefused(
            _("You can sum up once everybody sees where readers stand: a summary would tell."),
            status=409,
        )
    live = citing.live_stances(post)
    if not live:
        raise ActionRefused(
            _("It is too early to sum up: no answer has enough readers and a comment yet."),
            status=409,
        )
    return live


def _is_same(closing: Closing, text: Text) -> bool:
    cited = set(closing.citations.values_list("comment", flat=True))
    return closing.body == text.body and cited == set(text.comments)


def _refuse_unless_cited(text: Text, live: list[Stance]) -> None:
    found = list(citing.citable(text.post).filter(pk__in=text.comments))
    if len(found) < len(set(text.comments)):
        raise ActionRefused(_("A comment that you cite is not there any more."), status=422)
    lacking = citing.uncited(live, found)
    if lacking:
        raise ActionRefused(
            _("Please cite at least one comment for %(words)s: its readers are to find themselves.")
            % {"words": words_of(lacking)},
            status=422,
        )
    for stance in {comment.stance for comment in found}:
        number = sum(comment.stance == stance for comment in found)
        if stance is not None and number > limits.CLOSING_CITATIONS:
            raise ActionRefused(
                _("Please cite at most %(most)d comments for %(word)s. These are %(number)d.")
                % {"most": limits.CLOSING_CITATIONS, "word": stance.word, "number": number},
                status=422,
            )
