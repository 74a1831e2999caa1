"""Renew the lease of a job while it runs, so that its worker does not count as dead."""

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
def renewed(job: Job[..., Any]) -> Iterator[None]:
    """Renew the lease of `job` in a thread until the block ends, for `JOB_LONGEST` at most."""
    done = Event()
    renewing = Thread(target=_renew_until, args=(job, done), name="lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()


def _renew_until(job: Job[..., Any], done: Event) -> None:
    """Renew the lease every `JOB_BEAT` seconds until `done`; ignore database errors meanwhile."""
    deadline = monotonic() + limits.JOB_LONGEST
    try:
        while not done.wait(limits.JOB_BEAT) and monotonic() < deadline:
            with suppress(DatabaseError, InterfaceError):
                queue.renew(job)
    finally:
        connection.close()
