"""The sorts of a discussion: one table for pages, cursors, the menu and the tests of indexes.

`docs/architecture.md` says how to add one. `tests/comments/listing/test_sorts.py` fails for a
member without a whole entry, and `test_query_plans.py` for an entry that reads by no index.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from posts.models import Post
from publication import current, orders

from . import chronological, rank_queries, ranked
from .cursors import Cursor, FlatCursor, RankCursor, TreeCursor
from .page import ThreadPage


class Sort(StrEnum):
    """The sorts a reader can choose, as addresses name them."""

    BALANCED = "balanced"
    COMMON = "common"
    NEWEST = "newest"
    OLDEST = "oldest"
    REPLIES = "replies"
    DIVISIVE = "divisive"


@dataclass(frozen=True)
class Order:
    """An order of threads, or of the comments with one stance.

    `read` returns a page; it takes a post, the cursor as text, the size and the reader's id, and
    the id of a stance as a keyword where it reads the comments with one. `cursor` is the class of
    its cursors, `index` the database index that holds the figure it sorts by.
    """

    read: Callable[..., ThreadPage]
    cursor: type[Cursor]
    index: str


@dataclass(frozen=True)
class SortEntry:
    """What a sort is: its label, and how it orders threads and the comments with one stance.

    A sort with `needs_ranking` is in the menu once the discussion has been ranked, one with
    `needs_sides` once the readers of two live answers know one comment. Admins may leave out a
    sort unless it `is_always_offered`: addresses that name none show it, or permalinks do.
    """

    label: Any
    threads: Order
    with_stance: Order
    needs_ranking: bool = False
    needs_sides: bool = False
    is_always_offered: bool = False


# With one stance there are no sides to balance: both sorts by ranking are the same then.
_COMMON_GROUND_WITH_STANCE = Order(
    partial(ranked.with_stance, rank_queries.common_ground_with_stance),
    RankCursor,
    "appraisal_lift",
)

# In the order of the menu.
SORTS: Mapping[Sort, SortEntry] = {
    Sort.BALANCED: SortEntry(
        label=_("Best of each side"),
        threads=Order(ranked.balanced, RankCursor, "comment_branch"),
        with_stance=_COMMON_GROUND_WITH_STANCE,
        needs_ranking=True,
        is_always_offered=True,
    ),
    Sort.COMMON: SortEntry(
        label=_("Common ground"),
        threads=Order(
            partial(ranked.threads, rank_queries.common_ground), RankCursor, "appraisal_lift"
        ),
        with_stance=_COMMON_GROUND_WITH_STANCE,
        needs_ranking=True,
        needs_sides=True,
    ),
    Sort.NEWEST: SortEntry(
        label=_("Newest"),
        threads=Order(chronological.newest, TreeCursor, "comment_threads_newest"),
        with_stance=Order(chronological.newest_with_stance, FlatCursor, "comment_by_stance"),
    ),
    Sort.OLDEST: SortEntry(
        label=_("Oldest"),
        threads=Order(chronological.oldest, TreeCursor, "comment_threads_oldest"),
        with_stance=Order(chronological.oldest_with_stance, FlatCursor, "comment_by_stance"),
        is_always_offered=True,
    ),
    Sort.REPLIES: SortEntry(
        label=_("Most replied"),
        threads=Order(
            partial(ranked.threads, rank_queries.most_replied),
            RankCursor,
            "comment_threads_replied",
        ),
        with_stance=Order(
            partial(ranked.with_stance, rank_queries.most_replied_with_stance),
            RankCursor,
            "comment_stance_replied",
        ),
    ),
    Sort.DIVISIVE: SortEntry(
        label=_("Most divisive"),
        threads=Order(
            partial(ranked.threads, rank_queries.most_divisive), RankCursor, "appraisal_spread"
        ),
        with_stance=Order(
            partial(ranked.with_stance, rank_queries.most_divisive_with_stance),
            RankCursor,
            "appraisal_spread",
        ),
        needs_ranking=True,
        needs_sides=True,
    ),
}


def threads_page(post: Post, sort: Sort, after: str, size: int, reader: int = 0) -> ThreadPage:
    """Return threads with their replies in tree order; raises BadCursor for a bad `after`."""
    return SORTS[sort].threads.read(post, after, size, reader)


def stance_page(
    post: Post, stance: Any, sort: Sort, after: str, size: int, reader: int = 0
) -> ThreadPage:
    """Return the readable comments with `stance`, flat; raises BadCursor for a bad `after`."""
    return SORTS[sort].with_stance.read(post, after, size, reader, stance=stance.pk)


def default_sort(*, is_ranked: bool) -> Sort:
    """Return the sort of an address that names none: of each side the best, once it is ranked."""
    return Sort.BALANCED if is_ranked else Sort.OLDEST


def sort_of(after: str, *, is_ranked: bool) -> Sort:
    """Return the sort of an address that names none and whose cursor is `after`.

    The default may have changed since the page with that cursor was made; its kind tells which of
    the two it was.
    """
    for sort in (Sort.OLDEST, Sort.BALANCED):
        entry = SORTS[sort]
        if after.startswith((entry.threads.cursor.PREFIX, entry.with_stance.cursor.PREFIX)):
            return sort
    return default_sort(is_ranked=is_ranked)


def in_time(sort: Sort) -> Sort:
    """Return `sort` if it needs no ranking, else the order of time."""
    return Sort.OLDEST if SORTS[sort].needs_ranking else sort


def left_out() -> frozenset[str]:
    """Return the sorts that this site does not offer."""
    return frozenset(current.current().orders_left_out)


def offered(
    *, is_ranked: bool, has_sides: bool = True, without: frozenset[str] = frozenset()
) -> dict[Sort, SortEntry]:
    """Return the sorts of the menu, in its order, but for those in `without`."""
    return {
        sort: entry
        for sort, entry in SORTS.items()
        if (is_ranked or not entry.needs_ranking)
        and ((is_ranked and has_sides) or not entry.needs_sides)
        and sort not in without
    }


def register_optional() -> None:
    """Let admins leave out every sort that is not always offered."""
    for sort, entry in SORTS.items():
        if not entry.is_always_offered:
            orders.register(sort.value, entry.label)
