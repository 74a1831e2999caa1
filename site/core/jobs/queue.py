"""The rows of the queue, and every change of state a job can go through.

While a job runs, `run_after` is its lease: the moment from which it may be run again. Its worker
moves that on (`renew`); a worker that died cannot, and `reap` puts the job back. What a worker
says about a job counts only as long as the job is still its own, so a worker that was merely slow
changes nothing once another has taken over. Each change is one UPDATE that names the state before
it; that is what makes two workers or two reapers safe, on both databases.
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

# Deleted at one go: short enough that nobody waits for the lock.
PRUNED_AT_ONCE = 1000

_NOTHING: dict[str, Any] = {"args": [], "kwargs": {}}
_random = SystemRandom()


def claim(worker: str, now: datetime | None = None) -> Job[..., Any] | None:
    """Take the next job that is due for the worker of that name, or return None.

    The first look takes no lock: on SQLite an idle worker must not keep those who write waiting.
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
    """Lengthen the lease of a running job; False if it belongs to somebody else by now."""
    return bool(_held(job).update(run_after=_lease_end(now or timezone.now())))


def finish(job: Job[..., Any], now: datetime | None = None) -> bool:
    """Note that a job is done and erase its arguments; False if somebody else has it by now."""
    changes = {"args_kwargs": _NOTHING, "exception_class_path": "", "traceback": ""}
    finished_at = now or timezone.now()
    settled = _held(job).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=finished_at, **changes
    )
    return bool(settled)


def give_back(
    job: Job[..., Any], error: BaseException, now: datetime | None = None
) -> datetime | None:
    """Note that a job failed. Return when it is tried again, or None if it is not."""
    now = now or timezone.now()
    attempts = len(job.worker_ids)
    error_fields = {
        "exception_class_path": retries.name_of(error),
        "traceback": "".join(format_tb(error.__traceback__)),
    }
    if not retries.may_retry(attempts, error):
        _held(job).update(status=TaskResultStatus.FAILED, finished_at=now, **error_fields)
        return None
    again = now + retries.delay(attempts, _random.random())
    _held(job).update(status=TaskResultStatus.READY, run_after=again, **error_fields)
    return again


def reap(now: datetime | None = None) -> int:
    """Put back the jobs whose lease has run out and return how many; safe beside other reapers."""
    now = now or timezone.now()
    lapsed = Job.objects.running().filter(run_after__lte=now)
    return sum(_take_from_the_dead(job, now) for job in lapsed)


def _take_from_the_dead(job: Job[..., Any], now: datetime) -> int:
    still_lapsed = _held(job).filter(run_after=job.run_after)
    died = retries.WorkerDied()
    name = retries.name_of(died)
    if retries.may_retry(len(job.worker_ids), died):
        return still_lapsed.update(status=TaskResultStatus.READY, exception_class_path=name)
    return still_lapsed.update(
        status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=name, traceback=""
    )


def try_again(job: Job[..., Any], now: datetime | None = None) -> bool:
    """Put a failed job back with all its attempts; False if it is not a failed one any more."""
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
    """Delete finished jobs that have been kept long enough and return how many."""
    now = now or timezone.now()
    return sum(
        _delete_some(jobs.filter(finished_at__lt=now - timedelta(days=days)))
        for jobs, days in (
            (Job.objects.successful(), limits.JOB_DONE_DAYS),
            (Job.objects.failed(), limits.JOB_FAILED_DAYS),
        )
    )


def _delete_some(jobs: JobQuerySet) -> int:
    ids = list(jobs.order_by("finished_at").values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    return jobs.filter(pk__in=ids).delete()[0]


def _held(job: Job[..., Any]) -> JobQuerySet:
    """Return the row of `job` as long as it is run by the worker who claimed it, this time."""
    running = Job.objects.running()
    return running.filter(pk=job.pk, worker_ids=job.worker_ids)


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=limits.JOB_LEASE)
