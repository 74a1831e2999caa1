"""One request has the floor of a process at a time, on SQLite.

Python's driver lets go of the interpreter's lock at every row that SQLite finds. Four threads that
draw pages at once hand it to each other hundreds of times a page, which takes them half as long
again as one after the other, and the processor twice as much. On PostgreSQL a
thread waits for the network meanwhile, and others had better go on.

Whoever waits for another process gives the floor away meanwhile (`left`). Nobody waits for it
longer than PATIENCE: whoever has it may wait for something else, such as a slow disk.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# Seconds; some twenty pages.
PATIENCE = 0.1
_floor = threading.Lock()
_thread = threading.local()


def one_at_a_time(get_response: GetResponse) -> GetResponse:
    """Let the requests of a process go one after the other where its database is SQLite."""
    if settings.ON_POSTGRESQL:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        _take()
        try:
            return get_response(request)
        finally:
            _give_back()

    return middleware


@contextmanager
def left() -> Iterator[None]:
    """Let others have the floor, if this thread has it, until the block ends."""
    had_it = _give_back()
    try:
        yield
    finally:
        if had_it:
            _take()


def _take() -> None:
    _thread.has_floor = _floor.acquire(timeout=PATIENCE)


def _give_back() -> bool:
    """Return whether this thread had the floor."""
    had_it: bool = getattr(_thread, "has_floor", False)
    if had_it:
        _thread.has_floor = False
        _floor.release()
    return had_it
