"""Addresses of pages, remembered: a page of a discussion asks for the same ones several times."""

from functools import lru_cache

from django.urls import reverse

# Of as many posts, series and people as are read at a time; some 200 bytes each.
REMEMBERED = 2_000


@lru_cache(maxsize=REMEMBERED)
def cached_reverse(name: str, *arguments: str | int) -> str:
    """Return the address of the page `name` with these `arguments`; raises NoReverseMatch."""
    return reverse(name, args=arguments)
