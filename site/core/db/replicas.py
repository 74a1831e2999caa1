"""Reading from a replica where nobody can tell: not of old, and not by whoever has just written.

Everything goes to the primary unless the middleware has allowed a request to read elsewhere: a
safe request, of somebody who has not written lately, while the replica is known to be fresh.
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
# Everyone sees a write within a second; making the page and sending it need the other half.
LAG_MAX = 0.5
# How often each process compares positions, and how soon it asks again after a fault.
CHECK_EVERY, RETRY_AFTER = 0.2, 1.0
# Far longer than any lag we read with, and than clocks of two machines differ.
PRIMARY_AFTER_WRITE = 5.0
WROTE = "wrote"
_PRIMARY_POSITION = "SELECT pg_current_wal_flush_lsn() - '0/0'"
_REPLICA_POSITION = "SELECT pg_last_wal_replay_lsn() - '0/0'"

_allowed: ContextVar[bool] = ContextVar("may_read_from_replica", default=False)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Allow reads from the replica until the block ends, or something is written in it."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


class Router:
    """Sends reads of `REPLICA_APPS` to the replica where that is allowed, and all else not."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Return where to read: never away from a transaction, which sees its own writes."""
        if not _allowed.get() or model._meta.app_label not in settings.REPLICA_APPS:
            return DEFAULT_DB_ALIAS
        in_transaction = connections[DEFAULT_DB_ALIAS].in_atomic_block
        return DEFAULT_DB_ALIAS if in_transaction else REPLICA

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        """Return the primary; the rest of the request reads there, too."""
        _allowed.set(False)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """Rows of both may be joined: they are the same rows."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """Tables are made on the primary and come over by themselves."""
        return db == DEFAULT_DB_ALIAS


class Watch:
    """What one process knows of how old the replica is."""

    def __init__(self) -> None:
        self._positions: deque[tuple[float, int]] = deque(maxlen=64)
        self._fresh_at = self._next_check = float("-inf")  # seconds of time.monotonic()
        self._lock = threading.Lock()

    def is_fresh(self) -> bool:
        """Tell whether the replica has all that was committed `LAG_MAX` seconds ago."""
        if time.monotonic() >= self._next_check and self._lock.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._lock.release()
        return time.monotonic() - self._fresh_at < LAG_MAX

    def distrust(self) -> None:
        """Take it for out of date until positions have been compared again, in a while."""
        self._fresh_at = float("-inf")
        self._next_check = time.monotonic() + RETRY_AFTER

    def _check(self) -> None:
        """Compare positions in the log: all up to the replica's is there."""
        self._next_check = (asked := time.monotonic()) + CHECK_EVERY
        try:
            self._positions.append((asked, _ask(DEFAULT_DB_ALIAS, _PRIMARY_POSITION)))
            reached = _ask(REPLICA, _REPLICA_POSITION)
        except Error as error:
            logger.warning("the replica cannot be compared, the primary answers: %s", error)
            connections[REPLICA].close()
            self.distrust()
            return
        while self._positions and self._positions[0][1] <= reached:
            self._fresh_at = self._positions.popleft()[0]


def _ask(alias: str, question: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        (answer,) = cursor.fetchone() or (0,)
        return int(answer or 0)


def read_from_replica(get_response: GetResponse) -> GetResponse:
    """Let requests read from the replica where nobody can tell; where there is none, do nothing.

    To stand right after the sessions: there it is kept when a person last wrote.
    """
    if REPLICA not in settings.DATABASES:
        raise MiddlewareNotUsed
    watch = Watch()
    is_kept = re.compile(settings.PUBLIC_PAGES).fullmatch

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            response = get_response(request)
            _remember_writing(request)
            return response
        # Pages that are kept in the process are made from the rows whose versions were read.
        of_kept_page = request.public and is_kept(request.path_info)  # type: ignore[attr-defined]
        if of_kept_page or _wrote_lately(request) or not watch.is_fresh():
            return get_response(request)
        with reading_from_replica():
            response = get_response(request)
        if response.status_code < SERVER_ERROR:
            return response
        # It may have gone away in between. A safe request can be made again.
        watch.distrust()
        return get_response(request)

    return middleware


def _remember_writing(request: HttpRequest) -> None:
    if not request.session.is_empty():
        request.session[WROTE] = time.time()


def _wrote_lately(request: HttpRequest) -> bool:
    """Tell whether the person behind a session may miss a write of their own on the replica."""
    if request.public:  # type: ignore[attr-defined]
        return False
    wrote = request.session.get(WROTE, 0.0)
    return bool(time.time() - wrote < PRIMARY_AFTER_WRITE)
