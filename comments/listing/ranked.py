"""Pages of the orders that go by rank: balanced, common ground, replies, division.

A cursor names a generation and a place in it, so that the order stays the same while one reads on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models.expressions import RawSQL

from core import limits
from core.db.prepared import Prepared
from posts.models import Post

from ..models import Appraisal, Comment, Ranking
from ..querysets import CommentQuerySet
from ..ranking import order_cache
from ..ranking.first_screen import FirstScreenPlace
from ..ranking.stored_columns import FrontPage, ThreadIds
from ..tree.nesting import Node, flatten, nest
from . import traversal
from .cursors import RankCursor
from .page import Sort, ThreadPage, fitting, in_order, on
from .rows import CommentRow, columns, comment_rows, question_id

SORTS = frozenset({Sort.BALANCED, Sort.COMMON, Sort.REPLIES, Sort.DIVISIVE})
# One long thread shall not keep the others off the first page.
REPLIES_SHOWN = 10
# No page has been moved so often: nothing has arrived since.
_NEVER = 2**62


@dataclass(frozen=True)
class RankedSlice:
    """A stretch of a generation: the threads of a page, and what follows.

    Threads that arrived after the page's version `since` come behind the last ones.
    """

    generation: int
    start: int
    ids: list[int]
    has_more: bool
    places: dict[int, FirstScreenPlace]
    since: int = _NEVER
    is_cut: bool = False


def threads(post: Post, sort: Sort, after: str, size: int, reader: int) -> ThreadPage:
    """Return threads by rank, each with its first replies; raises BadCursor for a bad `after`."""
    number = min(size, limits.THREADS_PER_PAGE)
    if sort == Sort.BALANCED:
        found = _balanced(post, after, number)
    else:
        found = _computed(f"{sort}:{post.pk}", after, number, lambda: _by_figure(post, sort))
    rows = _with_replies(post, found, size, reader)
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


def flat(post: Post, sort: Sort, stance: int, after: str, size: int, reader: int) -> ThreadPage:
    """Return the standing comments with a stance by rank; raises BadCursor for a bad `after`."""

    def compute() -> list[int]:
        return _stance_by_figure(post, sort, stance)

    found = _computed(f"{sort}:{post.pk}:{stance}", after, size, compute)
    rows = in_order(found.ids, post, reader)
    nodes = [Node(e, indent=0) for e in rows if e.is_readable and e.stance_id == stance]
    following = RankCursor(found.generation, found.start + size) if found.has_more else ""
    return ThreadPage(nodes, next=str(following), ends_ranking=not following and found.is_cut)


def is_in_front(post: Post, comment: Comment) -> bool:
    """Return whether the first page that readers come to shows `comment`."""
    page = threads(post, Sort.BALANCED, "", limits.COMMENTS_PER_PAGE, 0)
    return any(node.comment.id == comment.pk for node in flatten(page.nodes))


def _balanced(post: Post, after: str, number: int) -> RankedSlice:
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
        is_cut=len(ids) == order_cache.LONGEST,
    )


def _computed(name: str, after: str, size: int, compute: Callable[[], list[int]]) -> RankedSlice:
    """Return the stretch behind `after` of a generation that is computed as it is read."""
    cursor = RankCursor.parse(after) if after else None
    made = order_cache.generation(name, cursor.generation if cursor else None, compute)
    start = cursor.position if cursor else 0
    end = start + size
    more, is_cut = end < len(made.ids), len(made.ids) == order_cache.LONGEST
    return RankedSlice(made.number, start, made.ids[start:end], more, {}, is_cut=is_cut)


def _with_replies(post: Post, found: RankedSlice, size: int, reader: int) -> list[CommentRow]:
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
    later = sorted(set(by_thread) - set(found.ids))
    return [row for pk in [*found.ids, *later] for row in by_thread.get(pk, ())]


@lru_cache(maxsize=10)
def _threads(room: int, size: int) -> Prepared:
    """Return the query for so many threads with their first replies."""

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


def _by_figure(post: Post, sort: Sort) -> list[int]:
    if sort == Sort.COMMON:
        rows = _highest_lift(order_cache.LONGEST).rows(post=post.pk)
        standing = Comment.objects.for_post(post).readable()
        return _with_new(post, rows, standing.filter(parent__isnull=True))
    query = _most_replied if sort == Sort.REPLIES else _most_divisive
    return [pk for (pk,) in query(order_cache.LONGEST).rows(post=post.pk)]


@cache
def _most_replied(longest: int) -> Prepared:
    """Return the query for so many threads of a post, the most replied first."""

    def roots(post: Any) -> Any:
        found = on(post).filter(parent__isnull=True).order_by("-thread_size", "id")
        return found.values_list("pk")[:longest]

    return Prepared(roots, post=int)


@cache
def _most_divisive(longest: int) -> Prepared:
    """Return the query for so many threads of a post, the answers furthest apart first."""

    def roots(post: Any) -> Any:
        found = Appraisal.objects.filter(post=post, spread__isnull=False)
        found = found.filter(comment__parent__isnull=True, comment__is_shown=True)
        return found.order_by("-spread", "comment").values_list("comment_id")[:longest]

    return Prepared(roots, post=int)


def _stance_by_figure(post: Post, sort: Sort, stance: int) -> list[int]:
    if sort in {Sort.BALANCED, Sort.COMMON}:
        rows = _highest_lift_with(order_cache.LONGEST).rows(post=post.pk, stance=stance)
        standing = Comment.objects.for_post(post).readable().filter(stance=stance)
        return _with_new(post, rows, standing)
    query = _most_replied_with if sort == Sort.REPLIES else _most_divisive_with
    rows = query(order_cache.LONGEST).rows(post=post.pk, stance=stance)
    return [pk for (pk,) in rows]


@cache
def _most_replied_with(longest: int) -> Prepared:
    """Return the query for so many comments of a post with a stance, the most replied first."""

    def standing(post: int, stance: int) -> Any:
        rows = Comment.objects.for_post(post).readable().filter(stance=stance)
        return rows.order_by("-reply_count", "id").values_list("pk")[:longest]

    return Prepared(standing, post=int, stance=int)


def _appraised(post: int, stance: int) -> Any:
    found = Appraisal.objects.filter(post=post, comment__stance=stance)
    return found.filter(comment__state="published", comment__deleted_at__isnull=True)


@cache
def _most_divisive_with(longest: int) -> Prepared:
    """Return the query for so many comments with a stance, the most divisive first."""

    def standing(post: int, stance: int) -> Any:
        found = _appraised(post, stance).filter(spread__isnull=False)
        return found.order_by("-spread", "comment").values_list("comment_id")[:longest]

    return Prepared(standing, post=int, stance=int)


@cache
def _highest_lift_with(longest: int) -> Prepared:
    """Return the query for so many comments with a stance and their lifts, the highest first."""

    def standing(post: int, stance: int) -> Any:
        found = _appraised(post, stance).order_by("-lift", "comment")
        return found.values_list("comment_id", "lift")[:longest]

    return Prepared(standing, post=int, stance=int)


@cache
def _highest_lift(longest: int) -> Prepared:
    """Return the query for so many threads of a post and their lifts, the highest first."""

    def roots(post: int) -> Any:
        found = Appraisal.objects.filter(post=post)
        found = found.filter(comment__parent__isnull=True, comment__is_shown=True)
        return found.order_by("-lift", "comment").values_list("comment_id", "lift")[:longest]

    return Prepared(roots, post=int)


def _with_new(post: Post, ranked: list[Any], comments: CommentQuerySet) -> list[int]:
    """Return ids by lift; those of `comments` that came since stand where the unread do."""
    front = FrontPage.parse(post.front)
    arrived = comments.filter(arrival__gt=front.version if front else 0).order_by("arrival", "id")
    known = {pk for pk, _lift in ranked}
    fresh = list(arrived.values_list("pk", flat=True)[: order_cache.LONGEST])
    above = [pk for pk, lift in ranked if lift >= 1]
    below = [pk for pk, lift in ranked if lift < 1]
    return [*above, *(pk for pk in fresh if pk not in known), *below][: order_cache.LONGEST]
