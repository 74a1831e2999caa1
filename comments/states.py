"""Moving a comment from one state to another, with everything that follows from it.

Derived figures (what is shown, reply counts, sizes, totals) change in the same transaction.
"""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from core.transactions import retried
from notifications.actions import notify
from notifications.models import Notification

from . import arrivals, stances
from .models import Comment, CommentState
from .rows import lock_person, lock_thread


@retried
def change_state(
    comment: Comment,
    *,
    to: CommentState,
    now: datetime | None = None,
    held_reason: str = "",
    removed_reason: str = "",
) -> Comment:
    """Move `comment` to the state `to` and return it as it is then.

    The first publication writes the stance record and tells the writer of the parent.
    """
    now = now or timezone.now()
    comment = locked(comment)
    was_standing = comment.is_standing
    comment.state = to
    comment.held_reason = held_reason
    comment.removed_reason = removed_reason
    first_time = to == CommentState.PUBLISHED and comment.published_at is None
    if first_time:
        comment.published_at = now
        if comment.is_root:
            comment.thread_published_at = now
    comment.save(
        update_fields=[
            "state",
            "held_reason",
            "removed_reason",
            "published_at",
            "thread_published_at",
        ]
    )
    follow(comment, was_standing=was_standing, first_time=first_time, now=now)
    return comment


@retried
def mark_deleted(comment: Comment, *, now: datetime | None = None) -> Comment:
    """Mark `comment` as deleted by its writer and return it; doing so twice changes nothing."""
    comment = locked(comment)
    if comment.is_deleted:
        return comment
    was_standing = comment.is_standing
    comment.deleted_at = now or timezone.now()
    comment.save(update_fields=["deleted_at"])
    follow(comment, was_standing=was_standing)
    return comment


def locked(comment: Comment) -> Comment:
    """Return `comment` read afresh, with its writer's account and its thread locked."""
    author = lock_person(comment.author)
    lock_thread(comment.thread_id)
    fresh = Comment.objects.select_related("stance", "question_version__question", "post").get(
        pk=comment.pk
    )
    fresh.author = author
    return fresh


def follow(
    comment: Comment,
    *,
    was_standing: bool,
    first_time: bool = False,
    now: datetime | None = None,
) -> None:
    """Bring in line what follows from `comment` after it changed, the page of its post last.

    A first publication brings the stance record, and word to the writer of the parent.
    """
    change = int(comment.is_standing) - int(was_standing)
    if change and not comment.is_root:
        _add(comment.thread_id, thread_size=change)
    _show_or_hide(comment)
    if first_time:
        stances.record_publication(comment, now=now or timezone.now())
        _tell_parent(comment)
    comment.post.move_page(comments=change)
    if change > 0:
        arrivals.mark([comment.pk], comment.post)


def follow_new(comment: Comment, *, now: datetime) -> None:
    """Bring in line what follows from a comment that is inserted as standing and shown.

    What it answers stands, so nothing else comes into view with it.
    """
    if comment.parent_id is not None:
        _add(comment.thread_id, thread_size=1)
        _add(comment.parent_id, reply_count=1)
    stances.record_publication(comment, now=now)
    _tell_parent(comment)
    comment.post.move_page(comments=1)
    arrivals.mark([comment.pk], comment.post)


def _tell_parent(comment: Comment) -> None:
    if comment.parent is not None and comment.parent.author_id != comment.author_id:
        notify(comment.parent.author_id, Notification.Kind.REPLY, comment.pk)


def _show_or_hide(comment: Comment) -> None:
    """Show a comment that stands or has replies that are shown; its parent may follow."""
    node: Comment | None = comment
    while node is not None:
        shown = node.is_standing or node.reply_count > 0
        if shown == node.is_shown:
            return
        Comment.objects.filter(pk=node.pk).update(is_shown=shown)
        node.is_shown = shown
        if node.parent_id is None:
            return
        _add(node.parent_id, reply_count=1 if shown else -1)
        node = Comment.objects.get(pk=node.parent_id)


def _add(comment_id: int, **changes: int) -> None:
    Comment.objects.filter(pk=comment_id).update(
        **{name: F(name) + change for name, change in changes.items()}
    )
