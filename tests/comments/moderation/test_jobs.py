"""Test the admins' page of jobs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from core.jobs import queue
from core.jobs.worker import JobWorker
from tests.core.jobs import samples

from .cases import Moderated

SECRET = "QZKX-7731"


class JobsPageTests(Moderated):
    """Failed, running and waiting jobs, and the button to retry."""

    def setUp(self) -> None:
        samples.DONE.clear()
        self.sign_in(self.admin)

    def failed_job(self) -> Any:
        samples.note.enqueue(SECRET)
        Job.objects.update(
            status="FAILED", finished_at=timezone.now(), worker_ids=["worker"],
            exception_class_path="smtplib.SMTPServerDisconnected", traceback=f"File {SECRET}",
        )  # fmt: skip
        return Job.objects.get()

    def counts(self) -> list[int]:
        return [group["count"] for group in self.get("jobs").context["groups"]]

    def test_it_exists_for_admins_alone(self) -> None:
        job = self.failed_job()
        for person in (self.reader, self.author, self.moderator, self.suspended):
            self.sign_in(person)
            assert self.get("jobs").status_code == 404
            assert self.send("job-attempt", job.pk).status_code == 404
        self.client.logout()
        assert self.get("jobs").status_code == 302
        assert self.send("job-attempt", job.pk).status_code == 302
        assert Job.objects.get().status == "FAILED"

    def test_it_counts_what_failed_runs_and_waits(self) -> None:
        self.failed_job()
        for _number in range(3):
            samples.note.enqueue("word")
        assert queue.claim("somebody")
        assert self.counts() == [1, 1, 2]

    def test_it_names_the_error_and_shows_nothing_of_the_mail(self) -> None:
        self.failed_job()
        page = self.get("jobs")
        self.assertContains(page, "smtplib.SMTPServerDisconnected")
        self.assertContains(page, "tests.core.jobs.samples.note")
        self.assertNotContains(page, SECRET)

    def test_a_failed_job_is_tried_again_once(self) -> None:
        job = self.failed_job()
        for _click in range(2):
            assert self.send("job-attempt", job.pk).status_code == 302
        assert self.counts() == [0, 0, 1]
        worker = JobWorker()
        while worker.turn():
            pass
        assert samples.DONE == [SECRET]

    def test_there_is_no_such_job(self) -> None:
        assert self.send("job-attempt", uuid4()).status_code == 404

    def test_a_get_changes_nothing(self) -> None:
        job = self.failed_job()
        assert self.get("job-attempt", job.pk).status_code == 405
        assert self.counts() == [1, 0, 0]

    def test_a_missing_worker_is_said(self) -> None:
        cache.clear()
        self.assertContains(self.get("jobs"), "No worker has been seen")
        JobWorker().turn()
        self.assertNotContains(self.get("jobs"), "notice--error")
        samples.note.enqueue("word")
        Job.objects.update(enqueued_at=timezone.now() - timedelta(hours=1))
        self.assertContains(self.get("jobs"), "Is a worker running?")

    def test_the_desk_leads_there(self) -> None:
        self.assertContains(self.get("moderation"), "/moderation/jobs/")
        self.sign_in(self.moderator)
        self.assertNotContains(self.get("moderation"), "/moderation/jobs/")
