"""Send mail through the queue: stored in the caller's transaction, delivered by a worker.

No request waits for a mail server, a transaction that is rolled back sends nothing, and a server
that is down gets the mail later. The text, which may contain a code to sign in with, is stored in
the job's row until the server has accepted it, and then erased.

If a worker dies after the server has accepted a mail and before that is recorded, the mail is sent
twice. SMTP cannot prevent that, and a code that never arrives is worse than one that arrives twice.
Both copies have the same Message-ID, by which most mail programs show only one.
"""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django_tasks import task

from core.jobs.retries import PermanentError

from . import mail_health

PackedMessage = dict[str, Any]

# SMTP reply codes from 500 are permanent: the server will not accept this mail later either.
PERMANENT = 500


# Below that of all other jobs.
BACKGROUND = -10
_priority: ContextVar[int] = ContextVar("priority", default=0)


@contextmanager
def in_background() -> Iterator[None]:
    """Let mail that is queued in the block wait behind all other, so that no code waits for it."""
    token = _priority.set(BACKGROUND)
    try:
        yield
    finally:
        _priority.reset(token)


class QueuedBackend(BaseEmailBackend):
    """Queues mail, for delivery by `settings.EMAIL_DELIVERY_BACKEND` in a worker."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages with a receiver and return how many; raises what `pack` raises."""
        packed = [pack(message) for message in email_messages if message.recipients()]
        for message in packed:
            deliver.using(priority=_priority.get()).enqueue(message)
        return len(packed)

    def rehearse(self, message: EmailMessage) -> None:
        """Queue `message` for nobody: the work of queueing it, and nothing else."""
        forget.enqueue(pack(message))


def pack(message: EmailMessage) -> PackedMessage:
    """Return `message` as a dict for JSON.

    Raises ValueError for attachments and for line breaks in a header.
    """
    if message.attachments:
        raise ValueError("Mail with attachments cannot be queued.")
    message.message()  # raises for a line break in a header, while the caller can still handle it
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        **{name: [str(a) for a in getattr(message, name)] for name in ("to", "cc", "bcc")},
        "reply_to": list(message.reply_to),
        "headers": _with_identity(message.extra_headers),
        "subtype": message.content_subtype,
        "alternatives": [[str(a[0]), a[1]] for a in getattr(message, "alternatives", ())],
    }


def unpack(packed: PackedMessage) -> EmailMessage:
    """Return the message that `pack` packed."""
    fields = {name: value for name, value in packed.items() if name != "subtype"}
    message = EmailMultiAlternatives(**fields)
    message.content_subtype = packed["subtype"]
    return message


def _with_identity(headers: dict[str, str]) -> dict[str, str]:
    """Add Date and Message-ID unless given, so that they are the same for every attempt."""
    own = {
        "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    }
    given = {name.lower() for name in headers}
    return {name: own[name] for name in own if name.lower() not in given} | headers


@task()
def forget(packed: PackedMessage) -> None:
    """Do nothing: the mail was written for the time it takes (`QueuedBackend.rehearse`)."""


@task()
def deliver(packed: PackedMessage) -> None:
    """Send a packed message; an error after the server has accepted it is ignored."""
    server = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    try:
        # Opened here, so that `send_messages` does not close the connection, which could fail.
        server.open()
        server.send_messages([unpack(packed)])
        mail_health.note_delivered()
    except smtplib.SMTPException as error:
        if _is_permanent(error):
            raise PermanentError from error
        raise
    finally:
        with suppress(OSError):
            server.close()


def _is_permanent(error: smtplib.SMTPException) -> bool:
    """Return whether the server refused all receivers or the text permanently.

    A wrong password or sender can be corrected in the settings while the mail is queued.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= PERMANENT for code, _reply in error.recipients.values())
        case smtplib.SMTPDataError():
            return int(error.smtp_code) >= PERMANENT
    return False
