"""Branches: a comment with everything beneath it, changed some rows at a time.

A branch can have a hundred thousand comments. So what happens to all of it happens in batches, each
a transaction that leaves every figure right and holds the thread for a moment. A batch finds its
rows by what is still to be done, so whatever was stopped goes on by being called again.
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

# Some 50 ms of work, so that whoever writes in the thread meanwhile hardly waits; and as long a
# pause behind it, for on SQLite others write only then.
BATCH = 500
PAUSE = 0.05


def beneath(top: Comment) -> CommentQuerySet:
    """Return the comments of the branch under `top`, without `top` itself."""
    return Comment.objects.filter(thread=top.thread_id, **_under(top.path))


def to_the_end(some: Callable[[], bool]) -> None:
    """Call `some`, which does a batch and returns whether there is more, until there is not."""
    while some():
        time.sleep(PAUSE)


def start_move(top: Comment) -> None:
    """Make `top`, which stands as a reply and is locked, the root of a thread of its own.

    Its replies follow in batches, the first within this transaction. Until the last has followed,
    each is at the one place or the other, and readers find all of them.
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
    """Let the rest of a branch follow its top."""
    move = BranchMove.objects.select_related("top").filter(pk=pk).first()
    if move is not None:
        to_the_end(lambda: move_some(move))


@retried
def move_some(move: BranchMove) -> bool:
    """Let the next replies follow, parents before their replies; return whether more are left."""
    old_root = lock_thread(paths.row_ids(move.old_path)[0])
    top = lock_thread(move.top_id)
    left = Comment.objects.filter(post=top.post_id, **_under(move.old_path)).order_by("path")
    rows = list(left.only("pk", "state", "deleted_at")[:BATCH])
    standing = sum(row.is_readable for row in rows)
    dropped = paths.depth(move.old_path)
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(
        thread=top,
        path=Substr("path", dropped * paths.WIDTH + 1),
        depth=F("depth") - dropped,
        thread_published_at=top.published_at,
    )
    states.add(old_root.pk, thread_size=-standing)
    states.add(top.pk, thread_size=standing)
    if len(rows) < BATCH:
        BranchMove.objects.filter(pk=move.pk).delete()
    top.post.bump_page_version()
    return len(rows) == BATCH


def is_moving(comment: Comment) -> bool:
    """Return whether a branch under the post of `comment` is being moved at the moment."""
    return BranchMove.objects.filter(top__post=comment.post_id).exists()


def _under(path: str) -> dict[str, str]:
    return {"path__gt": path, "path__lt": path + paths.LAST}
