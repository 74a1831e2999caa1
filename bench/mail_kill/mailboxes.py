"""A real mail server in a thread, which remembers what it has accepted."""

import threading
from collections import Counter
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailboxes:
    """Count the mails accepted, by receiver, and by receiver and Message-ID."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.by_receiver: Counter[str] = Counter()
        self.by_id: Counter[tuple[str, str]] = Counter()

    @property
    def accepted(self) -> int:
        """How many mails were accepted."""
        return sum(self.by_receiver.values())

    @property
    def doubled(self) -> int:
        """How many mails arrived once more than they should have."""
        return sum(times - 1 for times in self.by_receiver.values())

    @property
    def other_ids(self) -> int:
        """How many receivers got two mails with different Message-IDs."""
        return len(self.by_id) - len(self.by_receiver)

    def wait_for(self, number: int, patience: float) -> bool:
        """Wait until `number` mails were accepted; return False if that takes too long."""
        with self.changed:
            return self.changed.wait_for(lambda: self.accepted >= number, patience)

    async def handle_DATA(  # noqa: N802  (the name that aiosmtpd calls)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Accept a mail."""
        content: Any = envelope.original_content
        message = message_from_bytes(content)
        (receiver,) = envelope.rcpt_tos
        with self.changed:
            self.by_receiver[receiver] += 1
            self.by_id[receiver, str(message["Message-ID"])] += 1
            self.changed.notify_all()
        return "250 OK"


def listening(mailboxes: Mailboxes, port: int) -> Controller:
    """Return a server on `port` that delivers into `mailboxes`; call its `start` and `stop`."""
    return Controller(mailboxes, hostname="127.0.0.1", port=port)
