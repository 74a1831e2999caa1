"""Record what providers tell of sent mails, and count the mails, for the rates of a week.

An event stops its address (`StoppedAddress`) and is kept for a month without it, as a keyed hash.
Several of one address count once, and none of an address that gets no mail from us: otherwise
anybody could pause the articles with addresses that they make up.
"""

from datetime import UTC, date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, Sum
from django.utils import timezone

from core.db.transactions import retried

from ..addresses import digest_of
from ..mailing.models import StoppedAddress
from ..models import Subscription
from . import actions
from .figures import DAYS, Figures
from .models import ArticlePause, DeliveryEvent, EventKind, SentOnDay

# Days for which events and counted mails are kept: as long as anybody asks about them.
KEPT_DAYS = 30
# Rows deleted in an hour.
PURGED = 5_000


@retried
def record(address: str, kind: EventKind, *, now: datetime | None = None) -> bool:
    """Record a hard bounce or complaint of `address`; return False if it gets no mail from us.

    Nothing is sent there from now on, and articles are paused if there are too many such events.
    A second call on the same day changes nothing.
    """
    now, address = now or timezone.now(), address.lower()
    if not _gets_mail(address):
        return False
    StoppedAddress.objects.get_or_create(
        address=address, defaults={"cause": kind, "stopped_at": now}
    )
    DeliveryEvent.objects.get_or_create(
        digest=digest_of(address), kind=kind, day=_day(now), defaults={"created_at": now}
    )
    actions.pause_if_bad(figures(now), now)
    return True


def _gets_mail(address: str) -> bool:
    """Return whether an account or a subscription without one has confirmed `address`."""
    return (
        EmailAddress.objects.filter(email=address, verified=True).exists()
        or Subscription.objects.of_address(address).filter(confirmed_at__isnull=False).exists()
    )


def count_sent(now: datetime) -> None:
    """Count a mail that was accepted; to be called in the transaction that records it."""
    SentOnDay.count(_day(now))


def figures(now: datetime | None = None) -> Figures:
    """Return the figures of the last `DAYS` days, in three queries.

    Of events only those after the last pause: the admin who went on has seen the others.
    """
    now = now or timezone.now()
    first = _day(now) - timedelta(days=DAYS - 1)
    sent = SentOnDay.objects.filter(day__gte=first).aggregate(sent=Sum("mails"))["sent"]
    since = datetime.combine(first, time.min, UTC)
    ended = ArticlePause.objects.filter(ended_at__gt=since).order_by("-ended_at")
    since = ended.values_list("ended_at", flat=True).first() or since
    counted = DeliveryEvent.objects.filter(created_at__gt=since).aggregate(
        **{kind.value: Count("digest", filter=Q(kind=kind), distinct=True) for kind in EventKind}
    )
    return Figures(sent or 0, counted[EventKind.BOUNCE], counted[EventKind.COMPLAINT])


def look() -> bool:
    """Pause articles if the figures say so now: as days pass, fewer mails have the same events."""
    now = timezone.now()
    return actions.pause_if_bad(figures(now), now)


def purge(now: datetime | None = None) -> int:
    """Delete events and counted mails older than `KEPT_DAYS`; a periodic task. Return how many."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    old = DeliveryEvent.objects.filter(created_at__lt=before).order_by("created_at")
    ids = list(old.values_list("pk", flat=True)[:PURGED])
    deleted = DeliveryEvent.objects.filter(pk__in=ids).delete()[0]
    return deleted + SentOnDay.objects.filter(day__lt=_day(before)).delete()[0]


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
