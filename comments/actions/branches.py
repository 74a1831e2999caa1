"""Change a branch, a comment with all replies below it, in batches.

A branch can have a hundred thousand comments. Each batch is a transaction that leaves every figure
right and locks the thread briefly. A batch finds its rows by their state, so that a change that was
interrupted continues when it is called again.
"""

import time
from collections.abc import Callable

from django.db.models import F
from django.db.models.functions import Substr
from django_tasks import task

from core.db.transactions import retried

from ..locks import lock_thread
from ..models import BranchMove, Comment
from ..querysets import CommentQuerySet
from ..tree import paths
from . import states

# Rows: some 50 ms of work, which other writers in the thread hardly notice; and seconds of pause
# after it, the only time in which others can write on SQLite.
BATCH = 500
PAUSE = 0.05


def branch_below(top: Comment) -> CommentQuerySet:
    """Return the comments of the branch under `top`, without `top` itself."""
    return Comment.objects.filter(thread=top.thread_id, **_under(top.path))


def to_the_end(some: Callable[[], bool]) -> None:
    """Call `some`, which does a batch and returns whether more are left, until none is."""
    while some():
        time.sleep(PAUSE)


def start_move(top: Comment) -> None:
    """Make `top`, a reply that is locked, the root of a thread of its own.

    Its replies are moved in batches, the first within this transaction. Until the last is moved,
    each is in the old thread or in the new one, and readers find all of them.
    """
    assert top.parent_id is not None
    old_root, parent, old_path = top.thread, top.parent_id, top.path
    Comment.objects.filter(pk=top.pk).update(
        parent=None,
        thread=top.pk,
        path=paths.child("", top.pk),
        depth=0,
        thread_published_at=top.published_at,
        locked_at=old_root.locked_at,
    )
    states.add(old_root.pk, thread_size=-1)
    states.add(parent, reply_count=-1)
    states.recompute_visibility([parent])
    top.post.bump_page_version()
    move = BranchMove.objects.create(top=top, old_path=old_path)
    if move_some(move):
        finish_move.enqueue(move.pk)


@task()
def finish_move(pk: int) -> None:
    """Move the rest of a branch to its top."""
    move = BranchMove.objects.select_related("top").filter(pk=pk).first()
    if move is not None:
        to_the_end(lambda: move_some(move))


@retried
def move_some(move: BranchMove) -> bool:
    """Move the next replies, parents before their replies; return whether more are left."""
    old_root = lock_thread(paths.row_ids(move.old_path)[0])
    top = lock_thread(move.top_id)
    left = Comment.objects.filter(post=top.post_id, **_under(move.old_path)).order_by("path")
    rows = list(left.only("pk", "state", "deleted_at")[:BATCH])
    readable = sum(row.is_readable for row in rows)
    dropped = paths.depth(move.old_path)
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(
        thread=top,
        path=Substr("path", dropped * paths.WIDTH + 1),
        depth=F("depth") - dropped,
        thread_published_at=top.published_at,
    )
    states.add(old_root.pk, thread_size=-readable)
    states.add(top.pk, thread_size=readable)
    if len(rows) < BATCH:
        BranchMove.objects.filter(pk=move.pk).delete()
    top.post.bump_page_version()
    return len(rows) == BATCH


def is_moving(comment: Comment) -> bool:
    """Return whether a branch under the post of `comment` is being moved."""
    return BranchMove.objects.filter(top__post=comment.post_id).exists()


def _under(path: str) -> dict[str, str]:
    return {"path__gt": path, "path__lt": path + paths.LAST}
