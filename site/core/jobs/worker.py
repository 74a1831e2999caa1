"""The worker: runs the jobs that are due, one after the other, and the periodic tasks."""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Event
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.utils.crypto import get_random_string
from django_tasks import TaskContext
from django_tasks_db.models import DBTaskResult as Job

from . import leases, periodic, queue, retries

POLL = 0.5  # seconds between two polls of an empty queue: one indexed query each
# Seconds between attempts to record the outcome of a job while the database is unavailable.
RECORD_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)

T = TypeVar("T")
logger = logging.getLogger(__name__)


class JobWorker:
    """Runs jobs until it is told to stop; a running job is finished first."""

    def __init__(self) -> None:
        host = socket.gethostname()[:40]
        self.name = f"{host}-{os.getpid()}-{get_random_string(8)}"
        self._stopping = Event()
        self._next_periodic = 0.0

    def stop_on_signals(self) -> None:
        """Stop on SIGINT or SIGTERM; a second signal ends the process at once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        self._stopping.set()

    def run(self) -> None:
        """Run jobs until stopped."""
        logger.info("JobWorker %s is ready", self.name)
        while not self._stopping.is_set():
            if not self.turn():
                self._stopping.wait(POLL)

    def turn(self) -> bool:
        """Run the periodic tasks if due, then one job if due; return whether there was a job.

        Return False while the database is unavailable.
        """
        try:
            if time.monotonic() >= self._next_periodic:
                self._next_periodic = time.monotonic() + periodic.INTERVAL
                periodic.run_all()
            job = queue.claim(self.name)
            if job is not None:
                self._run_job(job)
        except (OperationalError, InterfaceError) as error:
            logger.warning("Database unavailable: %s", type(error).__name__)
            connection.close()
            return False
        return job is not None

    def _run_job(self, job: Job[..., Any]) -> None:
        start = time.monotonic()
        try:
            with leases.renewed(job):
                _call(job)
        except Exception as error:
            self._failed(job, error)
        else:
            is_ours = _record(lambda: queue.finish(job))
            took = time.monotonic() - start
            message = "Job %s %s done in %.2f s" if is_ours else "Job %s %s done late, in %.2f s"
            logger.info(message, job.task_path, job.pk, took)

    def _failed(self, job: Job[..., Any], error: Exception) -> None:
        retry_at = _record(lambda: queue.record_failure(job, error))
        logger.log(
            logging.WARNING if retry_at else logging.ERROR,
            "Job %s %s failed with %s, attempt %d; %s",
            job.task_path,
            job.pk,
            retries.name_of(error),
            len(job.worker_ids),
            f"retried at {retry_at:%H:%M:%S}" if retry_at else "not retried",
        )


def _call(job: Job[..., Any]) -> None:
    """Call the function of `job` with its arguments."""
    task = job.task
    arguments, named = job.args_kwargs["args"], job.args_kwargs["kwargs"]
    if task.takes_context:
        result: Any = job.task_result  # the two packages name its type differently
        arguments = [TaskContext(task_result=result), *arguments]
    task.call(*arguments, **named)


def _record(update: Callable[[], T]) -> T:
    """Call `update` and return its result, retrying so that a finished job is not run again."""
    for pause in RECORD_WAITS:
        try:
            return update()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
    return update()
