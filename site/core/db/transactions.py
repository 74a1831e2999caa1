"""Writes as one transaction, done again where the database asks for it."""

import fcntl
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from . import sqlite_serial

P = ParamSpec("P")
R = TypeVar("R")

# How often a write is done at the most, and the seconds before it is done the second time. Each
# further wait is twice as long, and every one is cut by chance, so that two that met do not meet
# again: 0.05, 0.1, 0.2 and 0.4 s, at the most 0.75 s in all.
ATTEMPTS = 5
FIRST_WAIT = 0.05
# As long as the site's SQLite waits for another process.
TURN = 20
# Seconds between two looks whether another process has written: a tenth of a short write.
LOOK_AGAIN = 0.0005

# PostgreSQL, appendix A: serialization_failure and deadlock_detected.
_POSTGRES = {"40001", "40P01"}
# SQLite, "Result and Error Codes": SQLITE_BUSY_SNAPSHOT, another wrote since this one read. Plain
# SQLITE_BUSY has waited for its `timeout` already.
_SQLITE = {517}


def retried(write: Callable[P, R]) -> Callable[P, R]:
    """Let `write` be one transaction that is done again if the database rolled it back for others.

    Within a transaction it is a part of that one, which the outermost `retried` does again. So
    `write` must read afresh whatever it decides by, and change nothing outside the database.
    Raises OperationalError once it has been asked ATTEMPTS times.
    """

    @wraps(write)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return write(*args, **kwargs)
        for attempt in range(ATTEMPTS - 1):
            try:
                with turn(), transaction.atomic():
                    return write(*args, **kwargs)
            except OperationalError as error:
                if not asks_for_another(error):
                    raise
            time.sleep(FIRST_WAIT * 2**attempt * random.uniform(0.5, 1))  # noqa: S311
        with turn(), transaction.atomic():
            return write(*args, **kwargs)

    return wrapped


@contextmanager
def turn() -> Iterator[None]:
    """Let those who write on SQLite, which has one writer, wait for each other; else do nothing.

    Threads and processes alike. SQLite itself lets a writer who waits ask again after ever longer
    pauses, up to a tenth of a second, so that those who came later get in first. Who has no turn
    within TURN seconds leaves it to SQLite to say so.
    """
    is_ours = connection.in_atomic_block or getattr(_thread, "has_turn", False)
    if connection.vendor != "sqlite" or is_ours:
        yield
        return
    with ExitStack() as held:
        with sqlite_serial.left():
            _take_turn(held, time.monotonic() + TURN)
        _thread.has_turn = True
        held.callback(setattr, _thread, "has_turn", False)
        yield


def _take_turn(held: ExitStack, deadline: float) -> None:
    """Wait for the turn of this thread, then of this process; `held` ends both."""
    if _writing.acquire(timeout=TURN):
        held.callback(_writing.release)
        with suppress(OSError):  # a disk that takes no file; SQLite says what is wrong with it
            _lock(held.enter_context(_turn_file()), deadline)


_writing = threading.Lock()
_thread = threading.local()


def _turn_file() -> IO[bytes]:
    """Return the file whose lock is the turn of a process; closing it ends the turn."""
    name = str(connection.settings_dict["NAME"])
    return Path(f"{name.removeprefix('file:').partition('?')[0]}-turn").open("ab")


def _lock(file: IO[bytes], deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_AGAIN)
        else:
            return


def asks_for_another(error: OperationalError) -> bool:
    """Return whether the database rolled a transaction back that would succeed the next time."""
    return is_one_of(error, _POSTGRES, _SQLITE)


def is_one_of(error: BaseException, postgres: Collection[str], sqlite: Collection[int]) -> bool:
    """Return whether the database gave `error` one of these codes: SQLSTATEs, SQLite's numbers."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlstate", None) in postgres
        or getattr(cause, "sqlite_errorcode", None) in sqlite
    )
