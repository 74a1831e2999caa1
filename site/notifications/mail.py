"""Outgoing mail: queued in the transaction that causes it, taken to the mail server by a worker.

Nobody waits for a mail server, nothing is sent for a transaction that was rolled back, and a
server that is down gets the mail later. The text, which may hold a code to sign in with, lies in
the job's row until the server has accepted it, and is erased then.

A worker that dies between the server's yes and its own note of it leaves a mail that is sent
twice: no protocol can tell, and a code that never comes is worse than one that comes twice. Both
carry the same Message-ID, by which most mail programs show one.
"""

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django_tasks import task

from core.jobs.retries import PermanentError

Letter = dict[str, Any]

# SMTP replies from here on are final: the server will not take this mail tomorrow either.
FINAL = 500


class QueuedBackend(BaseEmailBackend):
    """Puts mail into the queue; `settings.EMAIL_DELIVERY_BACKEND` delivers it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages and return how many; raises what building one of them raises."""
        letters = [pack(message) for message in email_messages if message.recipients()]
        for letter in letters:
            deliver.enqueue(letter)
        return len(letters)


def pack(message: EmailMessage) -> Letter:
    """Return `message` as JSON can hold it; ValueError for what cannot be a mail."""
    if message.attachments:
        raise ValueError("Mail with attachments cannot wait in the queue.")
    message.message()  # a line break in a header is refused here, where somebody sees it
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


def unpack(letter: Letter) -> EmailMessage:
    """Return the message that was packed into `letter`."""
    fields = {name: value for name, value in letter.items() if name != "subtype"}
    message = EmailMultiAlternatives(**fields)
    message.content_subtype = letter["subtype"]
    return message


def _with_identity(headers: dict[str, str]) -> dict[str, str]:
    """Add the date and the Message-ID, the same for every attempt, where they are not given."""
    own = {
        "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    }
    given = {name.lower() for name in headers}
    return {name: own[name] for name in own if name.lower() not in given} | headers


@task()
def deliver(letter: Letter) -> None:
    """Hand a letter to the mail server. Only what comes before its yes can fail."""
    server = get_connection(settings.EMAIL_DELIVERY_BACKEND)
    try:
        # Opened here, so that sending does not end with a farewell that could fail.
        server.open()
        server.send_messages([unpack(letter)])
    except smtplib.SMTPException as refused:
        if _is_final(refused):
            raise PermanentError from refused
        raise
    finally:
        with suppress(OSError):
            server.close()


def _is_final(refused: smtplib.SMTPException) -> bool:
    """Return whether the server refused this receiver or this text for good.

    A wrong password or sender is our own mistake and can be mended while the mail waits.
    """
    match refused:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= FINAL for code, _said in refused.recipients.values())
        case smtplib.SMTPDataError():
            return int(refused.smtp_code) >= FINAL
    return False
