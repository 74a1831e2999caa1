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
from notifications import mail_health
from notifications.mail import deliver
from tests.core.jobs import samples


class ReadinessTests(TestCase):
    """Status 200 as long as pages can be served."""

    def setUp(self) -> None:
        cache.clear()
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
        assert self.told() == [
            *("ok", "jobs: 0 due", "worker: seen 0 s ago"),
            *("outbox: nothing due", "articles by mail: not paused", "mail: no failure"),
        ]

    def test_a_dead_worker_is_said_and_takes_no_page_away(self) -> None:
        cache.clear()
        samples.note.enqueue("word")
        Job.objects.update(enqueued_at=timezone.now() - timedelta(seconds=300))
        assert self.told() == [
            "ok",
            "jobs: 1 due, the oldest for 300 s: stuck",
            "worker: none seen lately",
            "outbox: nothing due",
            "articles by mail: not paused",
            "mail: no failure",
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

    def failed_mail(self, error: str, minutes: int = 1) -> None:
        """Put a mail into the queue whose last attempt failed `minutes` ago with `error`."""
        deliver.enqueue({})
        job = Job.objects.get(exception_class_path="")
        job.exception_class_path = error
        job.started_at = timezone.now() - timedelta(minutes=minutes)
        job.run_after = timezone.now() + timedelta(minutes=5)
        job.save()

    def test_mail_that_is_down_is_said_and_takes_no_page_away(self) -> None:
        for error in ("builtins.ConnectionRefusedError", "smtplib.SMTPAuthenticationError"):
            self.failed_mail(error)
        assert self.told()[-1] == "mail: down, 2 waiting"

    def test_a_mail_that_the_server_refuses_says_nothing_of_others(self) -> None:
        self.failed_mail("smtplib.SMTPRecipientsRefused")
        assert self.told()[-1] == "mail: no failure"

    def test_mail_is_up_again_once_one_was_delivered(self) -> None:
        self.failed_mail("builtins.TimeoutError")
        mail_health.note_delivered()
        assert self.told()[-1] == "mail: no failure"

    def test_nothing_connects_to_the_mail_server(self) -> None:
        with mock.patch("socket.create_connection", side_effect=AssertionError):
            self.told()

    def test_without_the_database_nothing_is_ready(self) -> None:
        with mock.patch("django.db.connection.cursor", side_effect=DatabaseError):
            told = self.told(503)
        assert "the database cannot be reached" in told
        assert "ok" not in told
