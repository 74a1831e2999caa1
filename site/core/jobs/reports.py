"""Report the state of the queue, for `/readyz` and the page of jobs."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Case, Count, F, Min, When
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job
from django_tasks_db.models import get_date_max

from .. import limits
from .periodic import INTERVAL

_SEEN = "worker-seen-at"


@dataclass(frozen=True)
class QueueReport:
    """The number of due jobs, seconds the oldest has been due, seconds since a worker ran."""

    due: int
    oldest: float
    seen: float | None  # None: not for three minutes

    @property
    def is_stuck(self) -> bool:
        """Return whether a job has been due for more than `JOB_STUCK` seconds."""
        return self.oldest > limits.JOB_STUCK


def note_worker() -> None:
    """Record in the cache that a worker is running."""
    cache.set(_SEEN, timezone.now(), 3 * INTERVAL)


def queue(now: datetime | None = None) -> QueueReport:
    """Return the state of the queue; the query uses the index of waiting jobs."""
    now = now or timezone.now()
    since = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    found = Job.objects.ready().aggregate(due=Count("pk"), since=Min(since))
    oldest = (now - found["since"]).total_seconds() if found["since"] else 0.0
    seen = cache.get(_SEEN)
    ago = max(0.0, (now - seen).total_seconds()) if seen else None
    return QueueReport(found["due"], max(0.0, oldest), ago)


def lines() -> list[str]:
    """Return the lines about the queue that `/readyz` prints."""
    state = queue()
    due = f"jobs: {state.due} due"
    if state.due:
        due += f", the oldest for {state.oldest:.0f} s"
    if state.is_stuck:
        due += ": stuck"
    worker = f"seen {state.seen:.0f} s ago" if state.seen is not None else "none seen lately"
    return [due, f"worker: {worker}"]
