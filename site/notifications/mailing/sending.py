"""Send the mails that are due: claim one, send it, record it, then the next.

A job sends a few mails and queues the next job, so that a code to sign in with never waits behind
thousands of notifications. A server that cannot be reached ends the job; the mails wait, and the
next minute tries again. A connection that breaks at one mail counts as a failure of that mail, and
the others go on over another one.
"""

import logging
import re
import smtplib
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult as Job

from core.db.transactions import retried

from .. import mail_health
from ..deliverability import events, pausing
from ..deliverability.models import EventKind
from . import outbox
from .composing import NONE_READ, ComposedMail, IssuesRead, compose, read_issues
from .models import DropReason, Outgoing, OutgoingState
from .planning import plan_due

# Mails of one job: a few seconds with most servers.
MAILS = 50
# Mails about whose issues is read together: the time in which an unsubscription may come too late.
READ_AHEAD = 25
# Connections that break one after the other, each at another mail, until the server counts as down.
BREAKS = 3
# Below that of all other jobs.
PRIORITY = -10
# SMTP replies from 500 are permanent; 5.1 is the class of codes about addresses, of which 5.1.7
# and 5.1.8 are about that of the sender (RFC 3463).
PERMANENT = 500
BAD_ADDRESS = re.compile(rb"5\.1\.(?![78]\b)\d")

logger = logging.getLogger(__name__)


class ServerDown(Exception):
    """Raised when no mail can be sent at the moment, whichever it is."""


class SendingBroke(Exception):
    """Raised when the server broke off at a mail, and nobody knows whether because of that mail."""


def enqueue_due() -> bool:
    """Queue a job if anything is due and none waits; every worker does so each minute."""
    if not outbox.is_due(timezone.now()) or _waits():
        return False
    send_due.enqueue()
    return True


def _waits() -> bool:
    path = f"{send_due.func.__module__}.{send_due.func.__qualname__}"
    return Job.objects.filter(status=TaskResultStatus.READY, task_path=path).exists()


@task(priority=PRIORITY)
def send_due() -> None:
    """Plan what is due and send up to `MAILS` mails; queue the next job if there is more."""
    now = timezone.now()
    planned = plan_due(now)
    try:
        sent = _send_ready()
    except ServerDown as down:
        logger.warning("Mail waits in the outbox: %s", down)
        return
    if (planned or sent) and outbox.is_due(timezone.now()) and not _waits():
        send_due.enqueue()


def _send_ready() -> int:
    """Send the mails that are ready, over one connection unless it breaks; return how many."""
    held = pausing.held_kinds()
    rows = outbox.due(OutgoingState.READY, timezone.now(), held)
    mails = list(dict.fromkeys(rows.values_list("mail", flat=True)[: MAILS * 10]))[:MAILS]
    left, breaks = mails, 0
    while left:
        with _connection() as server:
            done, is_lost = _send_over(server, left, held)
        breaks = breaks + 1 if is_lost and done == 1 else int(is_lost)
        left = left[done:]
        if breaks == BREAKS:
            raise ServerDown(SendingBroke.__name__)
    return len(mails)


def _send_over(server: Any, mails: list[UUID], held: Collection[str]) -> tuple[int, bool]:
    """Send `mails`, without the kinds `held`, until the connection breaks.

    Return how many were tried, and whether it broke.
    """
    ahead, delivered = NONE_READ, False
    try:
        for number, mail in enumerate(mails):
            if number % READ_AHEAD == 0:
                ahead = _read_ahead(mails[number : number + READ_AHEAD])
            delivered |= _send(server, mail, held, ahead)
    except SendingBroke:
        return number + 1, True
    finally:
        if delivered:
            mail_health.note_delivered()
    return len(mails), False


def _read_ahead(mails: list[UUID]) -> IssuesRead:
    """Read what decides about the issues among `mails` together."""
    return read_issues(Outgoing.objects.filter(mail__in=mails, issue__isnull=False))


@contextmanager
def _connection() -> Iterator[Any]:
    """Open a connection to the mail server for the block; raises ServerDown if it fails."""
    server: Any = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerDown(type(error).__name__) from error
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.close()


def _send(server: Any, mail: UUID, held: Collection[str], ahead: IssuesRead) -> bool:
    """Claim `mail`, send it and record that; a fault of its own makes it wait or drops it.

    A daily or weekly mail that was put together before a pause leaves out what is `held` now.
    Return whether the server took a mail.
    """
    if not outbox.claim(mail, timezone.now()):
        return False
    outbox.set_aside(mail, held, timezone.now())
    rows = [ahead.rows[mail]] if mail in ahead.rows else _rows_of(mail)
    if not rows:
        return False
    try:
        made = compose(mail, rows, ahead)
        if made.message is not None:
            _hand_over(server, mail, made.message)
    except (OperationalError, InterfaceError, ServerDown):
        outbox.release(mail, timezone.now())
        raise
    except SendingBroke:
        _refused(mail, rows, is_final=False)
        raise
    except smtplib.SMTPResponseException as error:  # of the text: 4xx may pass, 5xx will not
        _refused(mail, rows, is_final=error.smtp_code >= PERMANENT)
    except smtplib.SMTPRecipientsRefused as error:
        _recipient_refused(mail, rows, error)
    except Exception:
        logger.exception("Mail %s could not be composed or sent", mail)
        _refused(mail, rows, is_final=False)
    else:
        _record(mail, made)
        return made.message is not None
    return False


def _rows_of(mail: UUID) -> list[Outgoing]:
    return list(Outgoing.objects.filter(mail=mail, state=OutgoingState.READY).order_by("pk"))


def _hand_over(server: Any, mail: UUID, message: EmailMessage) -> None:
    """Send one message; raises SendingBroke for a failure that others may have as well."""
    try:
        server.send_messages([message])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
        raise
    except (OSError, smtplib.SMTPException) as error:
        raise SendingBroke(type(error).__name__) from error


@retried
def _record(mail: UUID, made: ComposedMail) -> None:
    """Record what became of the rows of `mail`, and count it if it was sent."""
    now = timezone.now()
    is_first = outbox.record_sent(mail, made.dropped, now)
    if made.message is not None and is_first:
        events.count_sent(now)


def _recipient_refused(
    mail: UUID, rows: list[Outgoing], error: smtplib.SMTPRecipientsRefused
) -> None:
    """Drop a mail whose receiver is refused for good; one that does not exist is a hard bounce."""
    replies = list(error.recipients.items())
    for address, (code, reply) in replies:
        if code >= PERMANENT and BAD_ADDRESS.match(reply):
            events.record(address, EventKind.BOUNCE)
    _refused(mail, rows, is_final=all(code >= PERMANENT for _address, (code, _reply) in replies))


def _refused(mail: UUID, rows: list[Outgoing], *, is_final: bool) -> None:
    """Drop `mail`, or let it wait; one that has waited too often is dropped as well."""
    now = timezone.now()
    if is_final:
        outbox.drop_mail(mail, DropReason.REFUSED, now)
    elif not outbox.try_later(mail, rows[0].attempts, now):
        outbox.drop_mail(mail, DropReason.FAILED, now)
