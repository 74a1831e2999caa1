"""A page of a discussion in any order, and how much fits on one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core import limits
from core.db.prepared import Prepared
from posts.models import Post

from ..models import MAX_DEPTH, Comment
from ..querysets import CommentQuerySet
from ..tree.nesting import Node, flatten
from .rows import CommentRow, columns, comment_rows, question_id


@dataclass(frozen=True)
class ThreadPage:
    """One page of a discussion.

    `next` is the cursor of the following page, `next_thread` one that skips the rest of a thread
    that was cut. `branch` is the first comment of the page of a branch, `ancestors` the comments
    above it. `ends_ranking` says that the discussion has more comments than a ranking holds.
    """

    nodes: list[Node]
    next: str = ""
    next_thread: str = ""
    branch: Comment | None = None
    ancestors: tuple[CommentRow, ...] = ()
    ends_ranking: bool = False

    @property
    def comments(self) -> list[CommentRow]:
        """Every comment on the page, in the order they are read."""
        return [node.comment for node in flatten(self.nodes)]


def fitting(rows: Sequence[Any], size: int) -> int:
    """Return how many of `rows` make a page: `size`, or fewer long ones, but one at least.

    The limit of bytes does not hold for a reader who asks for more comments than usual.
    """
    if size > limits.COMMENTS_PER_PAGE:
        return min(size, len(rows))
    weight = fit = 0
    for row in rows[:size]:
        weight += min(row.text_length, limits.FOLDED_FROM) + limits.CARD_BYTES
        if weight > limits.PAGE_BYTES:
            break
        fit += 1
    return max(1, fit)


def on(post: Post | int) -> CommentQuerySet:
    """Return the comments that are shown under `post`."""
    return Comment.objects.for_post(post).shown()


def in_order(ids: list[int], post: Post, reader: int) -> list[CommentRow]:
    """Return the shown comments `ids` in the same order."""
    if not ids:
        return []
    room = next(room for room in _ROOMS if room >= len(ids))
    asked = dict(zip(_names(room), [*ids, *[0] * (room - len(ids))], strict=True))
    rows = _by_ids(room).rows(post=post.pk, question=question_id(post), reader=reader, **asked)
    found = {entry.id: entry for entry in comment_rows(rows)}
    return [found[pk] for pk in ids if pk in found]


# Lengths of prepared lists of ids; a shorter list is filled up with zeros.
_ROOMS = (20, 60, limits.COMMENTS_PER_PAGE_MAX + MAX_DEPTH + 1)


@lru_cache(maxsize=len(_ROOMS))
def _by_ids(room: int) -> Prepared:
    """Return the query for the shown comments with `room` ids."""

    def rows(post: int, question: int, reader: int, **ids: int) -> Any:
        return columns(on(post).filter(pk__in=list(ids.values())), question, reader)

    return Prepared(rows, post=int, question=int, reader=int, **dict.fromkeys(_names(room), int))


def _names(room: int) -> list[str]:
    return [f"id{place}" for place in range(room)]
