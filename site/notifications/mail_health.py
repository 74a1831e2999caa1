"""Tell from the queue whether the mail server takes mail, without connecting to it.

Mail is down while a mail waits whose last attempt failed for a reason that concerns all mail, and
none has been delivered since. A mail that the server itself refuses says nothing about others.
"""

import smtplib
from contextlib import suppress

from django.core.cache import cache
from django.db.models import Count, Max
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult as Job

from core.jobs.retries import name_of

TASK = "notifications.mail.deliver"
_DELIVERED = "mail-delivered-at"
# Seconds: a mail that failed is retried within an hour, so a later one shows the present state.
_REMEMBERED = 2 * 60 * 60
_OF_ONE_MAIL = [
    name_of(kind) for kind in (smtplib.SMTPRecipientsRefused({}), smtplib.SMTPDataError(0, ""))
]


def note_delivered() -> None:
    """Record in the cache that the server has just accepted a mail."""
    with suppress(Exception):  # the mail is with the server: no fault here may send it again
        cache.set(_DELIVERED, timezone.now(), _REMEMBERED)


def waiting() -> int:
    """Return how many mails wait because the server is down; 0 if it is not."""
    failed = Job.objects.filter(status=TaskResultStatus.READY, task_path=TASK)
    failed = failed.exclude(exception_class_path__in=["", *_OF_ONE_MAIL]).order_by()
    found = failed.aggregate(count=Count("pk"), last=Max("started_at"))
    delivered = cache.get(_DELIVERED)
    if found["last"] is None or (delivered and delivered > found["last"]):
        return 0
    return int(found["count"])


def line() -> str:
    """Return the line about mail that `/readyz` prints."""
    mails = waiting()
    return f"mail: down, {mails} waiting" if mails else "mail: no failure"
