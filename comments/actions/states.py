"""Change the state of a comment, and the figures that follow from it.

Derived figures (what is shown, reply counts, sizes, totals) change in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.db.models import F
from django.utils import timezone

from core.db.prepared import PreparedUpdate
from core.db.transactions import retried
from notifications.actions import News, notify

from ..locks import lock_person, lock_thread_and
from ..models import Comment, CommentState
from ..notifications import REPLY
from ..tree import paths
from . import arrivals, discussions, followers, stances
from .mentions.telling import tell as tell_mentioned


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

    It keeps why it was held, which an undo needs. The first publication writes the stance record
    and tells the writer of the parent; while it is held again, its answer does not count.
    """
    now = now or timezone.now()
    comment = locked(comment)
    was_readable, before = comment.is_readable, comment.state
    comment.state = to
    comment.held_reason = held_reason or comment.held_reason
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
    # A removal takes nobody's answer away, and a restored comment is as it was.
    turned = CommentState.HELD in {before, to} and CommentState.REMOVED not in {before, to}
    follow(comment, was_readable=was_readable, first_time=first_time, turned=turned, now=now)
    return comment


@retried
def mark_deleted(comment: Comment, *, now: datetime | None = None) -> Comment:
    """Mark `comment` as deleted by its writer and return it; doing so twice changes nothing."""
    comment = locked(comment)
    if comment.is_deleted:
        return comment
    was_readable = comment.is_readable
    comment.deleted_at = now or timezone.now()
    comment.save(update_fields=["deleted_at"])
    follow(comment, was_readable=was_readable)
    return comment


def locked(comment: Comment) -> Comment:
    """Return `comment` read afresh, with its writer's account and its thread locked."""
    author = lock_person(comment.author)
    lock_thread_and(comment)
    fresh = Comment.objects.select_related(
        "stance__question", "question_version__question", "post"
    ).get(pk=comment.pk)
    fresh.author = author
    return fresh


def follow(
    comment: Comment,
    *,
    was_readable: bool,
    first_time: bool = False,
    turned: bool = False,
    now: datetime | None = None,
) -> None:
    """Update the figures that follow from a changed `comment`, the page of its post last.

    A first publication brings the stance record, and word to the writer of the parent. The writer's
    answer follows a comment that `turned`: it was published once, and is held or approved again.
    People whom the comment mentions are told when it comes into view.
    """
    change = int(comment.is_readable) - int(was_readable)
    if change and not comment.is_root:
        add(comment.thread_id, thread_size=change)
    recompute_visibility([comment.pk])
    comment.refresh_from_db(fields=["is_shown", "reply_count"])
    if first_time:
        stances.record_publication(comment, now=now or timezone.now())
        _tell(comment)
    elif turned:
        stances.follow_hold(comment, now=now or timezone.now())
    if change > 0:
        tell_mentioned(comment)
    comment.post.bump_page_version(comments=change)
    if change > 0:
        arrivals.mark([comment.pk], comment.post)


def apply_publication(comment: Comment, *, now: datetime) -> None:
    """Update the figures that follow from a comment that was inserted as published.

    What it answers stands, so nothing else comes into view with it. Raises `DiscussionClosed` if
    the discussion was closed since the request began.
    """
    if comment.parent_id is not None:
        add(comment.thread_id, thread_size=1)
        add(comment.parent_id, reply_count=1)
    stances.record_publication(comment, now=now)
    _tell(comment)
    tell_mentioned(comment)
    discussions.add_comment(comment.post)
    arrivals.mark([comment.pk], comment.post)


def _tell(comment: Comment) -> None:
    """Tell the writer of the parent, and those who follow where the comment stands."""
    if comment.parent is not None:
        news = News(comment.parent.author_id, subject=comment.pk, target=comment.pk)
        notify(REPLY, news, cause=comment.author)
    followers.tell(comment)


def recompute_visibility(ids: Iterable[int]) -> None:
    """Show or hide the comments `ids` and those above them, with the replies each counts.

    Shown is what stands or has replies that are shown. To be called with the thread locked, after
    the state of some of `ids` has changed and nothing else.
    """
    written = Comment.objects.filter(pk__in=list(ids)).values_list("path", flat=True)
    family = {pk for path in written for pk in paths.row_ids(path)}
    nodes = Comment.objects.only(*_SHOWN_BY).in_bulk(list(family))
    before = {pk: (node.is_shown, node.reply_count) for pk, node in nodes.items()}
    for node in sorted(nodes.values(), key=lambda node: node.depth, reverse=True):
        was_shown, node.is_shown = node.is_shown, node.is_readable or node.reply_count > 0
        if node.parent_id is not None:
            nodes[node.parent_id].reply_count += int(node.is_shown) - int(was_shown)
    alike = defaultdict(list)
    for pk, node in nodes.items():
        if before[pk] != (node.is_shown, node.reply_count):
            alike[node.is_shown, node.reply_count].append(pk)
    for (is_shown, reply_count), changed in alike.items():
        rows = Comment.objects.filter(pk__in=changed)
        rows.update(is_shown=is_shown, reply_count=reply_count)


# Columns that decide the visibility of a comment.
_SHOWN_BY = ("parent", "depth", "state", "deleted_at", "is_shown", "reply_count")


def add(comment_id: int, *, thread_size: int = 0, reply_count: int = 0) -> None:
    """Add changes to figures of a comment in the database."""
    if thread_size:
        _addition("thread_size").run(pk=comment_id, change=thread_size)
    if reply_count:
        _addition("reply_count").run(pk=comment_id, change=reply_count)


@cache
def _addition(name: str) -> PreparedUpdate:
    """Return the update that adds a change to the column `name` of a comment."""
    return PreparedUpdate(
        lambda pk, change: (Comment.objects.filter(pk=pk), {name: F(name) + change}),
        pk=int,
        change=int,
    )
