"""Closing a thread to new replies, opening it again, and making one of a branch."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core.db.transactions import retried

from ...actions import branches, states
from ...locks import lock_thread_and
from ...models import Comment
from ...models.moderation import Action
from . import log
from .log import Outcome


@retried
def lock(comment: Comment, *, by: User, now: datetime | None = None) -> Outcome:
    """Close the thread of `comment` to new replies; closing it twice changes nothing."""
    now = now or timezone.now()
    root, _comment = lock_thread_and(comment)
    if root.locked_at is not None:
        return Outcome(log.latest(comment=root, action=Action.LOCK), is_new=False)
    return _set(root, now, Action.LOCK, by=by, now=now)


@retried
def unlock(comment: Comment, *, by: User, now: datetime | None = None) -> Outcome:
    """Open the thread of `comment` to replies again."""
    now = now or timezone.now()
    root, _comment = lock_thread_and(comment)
    if root.locked_at is None:
        return Outcome(log.latest(comment=root, action=Action.UNLOCK), is_new=False)
    return _set(root, None, Action.UNLOCK, by=by, now=now)


@retried
def detach(comment: Comment, *, by: User, now: datetime | None = None) -> Outcome:
    """Make `comment`, with everything beneath it, a thread of its own; doing so twice is once.

    Of a large branch the replies follow within seconds. Raises `ActionRefused` (409) for what does
    not stand, and while another branch of the article is being moved.
    """
    now = now or timezone.now()
    comment = states.locked(comment)
    if comment.is_root:
        return Outcome(log.latest(comment=comment), is_new=False)
    log.refuse_if_deleted(comment)
    if not comment.is_readable:
        raise log.conflict(log.latest(comment=comment), now)
    log.refuse_if_moving(comment)
    decision = log.write(
        Action.DETACH, by=by, now=now, comment=comment, state_before=f"reply to {comment.parent_id}"
    )
    branches.start_move(comment)
    return Outcome(decision, is_new=True)


def _set(
    root: Comment, locked_at: datetime | None, action: Action, *, by: User, now: datetime
) -> Outcome:
    root.locked_at = locked_at
    root.save(update_fields=["locked_at"])
    decision = log.write(
        action, by=by, now=now, comment=root, state_before=root.state, state_after=root.state
    )
    root.post.bump_page_version()
    return Outcome(decision, is_new=True)
