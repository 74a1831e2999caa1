"""Orders that change while people read: computed as generations that a cursor can name.

A generation is the list of the first ids in order. It lives in the cache; one that is gone is
answered by the newest. It is read off an index of a stored figure and holds no more than `LONGEST`,
so that it takes the same time in a discussion of any size.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

# Everyone sees a write within a second, in every order.
FRESH_SECONDS = 1
# Twenty-five pages of threads; nobody looks for the best in the last of a hundred thousand.
LONGEST = 500
# Long enough to read one page and ask for the next.
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
