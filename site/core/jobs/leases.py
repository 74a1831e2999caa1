"""Speaking for a job while it runs, so that nobody takes its worker for dead."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django_tasks_db.models import DBTaskResult as Job

from .. import limits
from . import queue


@contextmanager
def kept(job: Job[..., Any]) -> Iterator[None]:
    """Renew the lease of `job` from a thread while the block runs, at most `JOB_LONGEST`."""
    done = Event()
    beating = Thread(target=_beat, args=(job, done), name="lease", daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()


def _beat(job: Job[..., Any], done: Event) -> None:
    """Renew until `done`; a beat that the database refuses is made up for by the next."""
    hanging = monotonic() + limits.JOB_LONGEST
    try:
        while not done.wait(limits.JOB_BEAT) and monotonic() < hanging:
            with suppress(DatabaseError, InterfaceError):
                queue.renew(job)
    finally:
        connection.close()
