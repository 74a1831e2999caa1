"""Count wrong tokens of private feeds by address of the network, in the memory of this process.

Nothing is written for a guess: reading a page never writes, and who guesses should cost nothing.
"""

import threading

from allauth.core.internal.ratelimit import get_ip
from cachetools import TTLCache
from django.http import HttpRequest

# Wrong tokens of one address, until it has been quiet for so many seconds: nobody mistypes what a
# program keeps, but many people share an address, and each may have replaced a token.
MOST = 60
WINDOW = 60 * 60
# Addresses of which the process knows; of more, those that were quiet longest are forgotten.
ADDRESSES = 10_000

_counted: TTLCache[str, int] = TTLCache(ADDRESSES, WINDOW)
_lock = threading.Lock()


def too_many(request: HttpRequest) -> bool:
    """Return whether the address of `request` has guessed too often to be answered."""
    with _lock:
        return _counted.get(get_ip(request), 0) >= MOST


def count(request: HttpRequest) -> None:
    """Count a wrong token."""
    address = get_ip(request)
    with _lock:
        _counted[address] = _counted.get(address, 0) + 1


def forget() -> None:
    """Forget all, for tests."""
    with _lock:
        _counted.clear()
