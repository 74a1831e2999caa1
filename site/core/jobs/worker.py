"""The worker: takes jobs that are due, one after the other, and makes the rounds."""

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

from . import leases, queue, retries, rounds

POLL = 0.5  # seconds between two looks into an empty queue: one indexed question each
# Seconds between attempts to note what became of a job, while the database is away.
INSIST = (0.5, 1.0, 2.0, 4.0, 8.0)

T = TypeVar("T")
logger = logging.getLogger(__name__)


class JobWorker:
    """Does jobs until it is told to stop; the one in hand is always done first."""

    def __init__(self) -> None:
        host = socket.gethostname()[:40]
        self.name = f"{host}-{os.getpid()}-{get_random_string(8)}"
        self._stopping = Event()
        self._next_round = 0.0

    def stop_on_signals(self) -> None:
        """Stop on Ctrl-C or when asked to end; a second signal ends the process at once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        logger.info("JobWorker %s is ready", self.name)
        while not self._stopping.is_set():
            if not self.turn():
                self._stopping.wait(POLL)

    def turn(self) -> bool:
        """Make the rounds if it is time, do one job if one is due; return whether one was.

        While the database is away nothing is due; the next turn asks again.
        """
        try:
            if time.monotonic() >= self._next_round:
                self._next_round = time.monotonic() + rounds.ROUND
                rounds.make()
            job = queue.claim(self.name)
            if job is not None:
                self._do(job)
        except (OperationalError, InterfaceError) as away:
            logger.warning("The database cannot be asked: %s", type(away).__name__)
            connection.close()
            return False
        return job is not None

    def _do(self, job: Job[..., Any]) -> None:
        start = time.monotonic()
        try:
            with leases.kept(job):
                _call(job)
        except Exception as error:
            self._failed(job, error)
        else:
            is_ours = _insist(lambda: queue.finish(job))
            took = time.monotonic() - start
            said = "Job %s %s done in %.2f s" if is_ours else "Job %s %s done late, in %.2f s"
            logger.info(said, job.task_path, job.pk, took)

    def _failed(self, job: Job[..., Any], error: Exception) -> None:
        again = _insist(lambda: queue.give_back(job, error))
        logger.log(
            logging.WARNING if again else logging.ERROR,
            "Job %s %s failed with %s, attempt %d; %s",
            job.task_path,
            job.pk,
            retries.name_of(error),
            len(job.worker_ids),
            f"tried again at {again:%H:%M:%S}" if again else "not tried again",
        )


def _call(job: Job[..., Any]) -> None:
    """Call the function of `job` with its arguments."""
    task = job.task
    arguments, named = job.args_kwargs["args"], job.args_kwargs["kwargs"]
    if task.takes_context:
        result: Any = job.task_result  # the two packages name its type differently
        arguments = [TaskContext(task_result=result), *arguments]
    task.call(*arguments, **named)


def _insist(settle: Callable[[], T]) -> T:
    """Return what `settle` gives, trying for a while: a job that is done must not seem undone."""
    for pause in INSIST:
        try:
            return settle()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
    return settle()
