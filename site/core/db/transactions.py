"""Run a write as one transaction, again after a serialization failure or a deadlock."""

import fcntl
import os
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import IO, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from . import sqlite_serial

P = ParamSpec("P")
R = TypeVar("R")

# Attempts at one write, and the seconds before the second. Each further wait is twice as long, and
# each is shortened at random by up to half, so that two writes that collided do not collide again:
# at most 0.05, 0.1, 0.2 and 0.4 s, 0.75 s in all.
ATTEMPTS = 5
FIRST_WAIT = 0.05
# Seconds; as long as SQLite's own `timeout` in the settings.
LOCK_TIMEOUT = 20
# Seconds between two attempts to lock the file: a tenth of a short write.
LOCK_POLL = 0.0005

_conditions: ContextVar[list[Callable[[], None]] | None] = ContextVar("conditions", default=None)

# PostgreSQL, appendix A: serialization_failure and deadlock_detected.
_POSTGRES = {"40001", "40P01"}
# SQLite, "Result and Error Codes": SQLITE_BUSY_SNAPSHOT, a write by another since this one read.
# Plain SQLITE_BUSY has waited for its `timeout` already.
_SQLITE = {517}


def retried(write: Callable[P, R]) -> Callable[P, R]:
    """Run `write` in a transaction, and again if the database rolled it back in favour of another.

    Inside a transaction it is a savepoint, and the outermost `retried` repeats the whole. So
    `write` must read all it depends on, and change nothing outside the database. A condition of
    the request (`on_condition`) is checked first. Raises OperationalError after `ATTEMPTS`
    attempts.
    """

    @wraps(write)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic(), _condition_met():
                return write(*args, **kwargs)
        for attempt in range(ATTEMPTS - 1):
            try:
                with write_lock(), transaction.atomic(), _condition_met():
                    return write(*args, **kwargs)
            except OperationalError as error:
                if not is_retryable(error):
                    raise
            time.sleep(FIRST_WAIT * 2**attempt * random.uniform(0.5, 1))  # noqa: S311
        with write_lock(), transaction.atomic(), _condition_met():
            return write(*args, **kwargs)

    return wrapped


@contextmanager
def on_condition(check: Callable[[], None]) -> Iterator[None]:
    """Call `check` at the beginning of each transaction of the block, to refuse it by raising.

    So what was allowed when a request began is asked again where it writes, whatever it writes.
    """
    token = _conditions.set([check])
    try:
        yield
    finally:
        _conditions.reset(token)


def also_on_condition(check: Callable[[], None]) -> None:
    """Call `check`, too, for the rest of the block of `on_condition`; outside of one do nothing."""
    checks = _conditions.get()
    if checks is not None:
        checks.append(check)


@contextmanager
def _condition_met() -> Iterator[None]:
    """Check the conditions of the request; not again for the writes within the block."""
    checks = _conditions.get()
    if checks is None:
        yield
        return
    token = _conditions.set(None)
    try:
        for check in checks:
            check()
        yield
    finally:
        _conditions.reset(token)


@contextmanager
def write_lock() -> Iterator[None]:
    """Hold SQLite's write lock among threads and processes; on PostgreSQL do nothing.

    SQLite alone lets waiting writers try again after ever longer pauses, up to a tenth of a second,
    so that later ones overtake them. A writer without the lock after `LOCK_TIMEOUT` goes on, and
    SQLite raises the error.
    """
    is_held = connection.in_atomic_block or getattr(_thread, "holds_lock", False)
    if connection.vendor != "sqlite" or is_held:
        yield
        return
    with ExitStack() as locks:
        with sqlite_serial.released():
            _acquire(locks, time.monotonic() + LOCK_TIMEOUT)
        _thread.holds_lock = True
        locks.callback(setattr, _thread, "holds_lock", False)
        yield


def _acquire(locks: ExitStack, deadline: float) -> None:
    """Acquire the lock among threads, then among processes; closing `locks` releases both."""
    if _thread_lock.acquire(timeout=LOCK_TIMEOUT):
        locks.callback(_thread_lock.release)
        with suppress(OSError):  # the disk takes no file; SQLite reports what is wrong
            _lock(locks.enter_context(_lock_file()), deadline)


_thread_lock = threading.Lock()
_thread = threading.local()


def _lock_file() -> IO[bytes]:
    """Open the file that is locked among processes; closing it releases the lock."""
    name = str(connection.settings_dict["NAME"])
    path = f"{name.removeprefix('file:').partition('?')[0]}-turn"
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")


def _lock(file: IO[bytes], deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_POLL)
        else:
            return


def is_retryable(error: OperationalError) -> bool:
    """Return whether the transaction was rolled back in favour of another and may succeed now."""
    return has_code(error, _POSTGRES, _SQLITE)


def has_code(error: BaseException, postgres: Collection[str], sqlite: Collection[int]) -> bool:
    """Return whether `error` has one of these codes: SQLSTATEs or SQLite's result codes."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlstate", None) in postgres
        or getattr(cause, "sqlite_errorcode", None) in sqlite
    )
