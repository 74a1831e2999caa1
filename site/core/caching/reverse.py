"""Cache the addresses of pages: a page of a discussion needs the same ones several times."""

from functools import lru_cache

from django.urls import reverse

# Addresses, some 200 bytes each: of the posts, series and people that are read at one time.
ADDRESSES_MAX = 2_000


@lru_cache(maxsize=ADDRESSES_MAX)
def cached_reverse(name: str, *arguments: str | int) -> str:
    """Return the path of the URL `name` with positional `arguments`; raises NoReverseMatch."""
    return reverse(name, args=arguments)
