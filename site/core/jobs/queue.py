"""Change the state of jobs in the queue: claim, renew, finish, retry, reap, prune.

While a job runs, `run_after` is the end of its lease: the time from which it may be run again. Its
worker extends the lease (`renew`); if the worker died, `reap` puts the job back. A worker can only
change a job it still owns, so a slow worker changes nothing after another has claimed its job.
Each change is one UPDATE conditional on the previous state, which makes concurrent workers and
reapers safe on both databases.
"""

from datetime import datetime, timedelta
from random import SystemRandom
from traceback import format_tb
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult as Job
from django_tasks_db.models import DBTaskResultQuerySet as JobQuerySet

from .. import limits
from . import aliases, retries

# Rows deleted in one statement, so that the lock is short.
PRUNE_BATCH = 1000

_NOTHING: dict[str, Any] = {"args": [], "kwargs": {}}
_random = SystemRandom()


def claim(worker: str, now: datetime | None = None) -> Job[..., Any] | None:
    """Claim the next job that is due for the worker named `worker` and return it, or None.

    The first query takes no lock: on SQLite an idle worker must not delay writers.
    """
    if not Job.objects.ready().exists():
        return None
    with transaction.atomic():
        job = Job.objects.ready().get_locked()
        if job is not None:
            job.task_path = aliases.current_path(job.task_path)
            job.status = TaskResultStatus.RUNNING
            job.started_at = now or timezone.now()
            job.run_after = _lease_end(job.started_at)
            job.worker_ids = [*job.worker_ids, worker]
            changed = ["task_path", "status", "started_at", "run_after", "worker_ids"]
            job.save(update_fields=changed)
    return job


def renew(job: Job[..., Any], now: datetime | None = None) -> bool:
    """Extend the lease of a running job; return False if the worker no longer owns it."""
    return bool(_owned(job).update(run_after=_lease_end(now or timezone.now())))


def finish(job: Job[..., Any], now: datetime | None = None) -> bool:
    """Mark a job as done and erase its arguments; return False if the worker no longer owns it."""
    changes = {"args_kwargs": _NOTHING, "exception_class_path": "", "traceback": ""}
    finished_at = now or timezone.now()
    updated = _owned(job).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=finished_at, **changes
    )
    return bool(updated)


def record_failure(
    job: Job[..., Any], error: BaseException, now: datetime | None = None
) -> datetime | None:
    """Record that a job failed with `error`; return the time of the next attempt, or None."""
    now = now or timezone.now()
    attempts = len(job.worker_ids)
    error_fields = {
        "exception_class_path": retries.name_of(error),
        "traceback": "".join(format_tb(error.__traceback__)),
    }
    if not retries.may_retry(attempts, error):
        _owned(job).update(status=TaskResultStatus.FAILED, finished_at=now, **error_fields)
        return None
    retry_at = now + retries.delay(attempts, _random.random())
    _owned(job).update(status=TaskResultStatus.READY, run_after=retry_at, **error_fields)
    return retry_at


def reap(now: datetime | None = None) -> int:
    """Put back the jobs with an expired lease and return how many; safe to run concurrently."""
    now = now or timezone.now()
    expired = Job.objects.running().filter(run_after__lte=now)
    return sum(_put_back(job, now) for job in expired)


def _put_back(job: Job[..., Any], now: datetime) -> int:
    still_expired = _owned(job).filter(run_after=job.run_after)
    died = retries.WorkerDied()
    name = retries.name_of(died)
    if retries.may_retry(len(job.worker_ids), died):
        return still_expired.update(status=TaskResultStatus.READY, exception_class_path=name)
    return still_expired.update(
        status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=name, traceback=""
    )


def try_again(job: Job[..., Any], now: datetime | None = None) -> bool:
    """Queue a failed job again with all its attempts; return False if it is not failed."""
    failed = Job.objects.failed().filter(pk=job.pk)
    return bool(
        failed.update(
            task_path=aliases.current_path(job.task_path),
            status=TaskResultStatus.READY,
            run_after=now or timezone.now(),
            worker_ids=[],
            finished_at=None,
        )
    )


def prune(now: datetime | None = None) -> int:
    """Delete finished jobs older than `JOB_DONE_DAYS` or `JOB_FAILED_DAYS`; return how many."""
    now = now or timezone.now()
    return sum(
        _delete_batch(jobs.filter(finished_at__lt=now - timedelta(days=days)))
        for jobs, days in (
            (Job.objects.successful(), limits.JOB_DONE_DAYS),
            (Job.objects.failed(), limits.JOB_FAILED_DAYS),
        )
    )


def _delete_batch(jobs: JobQuerySet) -> int:
    ids = list(jobs.order_by("finished_at").values_list("pk", flat=True)[:PRUNE_BATCH])
    return jobs.filter(pk__in=ids).delete()[0]


def _owned(job: Job[..., Any]) -> JobQuerySet:
    """Return the row of `job` if it still runs under the claim by which `job` was read."""
    running = Job.objects.running()
    return running.filter(pk=job.pk, worker_ids=job.worker_ids)


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=limits.JOB_LEASE)
