"""Pages of discussions that are sorted by rank, with cursors that keep their order.

A cursor names a generation and a position in it: the order stays the same from page to page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models.expressions import RawSQL

from core import limits
from core.db.prepared import Prepared
from posts.models import Post

from ..models import Comment, Ranking
from ..ranking import order_cache
from ..ranking.first_screen import FirstScreenPlace
from ..ranking.stored_columns import FrontPage, ThreadIds
from ..tree.nesting import Node, flatten, nest
from . import chronological, traversal
from .cursors import RankCursor
from .page import ThreadPage, fitting, in_order, on
from .rows import CommentRow, columns, comment_rows, question_id

# Replies of each thread: one long thread leaves room on the first page for others.
REPLIES_SHOWN = 10
# A version of a page that is never reached: no thread has arrived since.
_NEVER = 2**62


@dataclass(frozen=True)
class RankedSlice:
    """Part of a generation: the threads of a page.

    Threads that arrived after the version `since` of the page follow the last ones, without those
    that are on pages `before`.
    """

    generation: int
    start: int
    ids: list[int]
    has_more: bool
    places: dict[int, FirstScreenPlace]
    since: int = _NEVER
    before: frozenset[int] = frozenset()
    is_cut: bool = False


def balanced(post: Post, after: str, size: int, reader: int) -> ThreadPage:
    """Return threads as they were ranked, the first screen first; raises BadCursor.

    In the order of time until the discussion has been ranked.
    """
    if not post.front and not after:
        return chronological.oldest(post, after, size, reader)
    found = _ranked_slice(post, after, _threads_on_page(size))
    return _with_first_replies(post, found, size, reader)


def threads(
    ids: Callable[[Post], list[int]], post: Post, after: str, size: int, reader: int
) -> ThreadPage:
    """Return threads in the order of `ids`, each with its first replies; raises BadCursor."""
    name = f"{ids.__name__}:{post.pk}"
    found = _computed_slice(name, after, _threads_on_page(size), lambda: ids(post))
    return _with_first_replies(post, found, size, reader)


def with_stance(
    ids: Callable[[Post, int], list[int]],
    post: Post,
    after: str,
    size: int,
    reader: int,
    *,
    stance: int,
) -> ThreadPage:
    """Return the readable comments with a stance in the order of `ids`, flat; raises BadCursor."""
    name = f"{ids.__name__}:{post.pk}:{stance}"
    found = _computed_slice(name, after, size, lambda: ids(post, stance))
    rows = in_order(found.ids, post, reader)
    nodes = [Node(row, indent=0) for row in rows if row.is_readable and row.stance_id == stance]
    following = RankCursor(found.generation, found.start + size) if found.has_more else ""
    return ThreadPage(nodes, next=str(following), ends_ranking=not following and found.is_cut)


def is_on_first_page(post: Post, comment: Comment) -> bool:
    """Return whether the first page that readers see, which is ranked, shows `comment`."""
    page = balanced(post, "", limits.COMMENTS_PER_PAGE, 0)
    return any(node.comment.id == comment.pk for node in flatten(page.nodes))


def _threads_on_page(size: int) -> int:
    return min(size, limits.THREADS_PER_PAGE)


def _with_first_replies(post: Post, found: RankedSlice, size: int, reader: int) -> ThreadPage:
    """Return the threads of a slice as a page, as many as fit on it."""
    rows = _thread_rows(post, found, size, reader)
    kept = rows[: fitting(rows, size)]
    nodes = nest(kept, max_indent=limits.INDENT_WIDE)
    for node in nodes:
        node.continues = _is_cut(node)
        node.place = found.places.get(node.comment.id)
    shown = {node.comment.id for node in nodes}
    end = max((place + 1 for place, pk in enumerate(found.ids) if pk in shown), default=0)
    end = len(found.ids) if len(kept) == len(rows) else end
    has_more = found.has_more or end < len(found.ids)
    following = str(RankCursor(found.generation, found.start + end)) if has_more else ""
    return ThreadPage(nodes, next=following, ends_ranking=not has_more and found.is_cut)


def _ranked_slice(post: Post, after: str, number: int) -> RankedSlice:
    front = FrontPage.parse(post.front)
    if not after and front is not None:
        more = front.has_more or len(front.threads) > number
        since = _NEVER if more else front.version
        ids = list(front.threads[:number])
        return RankedSlice(front.generation, 0, ids, more, front.places, since)
    cursor = RankCursor.parse(after)
    rankings = Ranking.objects.filter(post=post)
    made = rankings.filter(number=cursor.generation).first() or rankings.first()
    ids = list(ThreadIds.parse(made.threads if made else ""))
    end = cursor.position + number
    more = end < len(ids)
    return RankedSlice(
        made.number if made else 0,
        cursor.position,
        ids[cursor.position : end],
        more,
        {},
        _NEVER if more or made is None else made.page_version - 1,
        frozenset(ids[: cursor.position]),
        is_cut=len(ids) == order_cache.LONGEST,
    )


def _computed_slice(
    name: str, after: str, size: int, compute: Callable[[], list[int]]
) -> RankedSlice:
    """Return the slice behind `after` of a generation that is computed when it is read."""
    cursor = RankCursor.parse(after) if after else None
    made = order_cache.generation(name, cursor.generation if cursor else None, compute)
    start = cursor.position if cursor else 0
    end = start + size
    more, is_cut = end < len(made.ids), len(made.ids) == order_cache.LONGEST
    return RankedSlice(made.number, start, made.ids[start:end], more, {}, is_cut=is_cut)


def _thread_rows(post: Post, found: RankedSlice, size: int, reader: int) -> list[CommentRow]:
    """Return the threads of a slice in order, each with its first replies, in one query."""
    room = limits.THREADS_PER_PAGE
    asked = dict(zip(_names(room), [*found.ids, *[0] * (room - len(found.ids))], strict=True))
    rows = comment_rows(
        _threads(room, size).rows(
            post=post.pk,
            question=question_id(post),
            reader=reader,
            since=found.since,
            **asked,
        )
    )
    by_thread: dict[int, list[CommentRow]] = {}
    for entry in sorted(rows, key=lambda entry: entry.path):
        by_thread.setdefault(entry.thread_id, []).append(entry)
    later = sorted(set(by_thread) - found.before - set(found.ids))
    return [row for pk in [*found.ids, *later] for row in by_thread.get(pk, ())]


@lru_cache(maxsize=10)
def _threads(room: int, size: int) -> Prepared:
    """Return the query for `room` threads with their first replies."""

    def rows(post: int, question: int, reader: int, since: int, **ids: int) -> Any:
        replies = min(size, REPLIES_SHOWN)
        sql, asked = traversal.threads(list(ids.values()), post, since, replies, room)
        found = on(post).filter(pk__in=RawSQL(sql, asked)).order_by()  # noqa: S611
        return columns(found, question, reader)

    kinds = dict.fromkeys(_names(room), int)
    return Prepared(rows, post=int, question=int, reader=int, since=int, **kinds)


def _names(room: int) -> list[str]:
    return [f"id{place}" for place in range(room)]


def _is_cut(node: Node) -> bool:
    """Whether some replies of a root are not on the page."""
    return len(flatten([node])) - 1 < int(node.comment.thread_size)
