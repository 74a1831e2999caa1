"""Test the states of jobs: done, retried, given up, taken from a dead worker, pruned."""

from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from core import limits
from core.jobs import leases, periodic, queue
from core.jobs.worker import JobWorker

from . import samples


class JobCase(TestCase):
    """A queue and a worker."""

    def setUp(self) -> None:
        samples.DONE.clear()
        self.now = timezone.now()
        self.worker = JobWorker()

    def job(self) -> Any:
        return Job.objects.get()

    def skip(self, **time: float) -> None:
        """Let the only job's time come `time` sooner."""
        job = self.job()
        job.run_after -= timedelta(**time)
        job.save(update_fields=["run_after"])


class RunTests(JobCase):
    """A worker with jobs that are due."""

    def test_a_job_is_done_once_and_its_arguments_are_erased(self) -> None:
        samples.note.enqueue("a secret")
        assert [self.worker.turn(), self.worker.turn()] == [True, False]
        assert samples.DONE == ["a secret"]
        job = self.job()
        assert job.status == "SUCCESSFUL"
        assert job.finished_at is not None
        assert job.args_kwargs == {"args": [], "kwargs": {}}
        assert job.return_value is None

    def test_a_rolled_back_transaction_leaves_no_job(self) -> None:
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            samples.note.enqueue("never")
            raise ZeroDivisionError
        assert not self.worker.turn()
        assert not Job.objects.exists()

    def test_a_failed_job_waits_and_is_tried_again(self) -> None:
        samples.fail.enqueue("bob@example.org")
        assert self.worker.turn()
        job = self.job()
        assert job.status == "READY"
        wait = (job.run_after - self.now).total_seconds()
        assert 7 <= wait <= 15
        assert not self.worker.turn()
        self.skip(seconds=20)
        assert self.worker.turn()
        assert len(self.job().worker_ids) == 2

    def test_an_error_is_kept_and_logged_without_its_words(self) -> None:
        samples.fail.enqueue("bob@example.org")
        with self.assertLogs("core.jobs", "WARNING") as logged:
            self.worker.turn()
        job = self.job()
        assert job.exception_class_path == "builtins.ConnectionRefusedError"
        assert "samples.py" in job.traceback
        assert "builtins.ConnectionRefusedError, attempt 1" in logged.output[0]
        assert "bob@" not in job.traceback + str(logged.output)

    @mock.patch.object(limits, "JOB_ATTEMPTS", 2)
    def test_the_last_failure_is_final_and_keeps_what_is_needed_to_try_again(self) -> None:
        samples.fail.enqueue("word")
        self.worker.turn()
        self.skip(hours=1)
        with self.assertLogs("core.jobs", "ERROR"):
            self.worker.turn()
        job = self.job()
        assert (job.status, job.args_kwargs["args"]) == ("FAILED", ["word"])
        assert queue.try_again(job)
        assert not queue.try_again(job)
        assert self.worker.turn()
        assert self.job().status == "READY"

    def test_what_is_hopeless_is_not_tried_again(self) -> None:
        samples.fail_for_good.enqueue()
        self.worker.turn()
        job = self.job()
        assert (job.status, job.exception_class_path) == ("FAILED", "builtins.LookupError")

    def test_a_job_whose_function_is_gone_fails_and_stops_nobody(self) -> None:
        samples.note.enqueue("first")
        Job.objects.update(task_path="tests.core.jobs.samples.nothing")
        samples.note.enqueue("second")
        assert [self.worker.turn(), self.worker.turn()] == [True, True]
        assert samples.DONE == ["second"]

    def test_the_worker_speaks_for_the_job_it_does(self) -> None:
        samples.note.enqueue("word")
        with mock.patch.object(leases, "renewed") as renewed:
            self.worker.turn()
        assert [call.args[0].pk for call in renewed.call_args_list] == [self.job().pk]

    def test_a_job_for_later_waits(self) -> None:
        samples.note.using(run_after=self.now + timedelta(hours=1)).enqueue("later")
        assert not self.worker.turn()
        self.skip(hours=2)
        assert self.worker.turn()


class DeadWorkerTests(JobCase):
    """A job whose worker no longer renews its lease."""

    def setUp(self) -> None:
        super().setUp()
        samples.note.enqueue("word")
        claimed = queue.claim("dead", self.now)
        assert claimed
        self.claimed = claimed
        self.late = self.now + timedelta(seconds=limits.JOB_LEASE + 1)

    def test_nobody_takes_the_job_of_a_worker_that_may_live(self) -> None:
        assert queue.reap(self.now + timedelta(seconds=limits.JOB_LEASE - 1)) == 0
        assert queue.claim("other") is None

    def test_one_reaper_of_several_puts_it_back(self) -> None:
        assert [queue.reap(self.late), queue.reap(self.late)] == [1, 0]
        self.skip(seconds=limits.JOB_LEASE)
        assert [self.worker.turn(), self.worker.turn()] == [True, False]
        assert samples.DONE == ["word"]

    def test_a_worker_that_speaks_keeps_it(self) -> None:
        assert queue.renew(self.claimed, self.late)
        assert queue.reap(self.late) == 0

    def test_a_worker_that_was_only_slow_changes_nothing_afterwards(self) -> None:
        queue.reap(self.late)
        self.skip(seconds=limits.JOB_LEASE)
        assert queue.claim("other")
        assert not queue.renew(self.claimed)
        assert not queue.finish(self.claimed)
        queue.record_failure(self.claimed, OSError())
        job = self.job()
        assert (job.status, job.worker_ids) == ("RUNNING", ["dead", "other"])
        assert job.args_kwargs["args"] == ["word"]

    @mock.patch.object(limits, "JOB_ATTEMPTS", 1)
    def test_a_job_that_kills_its_workers_is_given_up(self) -> None:
        assert queue.reap(self.late) == 1
        job = self.job()
        assert job.status == "FAILED"
        assert job.exception_class_path == "core.jobs.retries.WorkerDied"
        assert job.finished_at == self.late


class PruningTests(JobCase):
    """Rows deleted after some days."""

    def test_done_jobs_go_before_failed_ones_and_the_rest_stays(self) -> None:
        for _number in range(3):
            samples.note.enqueue("word")
        done, failed, _waiting = Job.objects.all()
        for job, status in ((done, "SUCCESSFUL"), (failed, "FAILED")):
            Job.objects.filter(pk=job.pk).update(status=status, finished_at=self.now)
        assert queue.prune(self.now + timedelta(hours=23)) == 0
        assert queue.prune(self.now + timedelta(hours=25)) == 1
        assert not Job.objects.successful().exists()
        assert queue.prune(self.now + timedelta(days=limits.JOB_FAILED_DAYS, hours=1)) == 1
        assert self.job().status == "READY"


class RoundTests(JobCase):
    """The upkeep that each worker does every minute."""

    def test_the_queue_looks_after_itself(self) -> None:
        samples.note.enqueue("word")
        queue.claim("dead", self.now - timedelta(hours=1))
        assert [self.worker.turn(), samples.DONE] == [True, ["word"]]

    def test_it_comes_once_a_minute_and_one_failure_stops_nothing(self) -> None:
        calls = []

        def failing() -> None:
            calls.append("failing")
            raise OSError

        def counting() -> None:
            calls.append("counting")

        with mock.patch.object(periodic, "_functions", {}):
            periodic.every_minute(failing)
            periodic.every_minute(counting)
            with self.assertLogs("core.jobs.periodic", "ERROR"):
                self.worker.turn()
            self.worker.turn()
        assert calls == ["failing", "counting"]
