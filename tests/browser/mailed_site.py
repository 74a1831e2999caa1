"""Serve a site that sends its mail through SMTP into mailboxes, which a test opens."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.browser.site import BrowserSite, serving
from tests.services import free_port

# Every turn begins with what a worker does each minute.
RUN_JOBS = "from core.jobs.worker import JobWorker\nwhile JobWorker().turn(): pass"
# Nothing waits for its ten minutes.
AT_ONCE = {"TELL_AFTER": "0", "MAIL_GATHERED": "0"}


@dataclass
class Mailboxes:
    """The messages that a mail server accepted, by receiver."""

    taken: list[tuple[str, Message]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(  # noqa: N802  (the name that aiosmtpd calls)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Accept a mail."""
        content: Any = envelope.original_content
        message = message_from_bytes(content)
        with self.lock:
            self.taken += [(receiver.lower(), message) for receiver in envelope.rcpt_tos]
        return "250 OK"


@dataclass(frozen=True)
class MailedSite(BrowserSite):
    """A running site whose mail arrives in `mailboxes` once its worker has run."""

    mailboxes: Mailboxes = field(default_factory=Mailboxes)

    def mails(self, address: str) -> list[Message]:
        """Let the worker run until nothing is due; return what `address` has, oldest first."""
        self.manage("shell", "--no-imports", "-c", RUN_JOBS)
        with self.mailboxes.lock:
            return [message for receiver, message in self.mailboxes.taken if receiver == address]


@contextlib.contextmanager
def mailing(prepared: Path, folder: Path) -> Iterator[MailedSite]:
    """Serve a copy of `prepared` in `folder`, with a mail server of its own."""
    mailboxes, port = Mailboxes(), free_port()
    server = Controller(mailboxes, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with serving(prepared, folder, EMAIL_URL=f"smtp://127.0.0.1:{port}", **AT_ONCE) as site:
            yield MailedSite(
                site.url, site.folder, site.environment, site.password, site.pid, mailboxes
            )
    finally:
        server.stop()


def text_of(message: Message) -> str:
    """Return the plain text of a mail."""
    [part] = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode()
