"""Record what providers tell of sent mails, and count the mails, for the rates of a week.

An event stops its address (`StoppedAddress`) and is kept for a month as a keyed hash of its
mailbox. Several of one mailbox count once, whatever is added to its name, and none of an address
that gets no mail from us: otherwise anybody could pause the articles with addresses that they
make up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts import handles
from core.db.transactions import retried

from ..addresses import mailbox_digest_of
from ..mailing.models import StoppedAddress
from ..models import Subscription
from . import actions
from .figures import DAYS, Figures
from .models import ArticlePause, DeliveryEvent, EventKind, SentOnDay, WebhookEvent

# Days for which events and counted mails are kept: as long as anybody asks about them.
KEPT_DAYS = 30
# Rows deleted in an hour.
PURGED = 5_000


@dataclass(frozen=True)
class DeliveryReport:
    """A hard bounce or complaint of an address.

    `key` tells the event from all others, where it may be told more than once.
    """

    address: str
    kind: EventKind
    key: str = ""


def record(address: str, kind: EventKind, *, now: datetime | None = None) -> bool:
    """Record a hard bounce or complaint of `address`; return False if it gets no mail from us."""
    return bool(record_all([DeliveryReport(address.lower(), kind)], now=now))


@retried
def record_all(reports: Collection[DeliveryReport], *, now: datetime | None = None) -> int:
    """Record `reports`, whose addresses are in lower case, in one transaction.

    Nothing is sent to the addresses from now on, and articles are paused if there are too many such
    events. A second report of an address on the same day changes nothing, nor does one with a key
    that was recorded before: its owner may have had the address tried again. Returns how many were
    new and of addresses that get mail from us; of others nothing is recorded.
    """
    now = now or timezone.now()
    known = _getting_mail({each.address for each in reports})
    new = _not_told([each for each in reports if each.address in known], now)
    StoppedAddress.objects.bulk_create(
        [StoppedAddress(address=each.address, cause=each.kind, stopped_at=now) for each in new],
        ignore_conflicts=True,
    )
    DeliveryEvent.objects.bulk_create(
        [
            DeliveryEvent(
                digest=mailbox_digest_of(each.address),
                kind=each.kind,
                day=_day(now),
                created_at=now,
            )
            for each in new
        ],
        ignore_conflicts=True,
    )
    if new:
        actions.pause_if_bad(figures(now), now)
    return len(new)


def _getting_mail(addresses: Collection[str]) -> set[str]:
    """Return those that an account, or a subscription without one, has confirmed."""
    of_accounts = EmailAddress.objects.filter(email__in=addresses, verified=True)
    subscriptions = Subscription.objects.filter(address__in=addresses, confirmed_at__isnull=False)
    found = {*of_accounts.values_list("email", flat=True)}
    return found.union(subscriptions.exclude(address="").values_list("address", flat=True))


def _not_told(reports: Collection[DeliveryReport], now: datetime) -> list[DeliveryReport]:
    """Return those without a key, and those whose key is new, which is remembered."""
    digests = {each.key: handles.digest(f"mail event:{each.key}") for each in reports if each.key}
    told = WebhookEvent.objects.filter(digest__in=digests.values())
    before = set(told.values_list("digest", flat=True))
    WebhookEvent.objects.bulk_create(
        [
            WebhookEvent(digest=digest, created_at=now)
            for digest in digests.values()
            if digest not in before
        ],
        ignore_conflicts=True,
    )
    return [each for each in reports if digests.get(each.key) not in before]


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
    deleted = 0
    for model in (DeliveryEvent, WebhookEvent):
        old = model.objects.filter(created_at__lt=before).order_by("created_at")
        ids = list(old.values_list("pk", flat=True)[:PURGED])
        deleted += model.objects.filter(pk__in=ids).delete()[0]
    return deleted + SentOnDay.objects.filter(day__lt=_day(before)).delete()[0]


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
