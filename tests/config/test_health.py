"""Test `/readyz`, which monitoring of the site reads."""

from datetime import timedelta
from unittest import mock

from django.core.cache import cache
from django.db import DatabaseError
from django.test import TestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from core.jobs import queue
from core.jobs.worker import JobWorker
from tests.core.jobs import samples


class ReadinessTests(TestCase):
    """Status 200 as long as pages can be served."""

    def setUp(self) -> None:
        # The seconds it names must not depend on how busy the machine is.
        patched = mock.patch("django.utils.timezone.now", return_value=timezone.now())
        patched.start()
        self.addCleanup(patched.stop)

    def told(self, status: int = 200) -> list[str]:
        answer = self.client.get("/readyz")
        assert answer.status_code == status
        return answer.content.decode().splitlines()

    def test_all_is_well(self) -> None:
        JobWorker().turn()
        assert self.told() == ["ok", "jobs: 0 due", "worker: seen 0 s ago"]

    def test_a_dead_worker_is_said_and_takes_no_page_away(self) -> None:
        cache.clear()
        samples.note.enqueue("word")
        Job.objects.update(enqueued_at=timezone.now() - timedelta(seconds=300))
        assert self.told() == [
            "ok",
            "jobs: 1 due, the oldest for 300 s: stuck",
            "worker: none seen lately",
        ]

    def test_a_job_that_waits_for_its_next_attempt_is_not_due(self) -> None:
        samples.fail.enqueue("word")
        Job.objects.update(enqueued_at=timezone.now() - timedelta(hours=3))
        JobWorker().turn()
        assert self.told()[1] == "jobs: 0 due"
        Job.objects.update(run_after=timezone.now() - timedelta(seconds=30))
        assert self.told()[1] == "jobs: 1 due, the oldest for 30 s"

    def test_a_running_job_is_not_due(self) -> None:
        samples.note.enqueue("word")
        assert queue.claim("somebody")
        assert self.told()[1] == "jobs: 0 due"

    def test_without_the_database_nothing_is_ready(self) -> None:
        with mock.patch("django.db.connection.cursor", side_effect=DatabaseError):
            told = self.told(503)
        assert "the database cannot be reached" in told
        assert "ok" not in told
