"""Lock and unlock a thread, and detach a branch into a thread of its own."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.db.transactions import retried

from ...actions import branches, states
from ...locks import lock_thread_and
from ...models import Comment
from ...models.moderation import Action
from ...notifications import MOVED
from .. import permissions
from .. import states as codes
from . import log
from .log import Outcome


@retried
def lock(
    comment: Comment,
    *,
    by: User,
    reason: str,
    note: str = "",
    to_readers: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Lock the thread of `comment` against new replies; a second time changes nothing.

    A moderator's lock takes the place of an author's. `reason` is a code of `ThreadReason`;
    `to_readers` says in a sentence what it does not.
    """
    now = now or timezone.now()
    root = _locked_root(comment, by)
    was_locked = root.locked_at is not None
    if was_locked:
        in_force = log.lock_in_force(root)
        if not log.may_overrule(by, in_force, root.post):
            return Outcome(in_force, is_new=False)
    return _set(
        root,
        now,
        action=Action.LOCK,
        by=by,
        now=now,
        reason=reason,
        note=note,
        to_readers=to_readers,
        state_before=codes.LOCKED if was_locked else codes.OPEN,
        state_after=codes.LOCKED,
    )


@retried
def unlock(
    comment: Comment,
    *,
    by: User,
    reason: str,
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Unlock the thread of `comment`; a second time changes nothing.

    `seen` is the id of the decision that locked it. Raises `ActionRefused`: 409 if somebody has
    locked it again since, 403 if a moderator has and `by` is none.
    """
    now = now or timezone.now()
    root = _locked_root(comment, by)
    if root.locked_at is None:
        return Outcome(log.latest(comment=root, action=Action.UNLOCK), is_new=False)
    in_force = log.lock_in_force(root)
    log.refuse_if_another(in_force, seen, now)
    log.refuse_unless_may_end(by, in_force, root.post)
    return _set(
        root,
        None,
        action=Action.UNLOCK,
        by=by,
        now=now,
        reason=reason,
        note=note,
        state_before=codes.LOCKED,
        state_after=codes.OPEN,
    )


@retried
def detach(comment: Comment, *, by: User, now: datetime | None = None) -> Outcome:
    """Make the branch of `comment` a thread of its own; a second time changes nothing.

    A job moves the rest of a large branch within seconds. Raises `ActionRefused` (409) for an
    unreadable comment, and while another branch of the article is being moved.
    """
    now = now or timezone.now()
    comment = states.locked(comment)
    log.refuse_unless(permissions.can_lock, by, comment)
    if comment.is_root:
        return Outcome(log.latest(comment=comment), is_new=False)
    log.refuse_if_deleted(comment)
    if not comment.is_readable:
        raise log.conflict(log.latest(comment=comment), now)
    log.refuse_if_moving(comment)
    decision = log.write(
        Action.DETACH,
        by=by,
        now=now,
        comment=comment,
        state_before=f"reply to {comment.parent_id}",
        state_after=codes.THREAD,
    )
    branches.start_move(comment)
    log.notify_writer(MOVED, decision, comment)
    return Outcome(decision, is_new=True)


def _locked_root(comment: Comment, by: User) -> Comment:
    """Return the root of the thread of `comment`, locked, with the text that the log row hashes.

    Raises `ActionRefused` (403) if `by` may not lock it any more.
    """
    root, _comment = lock_thread_and(comment)
    root = Comment.objects.select_related("post").get(pk=root.pk)
    log.refuse_unless(permissions.can_lock, by, root)
    return root


def _set(root: Comment, locked_at: datetime | None, **row: Any) -> Outcome:
    """Store `locked_at`, write the log row with the columns `row`, invalidate the cached page."""
    root.locked_at = locked_at
    root.save(update_fields=["locked_at"])
    decision = log.write(comment=root, **row)
    root.post.bump_page_version()
    return Outcome(decision, is_new=True)
