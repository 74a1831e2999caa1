"""Write a closing summary. Every change is a new version, which readers judge anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.models import User
from accounts.permissions import why_not_write
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from core.markdown.html import PIPELINE_VERSION, Profile, plain, render
from posts.models import Post, Stance

from .. import draft_places
from ..actions import discussions
from ..locks import lock_person
from ..models import Citation, Closing, ClosingSide
from ..models.closing import BEGINNING_LENGTH
from ..models.moderation import DiscussionReason
from ..permissions import can_write
from ..sentences import words_of
from . import citing, judging, notifying


@dataclass(frozen=True)
class ClosingDraft:
    """A closing of the discussion under `post` to be written: Markdown, and the comments it cites.

    `comments` are ids, `based_on` the number of the version the author started from, 0 for none.
    """

    post: Post
    author: User
    body: str
    comments: Sequence[int]
    based_on: int = 0
    # Whether the discussion takes no more comments from now on.
    closes: bool = False


def write(draft: ClosingDraft, *, now: datetime | None = None) -> Closing:
    """Store `draft` as the newest version and return it.

    An unchanged text with unchanged citations returns the version it equals. The caller has checked
    that `author` wrote the post. Raises `ActionRefused`: 403 for a suspended author, 409 if another
    version was saved meanwhile or it is too early, 422 for wrong citations; and `MarkupRefused` for
    a text that cannot be rendered. Nothing is written then.
    """
    body_html = render(draft.body, Profile.POST)
    return _write(draft, body_html, now or timezone.now())


@retried
def _write(draft: ClosingDraft, body_html: str, now: datetime) -> Closing:
    author = lock_person(draft.author)
    if not can_write(author, now):
        raise ActionRefused(why_not_write(author), status=403)
    post = judging.lock_post(draft.post)
    drafts.forget(author.pk, draft_places.of_closing(post))
    before = judging.newest(post)
    if before is not None and _is_same(before, draft):
        _close_too(draft, post, author, now)
        return before
    if (before.number if before else 0) != draft.based_on:
        raise ActionRefused(
            _(
                "Somebody saved another version while you were writing. Yours is kept below. "
                "Save again to make yours the newest."
            ),
            status=409,
        )
    live = live_or_refuse(post, now)
    _refuse_unless_cited(draft, live)
    closing = Closing.objects.create(
        post=post,
        number=draft.based_on + 1,
        body=draft.body,
        body_html=body_html,
        markup_version=PIPELINE_VERSION,
        beginning=plain(body_html, BEGINNING_LENGTH),
        written_by=author,
        written_at=now,
    )
    ClosingSide.objects.bulk_create(ClosingSide(closing=closing, stance=each) for each in live)
    Citation.objects.bulk_create(Citation(closing=closing, comment_id=pk) for pk in draft.comments)
    judging.update_figures(post, [closing])
    if before is not None:
        judging.ask_again(before, closing)
    notifying.of_closing(closing, before)
    _close_too(draft, post, author, now)
    return closing


def _close_too(draft: ClosingDraft, post: Post, author: User, now: datetime) -> None:
    """Close the discussion of `post`, which is locked, if `draft` says so."""
    if draft.closes and post.is_published(now):
        discussions.close(post, by=author, reason=DiscussionReason.SUMMED_UP, now=now)


def live_or_refuse(post: Post, now: datetime | None = None) -> list[Stance]:
    """Return the live answers under `post`; raises `ActionRefused` (409) if it is too early."""
    if not post.question.shows_totals(now=now):
        raise ActionRefused(
            _(
                "You can sum up once everybody sees where readers stand. Before that, a summary "
                "would give it away."
            ),
            status=409,
        )
    live = citing.live_stances(post)
    if not live:
        raise ActionRefused(
            _("It is too early to sum up: no answer has enough readers and a comment yet."),
            status=409,
        )
    return live


def _is_same(closing: Closing, draft: ClosingDraft) -> bool:
    """Return whether `draft` has the text and the citations of `closing`."""
    cited = set(closing.citations.values_list("comment", flat=True))
    return closing.body == draft.body and cited == set(draft.comments)


def _refuse_unless_cited(draft: ClosingDraft, live: list[Stance]) -> None:
    """Raise `ActionRefused` (422) unless `draft` cites every `live` answer, and none too often."""
    found = list(citing.citable(draft.post).filter(pk__in=draft.comments))
    if len(found) < len(set(draft.comments)):
        raise ActionRefused(
            _("A comment that you quote is no longer there. Choose another."), status=422
        )
    missing = citing.uncited(live, found)
    if missing:
        raise ActionRefused(
            _(
                "Please quote at least one comment for %(words)s, so that its readers find "
                "themselves there."
            )
            % {"words": words_of(missing)},
            status=422,
        )
    for stance in {comment.stance for comment in found}:
        number = sum(comment.stance == stance for comment in found)
        if stance is not None and number > limits.CLOSING_CITATIONS:
            raise ActionRefused(
                _("Please quote at most %(most)d comments for %(word)s. You chose %(number)d.")
                % {"most": limits.CLOSING_CITATIONS, "word": stance.word, "number": number},
                status=422,
            )
