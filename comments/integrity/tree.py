"""Whether every comment stands where its parent says."""

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

# Each of the three can be wrong alone, and moving a branch by guess would be worse than leaving it.
TREE = (
    "its parent, its path and its thread do not say the same: look in a backup which two are "
    "right, and correct the third by hand"
)


class StoredPosition(NamedTuple):
    """Where a comment stands, beside where its parent and the root of its thread do."""

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
    """Yield the comments whose place contradicts their parent's or their thread's.

    Replies that are about to follow a branch to its new place are still at the old.
    A path that is longer than the parent's cannot lead round in a circle, so this finds cycles.
    """
    moving = tuple(BranchMove.objects.values_list("old_path", flat=True)[:WINDOW])
    for row in window.read(Comment.objects.all(), *FIELDS):
        place = StoredPosition._make(row)
        if moving and place.path.startswith(moving):
            continue
        for says in (*_against_parent(place), *_against_thread(place)):
            yield Fault(f"comment {place.pk}: {says}", advice=TREE)
        if place.thread_published_at != place.root_published_at:
            yield Fault(
                f"comment {place.pk}: its thread was published at {place.root_published_at}, "
                f"it says {place.thread_published_at}",
                repairs.DATES,
                place.pk,
            )


def _against_parent(place: StoredPosition) -> Iterator[str]:
    if place.path != paths.child(place.parent_path or "", place.pk):
        yield f"its path {place.path} is not that of its parent followed by its own id"
    if place.depth != paths.depth(place.path):
        yield f"its depth is {place.depth}, its path says {paths.depth(place.path)}"
    if place.parent is not None and place.parent_post != place.post:
        yield f"it is under post {place.post}, its parent under post {place.parent_post}"


def _against_thread(place: StoredPosition) -> Iterator[str]:
    expected = place.pk if place.parent is None else place.parent_thread
    if place.thread != expected:
        yield f"it is in thread {place.thread}, its parent in thread {expected}"
    if place.root_post != place.post:
        yield f"it is under post {place.post}, its thread under post {place.root_post}"


def unfinished_moves(window: Window) -> Iterator[Fault]:
    """Yield the branches whose replies should have followed them long ago: their job is lost."""
    long_ago = timezone.now() - timedelta(seconds=limits.JOB_LONGEST)
    lost = BranchMove.objects.filter(started_at__lt=long_ago)
    for pk, top in window.read(lost, "pk", "top"):
        says = f"comment {top}: not all of its replies have followed it"
        yield Fault(says, repairs.MOVES, pk)
