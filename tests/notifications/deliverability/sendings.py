"""Give tests mails that were sent, and what became of them."""

from datetime import datetime

from django.utils import timezone

from notifications.deliverability import events
from notifications.deliverability.models import EventKind, SentOnDay
from tests.cast import Cast
from tests.factories import make_user


def sent(mails: int, day: datetime | None = None) -> None:
    """Let `mails` have been sent on `day`, today by default."""
    SentOnDay.objects.update_or_create(
        day=(day or timezone.now()).date(), defaults={"mails": mails}
    )


class Sendings(Cast):
    """A test about events of delivery."""

    def happens(self, kind: EventKind, number: int = 1, now: datetime | None = None) -> None:
        """Let `number` people who get mail cause an event of `kind`."""
        for _n in range(number):
            assert events.record(str(make_user().email), kind, now=now)
