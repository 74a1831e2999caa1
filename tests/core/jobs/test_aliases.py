"""Test that jobs queued by the last release run under the new paths of their functions."""

from typing import Any
from unittest import mock

import pytest
from django.test import TestCase
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult as Job

from core.jobs import aliases, queue
from core.jobs.worker import JobWorker

from . import samples

OLD, NEW = "tests.core.jobs.old_samples.note", "tests.core.jobs.samples.note"


@pytest.mark.parametrize(("old", "new"), aliases.ALIASES.items())
def test_an_alias_leads_to_a_job(old: str, new: str) -> None:
    """Find a job at the new path of the table, and nothing at the old one."""
    task = import_string(new)
    assert isinstance(task, Task)
    assert task.module_path == new
    with pytest.raises(ImportError):
        import_string(old)


@mock.patch.dict(aliases.ALIASES, {OLD: NEW})
class OldPaths(TestCase):
    """A job stored under the old path of its function."""

    def setUp(self) -> None:
        samples.DONE.clear()
        samples.note.enqueue("word")
        Job.objects.update(task_path=OLD)

    def job(self) -> Any:
        return Job.objects.get()

    def test_a_worker_runs_it(self) -> None:
        assert JobWorker().turn()
        assert samples.DONE == ["word"]
        assert (self.job().status, self.job().task_path) == ("SUCCESSFUL", NEW)

    def test_it_is_retried_under_the_new_path(self) -> None:
        Job.objects.update(status="FAILED", finished_at=timezone.now())
        assert queue.try_again(self.job())
        assert self.job().task_path == NEW
        assert JobWorker().turn()
        assert samples.DONE == ["word"]


class RealPaths(TestCase):
    """Jobs as the last release stored them."""

    def test_they_run_and_find_nothing_to_do(self) -> None:
        for old in aliases.ALIASES:
            job: Any = samples.note.enqueue("")
            row = Job.objects.filter(pk=job.id)
            row.update(task_path=old, args_kwargs={"args": [0], "kwargs": {}})
            assert JobWorker().turn()
            assert row.get().status == "SUCCESSFUL", old
