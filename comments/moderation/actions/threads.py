"""Closing a thread to new replies, and opening it again."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core.transactions import retried

from ...models import Comment
from ...rows import lock_thread
from ..models import Action
from . import log
from .log import Outcome


@retried
def lock(comment: Comment, *, by: User, now: datetime | None = None) -> Outcome:
    """Close the thread of `comment` to new replies; closing it twice changes nothing."""
    now = now or timezone.now()
    root = lock_thread(comment.thread_id)
    if root.locked_at is not None:
        return Outcome(log.latest(comment=root, action=Action.LOCK), is_new=False)
    return _set(root, now, Action.LOCK, by=by, now=now)


@retried
def unlock(comment: Comment, *, by: User, now: datetime | None = None) -> Outcome:
    """Open the thread of `comment` to replies again."""
    now = now or timezone.now()
    root = lock_thread(comment.thread_id)
    if root.locked_at is None:
        return Outcome(log.latest(comment=root, action=Action.UNLOCK), is_new=False)
    return _set(root, None, Action.UNLOCK, by=by, now=now)


def _set(
    root: Comment, locked_at: datetime | None, action: Action, *, by: User, now: datetime
) -> Outcome:
    root.locked_at = locked_at
    root.save(update_fields=["locked_at"])
    decision = log.write(
        action, by=by, now=now, comment=root, state_before=root.state, state_after=root.state
    )
    root.post.move_page()
    return Outcome(decision, is_new=True)
