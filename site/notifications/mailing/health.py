"""Tell whether mail waits in the outbox for longer than it should."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import checks
from django.db import DatabaseError
from django.db.models import Count, Min
from django.utils import timezone

from core import limits

from ..deliverability import pausing
from .models import Outgoing


@dataclass(frozen=True)
class OutboxReport:
    """How many rows are due, and for how many seconds the oldest has been."""

    due: int
    oldest: float

    @property
    def is_stuck(self) -> bool:
        """Return whether a row has been due for more than `MAIL_STUCK` seconds."""
        return self.oldest > limits.MAIL_STUCK

    @property
    def line(self) -> str:
        """The line that `/readyz` prints."""
        if not self.due:
            return "outbox: nothing due"
        stuck = ": stuck" if self.is_stuck else ""
        return f"outbox: {self.due} due, the oldest for {self.oldest:.0f} s{stuck}"


def report(now: datetime | None = None) -> OutboxReport:
    """Return the state of the outbox, without connecting to a mail server."""
    now = now or timezone.now()
    rows = Outgoing.objects.filter(done_at__isnull=True, due_at__lte=now)
    rows = rows.exclude(kind__in=pausing.held_kinds())
    found = rows.aggregate(due=Count("pk"), since=Min("due_at"))
    oldest = (now - found["since"]).total_seconds() if found["since"] else 0.0
    return OutboxReport(found["due"], oldest)


@checks.register()
def check_outbox(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of a stuck outbox, whenever `manage.py` checks the site."""
    try:
        state = report()
    except DatabaseError:  # not reached, or not migrated yet
        return []
    if not state.is_stuck:
        return []
    hint = "Is a worker running (`manage.py worker`), and does EMAIL_URL name a server that works?"
    return [
        checks.Warning(f"Mail does not leave: {state.line}.", hint=hint, id="notifications.W001")
    ]
