"""Checks that every comment's path, depth, thread and post agree with its parent's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from core import limits

from ..models import BranchMove, Comment
from ..tree import paths
from . import repairs
from .faults import Fault
from .queries import WINDOW, Window

# No repair: any of the three may be the wrong one, and moving a branch by a guess would be worse.
TREE = (
    "its parent, its path and its thread disagree: find in a backup which two are right, and "
    "correct the third by hand"
)


class StoredPosition(NamedTuple):
    """The position of a comment, with those of its parent and of the root of its thread."""

    pk: int
    post: int
    parent: int | None
    thread: int
    path: str
    depth: int
    thread_published_at: datetime | None
    parent_post: int | None
    parent_thread: int | None
    parent_path: str | None
    root_post: int
    root_published_at: datetime | None


FIELDS = (
    *("pk", "post", "parent", "thread", "path", "depth", "thread_published_at"),
    *("parent__post", "parent__thread", "parent__path", "thread__post", "thread__published_at"),
)


def misplaced_comments(window: Window) -> Iterator[Fault]:
    """Yield the comments whose position contradicts that of their parent or thread.

    Replies of a branch that is being moved are skipped: they still have their old path. A comment's
    path must be longer than its parent's, so a cycle of parents is found as well.
    """
    moving = tuple(BranchMove.objects.values_list("old_path", flat=True)[:WINDOW])
    for row in window.read(Comment.objects.all(), *FIELDS):
        position = StoredPosition._make(row)
        if moving and position.path.startswith(moving):
            continue
        for message in (*_against_parent(position), *_against_thread(position)):
            yield Fault(f"comment {position.pk}: {message}", advice=TREE)
        if position.thread_published_at != position.root_published_at:
            yield Fault(
                f"comment {position.pk}: its thread was published at {position.root_published_at}, "
                f"it says {position.thread_published_at}",
                repairs.DATES,
                position.pk,
            )


def _against_parent(position: StoredPosition) -> Iterator[str]:
    """Yield a message for each way in which `position` contradicts the parent."""
    if position.path != paths.child(position.parent_path or "", position.pk):
        yield f"its path {position.path} is not that of its parent followed by its own id"
    if position.depth != paths.depth(position.path):
        yield f"its depth is {position.depth}, by its path it is {paths.depth(position.path)}"
    if position.parent is not None and position.parent_post != position.post:
        yield f"it is under post {position.post}, its parent under post {position.parent_post}"


def _against_thread(position: StoredPosition) -> Iterator[str]:
    """Yield a message for each way in which `position` contradicts the thread."""
    expected = position.pk if position.parent is None else position.parent_thread
    if position.thread != expected:
        yield f"it is in thread {position.thread}, its parent in thread {expected}"
    if position.root_post != position.post:
        yield f"it is under post {position.post}, its thread under post {position.root_post}"


def unfinished_moves(window: Window) -> Iterator[Fault]:
    """Yield the branches whose move has taken longer than any job may: the job was lost."""
    latest_start = timezone.now() - timedelta(seconds=limits.JOB_LONGEST)
    lost = BranchMove.objects.filter(started_at__lt=latest_start)
    for pk, top in window.read(lost, "pk", "top"):
        message = f"comment {top}: not all of its replies have been moved with it"
        yield Fault(message, repairs.MOVES, pk)
