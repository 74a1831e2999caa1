"""Declare whose words notifications and queued jobs hold. A queued mail is its receiver's."""

import json
from collections.abc import Iterator
from typing import Any

from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from accounts.personal import addresses_of
from core import personal
from core.personal import Erasure, Holding, Rows, rows

from .models import Notification


def _forget_notifications(erasure: Erasure) -> None:
    Notification.objects.filter(recipient=erasure.person).delete()


def _notifications(person: User) -> Rows:
    return rows(
        Notification.objects.filter(recipient=person), "kind", "subject_id", "created_at", "read_at"
    )


def _forget_jobs(erasure: Erasure) -> None:
    """Delete the jobs that name an address of the person, running ones included."""
    Job.objects.filter(pk__in=[job.pk for job in _jobs_of(erasure.person)]).delete()


def _jobs_of(person: User) -> Iterator[Any]:
    """Yield the jobs whose arguments, result or error have an address of `person`.

    Jobs that are done have lost their arguments, so few rows are read.
    """
    addresses = {address.casefold() for address in addresses_of(person)}
    for job in Job.objects.order_by("enqueued_at").iterator():
        words = json.dumps([job.args_kwargs, job.return_value, job.traceback], ensure_ascii=False)
        if any(address in words.casefold() for address in addresses):
            yield job


def _mails(person: User) -> Rows:
    """Return time and subject of each mail that waits; its text may have a code to sign in with."""
    return [
        {"queued_at": job.enqueued_at, "subject": argument.get("subject")}
        for job in _jobs_of(person)
        for argument in job.args_kwargs["args"]
        if isinstance(argument, dict)
    ]


personal.declare(
    "notifications",
    Holding(
        name="notifications",
        model="notifications.Notification",
        erase=_forget_notifications,
        download=_notifications,
    ),
    Holding(
        name="mails_waiting",
        model="django_tasks_database.DBTaskResult",
        copies=("args_kwargs", "return_value", "traceback"),
        erase=_forget_jobs,
        download=_mails,
    ),
)
personal.nobodys(
    "a code or a name from the code",
    notifications__Notification="kind",
    django_tasks_database__DBTaskResult="status task_path worker_ids queue_name backend_name "
    "exception_class_path",
)
