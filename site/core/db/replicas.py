"""Send reads to a replica, unless it lags or the reader has just written.

All queries go to the primary unless the middleware allows the replica for a request: a safe
method, a session without a recent write, and a replica known to be fresh.
"""

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

REPLICA = "replica"
SAFE_METHODS = {"GET", "HEAD"}
SERVER_ERROR = 500
# Seconds. A write shows within one second; building and sending the page take the other half.
LAG_MAX = 0.5
# Seconds between two comparisons of positions in a process, and before the next after an error.
CHECK_EVERY, RETRY_AFTER = 0.2, 1.0
# Seconds a session reads from the primary after a write: far above `LAG_MAX` and above the
# difference between the clocks of two machines.
PRIMARY_AFTER_WRITE = 5.0
WROTE = "wrote"
_PRIMARY_POSITION = "SELECT pg_current_wal_flush_lsn() - '0/0'"
_REPLICA_POSITION = "SELECT pg_last_wal_replay_lsn() - '0/0'"

_allowed: ContextVar[bool] = ContextVar("may_read_from_replica", default=False)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Allow reads from the replica until the block ends or writes."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


class Router:
    """Routes reads of `REPLICA_APPS` to the replica where allowed, all else to the primary."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Return the alias to read from: inside a transaction the primary, which has its writes."""
        if not _allowed.get() or model._meta.app_label not in settings.REPLICA_APPS:
            return DEFAULT_DB_ALIAS
        in_transaction = connections[DEFAULT_DB_ALIAS].in_atomic_block
        return DEFAULT_DB_ALIAS if in_transaction else REPLICA

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        """Return the primary, and let the rest of the request read there as well."""
        _allowed.set(False)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """Allow relations between rows of both: they are the same rows."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """Migrate the primary only; replication copies the tables."""
        return db == DEFAULT_DB_ALIAS


class ReplicaLag:
    """Tracks in one process how far the replica lags behind the primary."""

    def __init__(self) -> None:
        self._positions: deque[tuple[float, int]] = deque(maxlen=64)
        self._fresh_at = self._next_check = float("-inf")  # seconds of time.monotonic()
        self._lock = threading.Lock()

    def is_fresh(self) -> bool:
        """Return whether the replica has every commit older than `LAG_MAX` seconds."""
        if time.monotonic() >= self._next_check and self._lock.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._lock.release()
        return time.monotonic() - self._fresh_at < LAG_MAX

    def mark_stale(self) -> None:
        """Treat the replica as stale; the next comparison follows after `RETRY_AFTER`."""
        self._fresh_at = float("-inf")
        self._next_check = time.monotonic() + RETRY_AFTER

    def _check(self) -> None:
        """Compare positions in the write-ahead log and note the newest one the replica reached."""
        self._next_check = (now := time.monotonic()) + CHECK_EVERY
        try:
            self._positions.append((now, _position(DEFAULT_DB_ALIAS, _PRIMARY_POSITION)))
            reached = _position(REPLICA, _REPLICA_POSITION)
        except Error as error:
            logger.warning("Replica unavailable, reading from the primary: %s", error)
            connections[REPLICA].close()
            self.mark_stale()
            return
        while self._positions and self._positions[0][1] <= reached:
            self._fresh_at = self._positions.popleft()[0]


def _position(alias: str, query: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        (position,) = cursor.fetchone() or (0,)
        return int(position or 0)


def read_from_replica(get_response: GetResponse) -> GetResponse:
    """Let requests read from the replica where that shows no stale page.

    Place it right after the session middleware: the session stores the time of the last write.
    Raises MiddlewareNotUsed without a replica.
    """
    if REPLICA not in settings.DATABASES:
        raise MiddlewareNotUsed
    lag = ReplicaLag()
    is_cached_page = re.compile(settings.PUBLIC_PAGES).fullmatch

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            response = get_response(request)
            _store_write_time(request)
            return response
        # A cached page must be built from the rows whose versions were read, on the primary.
        is_cached = request.public and is_cached_page(request.path_info)  # type: ignore[attr-defined]
        if is_cached or _wrote_lately(request) or not lag.is_fresh():
            return get_response(request)
        with reading_from_replica():
            response = get_response(request)
        if response.status_code < SERVER_ERROR:
            return response
        # The replica may have failed meanwhile. A safe request can be answered again.
        lag.mark_stale()
        return get_response(request)

    return middleware


def _store_write_time(request: HttpRequest) -> None:
    if not request.session.is_empty():
        request.session[WROTE] = time.time()


def _wrote_lately(request: HttpRequest) -> bool:
    """Return whether the session wrote within `PRIMARY_AFTER_WRITE` seconds."""
    if request.public:  # type: ignore[attr-defined]
        return False
    wrote = request.session.get(WROTE, 0.0)
    return bool(time.time() - wrote < PRIMARY_AFTER_WRITE)
