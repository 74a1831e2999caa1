"""Cached orders of comments that change often: generations that a cursor can name.

A generation is the list of the first `LONGEST` ids in order, read by an index of a stored figure,
so that it takes the same time in a discussion of any size. If a generation is no longer in the
cache, the newest takes its place.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

# Seconds: readers see a write within a second, in every order.
FRESH_SECONDS = 1
# Ids of a generation: twenty-five pages of threads, further than anybody reads.
LONGEST = 500
# Seconds: long enough to read one page before the next.
KEPT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Generation:
    """One computed order: its number and the ids in it."""

    number: int
    ids: list[int]


def generation(name: str, wanted: int | None, compute: Callable[[], list[int]]) -> Generation:
    """Return the generation `wanted` of the ranking `name`, else the newest, computed if old."""
    if wanted is not None:
        ids = cache.get(f"ranking:{name}:{wanted}")
        if ids is not None:
            return Generation(wanted, ids)
    newest = cache.get(f"ranking:{name}")
    if isinstance(newest, Generation):
        return newest
    made = Generation(int(timezone.now().timestamp() * 1_000_000), compute())
    cache.set(f"ranking:{name}:{made.number}", made.ids, KEPT_SECONDS)
    cache.set(f"ranking:{name}", made, FRESH_SECONDS)
    return made
