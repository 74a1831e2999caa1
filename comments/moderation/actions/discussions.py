"""Close a whole discussion against new comments, and open it again."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core.db.transactions import retried
from posts.models import Post

from ...actions import discussions
from ...models.moderation import Action, Decision
from ...permissions import can_close
from . import log
from .log import Outcome


@retried
def close_discussion(
    post: Post,
    *,
    by: User,
    reason: str,
    note: str = "",
    to_readers: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Close the discussion of `post`; a second time changes nothing.

    A moderator's closing takes the place of an author's. `reason` is a code of `DiscussionReason`;
    `to_readers` says in a sentence what it does not.
    Raises `ActionRefused` (403) if `by` may not any more.
    """
    _lock(post, by)
    now = now or timezone.now()
    over = False
    if post.closed_at is not None:
        over = log.may_overrule(by, log.latest(post=post, action=Action.CLOSE), post)
    words = {"note": note, "to_readers": to_readers}
    decision = discussions.close(post, by=by, reason=reason, now=now, over=over, **words)
    return _outcome(post, decision, Action.CLOSE)


@retried
def open_discussion(
    post: Post,
    *,
    by: User,
    reason: str,
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Open the discussion of `post` again; a second time changes nothing.

    `reason` is a code of `EndReason`, and `seen` the id of the decision that closed it. Raises
    `ActionRefused`: 403 if `by` may not any more or a moderator has closed it and `by` is none, 409
    if somebody has closed it again since.
    """
    _lock(post, by)
    now = now or timezone.now()
    if post.closed_at is not None:
        closing = log.latest(post=post, action=Action.CLOSE)
        log.refuse_if_another(closing, seen, now)
        log.refuse_unless_may_end(by, closing, post)
    decision = discussions.open_again(post, by=by, reason=reason, note=note, now=now)
    return _outcome(post, decision, Action.OPEN)


def _lock(post: Post, by: User) -> None:
    """Lock `post`; raise `ActionRefused` (403) if `by` may not close its discussion any more."""
    post.lock()
    post.refresh_from_db(fields=["published_at", "closed_at"])
    log.refuse_unless(can_close, by, post)


def _outcome(post: Post, decision: Decision | None, action: Action) -> Outcome:
    """Return the new log row `decision`, or that of the earlier `action` if there is none."""
    if decision is not None:
        return Outcome(decision, is_new=True)
    return Outcome(log.latest(post=post, action=action), is_new=False)
