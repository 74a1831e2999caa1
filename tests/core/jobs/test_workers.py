"""Test real workers: processes that die, threads that race, leases that are renewed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import TransactionTestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from core import limits
from core.jobs import leases, queue
from core.jobs.worker import JobWorker
from tests.at_once import at_once
from tests.made_once import real_environment
from tests.services import ROOT, START_LIMIT

from . import samples

WORKERS = 4
JOBS = 40


def database_url() -> str:
    """Return the address of the database that this test uses, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    host = f"{given['HOST']}:{given['PORT']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{host}/{given['NAME']}"


def wait_for(what: Callable[[], object]) -> None:
    """Return once `what()` is true; fail when it takes too long."""
    deadline = time.monotonic() + START_LIMIT
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class WorkerTests(TransactionTestCase):
    """Several workers at once, on real transactions."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def setUp(self) -> None:
        samples.DONE.clear()

    def start(self) -> subprocess.Popen[bytes]:
        """Start a worker in a process of its own."""
        environment = real_environment(self.folder, "http://localhost")
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT, env=environment | {"DATABASE_URL": database_url()},
        )  # fmt: skip
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        return worker

    def test_a_job_of_a_killed_worker_is_done_once_more(self) -> None:
        lines = self.folder / "lines"
        lines.touch()
        samples.hang_once.enqueue(str(lines))
        worker = self.start()
        wait_for(lambda: lines.read_text())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        survivor = JobWorker()
        assert not survivor.turn()  # the dead one's lease still holds
        late = timezone.now() + timedelta(seconds=limits.JOB_LEASE + 1)
        assert sum(at_once(*[lambda: queue.reap(late)] * WORKERS)) == 1
        Job.objects.update(run_after=timezone.now())  # a minute later
        assert [survivor.turn(), survivor.turn()] == [True, False]
        assert lines.read_text() == "attempt 1\nattempt 2\n"
        assert Job.objects.get().status == "SUCCESSFUL"

    def test_a_worker_that_is_asked_to_end_finishes_what_it_has_begun(self) -> None:
        samples.note.enqueue("word")
        worker = self.start()
        wait_for(lambda: Job.objects.filter(status="SUCCESSFUL").exists())
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(START_LIMIT) == 0

    def test_no_job_is_done_twice_by_workers_at_the_same_moment(self) -> None:
        words = {str(number) for number in range(JOBS)}
        for word in words:
            samples.note.enqueue(word)

        def work() -> int:
            worker, done = JobWorker(), 0
            while worker.turn():
                done += 1
            return done

        assert sum(at_once(*[work] * WORKERS)) == JOBS
        assert len(samples.DONE) == JOBS
        assert set(samples.DONE) == words

    def test_a_long_job_keeps_its_lease(self) -> None:
        samples.note.enqueue("word")
        claimed = queue.claim("slow", timezone.now() - timedelta(hours=1))
        assert claimed
        renewed = Event()
        renew = queue.renew

        def renew_and_tell(job: Any) -> bool:
            try:
                return renew(job)
            finally:
                renewed.set()

        with (
            mock.patch.object(limits, "JOB_BEAT", 0.01),
            mock.patch.object(queue, "renew", renew_and_tell),
            leases.renewed(claimed),
        ):
            assert renewed.wait(START_LIMIT)
        assert queue.reap() == 0

    def test_a_job_that_hangs_loses_its_lease(self) -> None:
        with (
            mock.patch.object(limits, "JOB_LONGEST", 0),
            mock.patch.object(limits, "JOB_BEAT", 0),
            mock.patch.object(queue, "renew") as renew,
            leases.renewed(Job()),
        ):
            pass
        assert not renew.called

    def test_a_database_that_is_away_for_a_moment_is_asked_again(self) -> None:
        samples.note.enqueue("word")
        worker = JobWorker()
        with mock.patch.object(queue, "claim", side_effect=OperationalError("away")):
            assert not worker.turn()
        finish = queue.finish
        outcomes = [OperationalError("away"), None]

        def away_once(job: Any) -> bool:
            outcome = outcomes.pop(0)
            if outcome:
                raise outcome
            return finish(job)

        with (
            mock.patch.object(queue, "finish", away_once),
            mock.patch("core.jobs.worker.RECORD_WAITS", (0.0,)),
        ):
            assert worker.turn()
        assert samples.DONE == ["word"]
        assert Job.objects.get().status == "SUCCESSFUL"


def test_the_second_ctrl_c_does_not_wait() -> None:
    """The first handler gives way to the system's own, which ends the process."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    worker = JobWorker()
    try:
        worker.stop_on_signals()
        os.kill(os.getpid(), signal.SIGINT)
        worker.run()  # ends at once, since it was stopped
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
