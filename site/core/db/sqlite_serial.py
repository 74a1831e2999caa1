"""Answer one request at a time in each process on SQLite.

Python's SQLite driver releases the interpreter lock at every row. Four threads that render pages at
once hand it over hundreds of times a page: that takes half as long again as one after the other,
and twice the processor time. On PostgreSQL threads wait for the network, so others should run.

A thread that waits for another process releases the lock meanwhile (`released`). After
`LOCK_TIMEOUT` a request goes on without the lock: its holder may wait for a slow disk.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# Seconds; the time of some twenty pages.
LOCK_TIMEOUT = 0.1
_request_lock = threading.Lock()
_thread = threading.local()


def serialise_requests(get_response: GetResponse) -> GetResponse:
    """Answer the requests of a process one after the other.

    Raises MiddlewareNotUsed on PostgreSQL.
    """
    if settings.ON_POSTGRESQL:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(_thread, "holds_lock", False):  # a request inside a request, as tests send them
            return get_response(request)
        _acquire()
        try:
            return get_response(request)
        finally:
            _release()

    return middleware


@contextmanager
def released() -> Iterator[None]:
    """Release this thread's lock, if it holds it, until the block ends."""
    was_holding = _release()
    try:
        yield
    finally:
        if was_holding:
            _acquire()


def is_taken() -> bool:
    """Return whether a request of this process has its turn."""
    return _request_lock.locked()


def _acquire() -> None:
    _thread.holds_lock = _request_lock.acquire(timeout=LOCK_TIMEOUT)


def _release() -> bool:
    """Release the lock and return whether this thread held it."""
    was_holding: bool = getattr(_thread, "holds_lock", False)
    if was_holding:
        _thread.holds_lock = False
        _request_lock.release()
    return was_holding
