"""Find to whom rows of the outbox go, and whether mail may be sent there now."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from publication import current

from ..models import Subscription, SubscriptionQuerySet
from . import ways
from .models import DropReason, Outgoing, StoppedAddress


class ReceiverKey(NamedTuple):
    """Which receiver: the id of a person, or an address without an account."""

    person: int | None
    address: str


@dataclass(frozen=True)
class Receiver:
    """A person or an address, with what decides about mail to it.

    `closed` is why nothing may be sent there, if so. `subscriptions` are the ids of those that
    still hold.
    """

    key: ReceiverKey
    address: str
    zone: ZoneInfo
    closed: DropReason | None = None
    person: User | None = None
    choices: ways.Choices | None = None
    subscriptions: frozenset[int] = frozenset()

    @property
    def reader(self) -> User | AnonymousUser:
        """As whom the receiver reads what a mail says."""
        return self.person or AnonymousUser()

    def suspended_until(self, now: datetime) -> datetime | None:
        """Return until when the person is suspended; None for nobody, and for good if banned."""
        until = self.person.suspended_until if self.person else None
        return until if until is not None and until > now else None


def key_of(row: Outgoing) -> ReceiverKey:
    """Return to whom `row` goes."""
    return ReceiverKey(row.person_id, row.address)


def lock(key: ReceiverKey) -> bool:
    """Lock the receiver until the transaction ends; False if another worker has it locked.

    So one worker alone decides what a receiver gets. The account may be read and referred to. Of an
    address its first subscription is locked: "the first that nobody has locked" would be another
    one for each worker. One whose subscriptions an account took over meanwhile gets nothing more.
    """
    if key.person is not None:
        people = User.objects.select_for_update(skip_locked=True, no_key=True)
        return people.filter(pk=key.person).values_list("pk").first() is not None
    of_address = Subscription.objects.filter(address=key.address)
    first = of_address.aggregate(pk=Min("pk"))["pk"]
    rows = of_address.select_for_update(skip_locked=True, no_key=True).filter(pk=first)
    return first is None or rows.values_list("pk").first() is not None


def lock_all(keys: Collection[ReceiverKey]) -> set[ReceiverKey]:
    """Lock receivers as `lock` does one, and return those that no other worker has locked."""
    ids = [key.person for key in keys if key.person is not None]
    people = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=ids)
    locked = {ReceiverKey(pk, "") for pk in people.order_by("pk").values_list("pk", flat=True)}
    addresses = [key.address for key in keys if key.person is None]
    of_them = Subscription.objects.filter(address__in=addresses).order_by()
    first = dict(of_them.values("address").values_list("address", Min("pk")))
    rows = Subscription.objects.select_for_update(skip_locked=True, no_key=True)
    mine = set(rows.filter(pk__in=first.values()).order_by("pk").values_list("pk", flat=True))
    free = {address for address in addresses if first.get(address) in (None, *mine)}
    return locked | {ReceiverKey(None, address) for address in free}


def receiver_of(key: ReceiverKey) -> Receiver:
    """Return the receiver with all that decides about mail to it."""
    return receivers_of([key])[key]


def receivers_of(keys: Collection[ReceiverKey]) -> dict[ReceiverKey, Receiver]:
    """Return receivers by their keys, in a few queries for all of them."""
    people = [key.person for key in keys if key.person is not None]
    addresses = [key.address for key in keys if key.person is None]
    found = _people(people) if people else {}
    return found | (_addresses(addresses) if addresses else {})


def zone_of(person: User) -> ZoneInfo:
    """Return the time zone of `person`: their own, or that of the site."""
    return person.zone or current.current().zone


def reachable(people: "QuerySet[User]") -> Any:
    """Return those of `people` to whom mail that is not about themselves may be sent."""
    open_ones = people.filter(erased_at=None, is_active=True, banned_at=None)
    flagged = _with_flags(open_ones.filter(claimed_at__isnull=False))
    return flagged.filter(has_confirmed=True, is_stopped=False)


def _with_flags(people: "QuerySet[User]") -> Any:
    of_them = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    confirmed = of_them.annotate(lower=Lower("email")).filter(lower=Lower(OuterRef("email")))
    return people.annotate(
        has_confirmed=Exists(confirmed), is_stopped=Exists(_stopped(OuterRef("email")))
    )


def _people(ids: Collection[int]) -> dict[ReceiverKey, Receiver]:
    people = _with_flags(User.objects.filter(pk__in=ids))
    choices = ways.choices_of_all(ids)
    held = _held(Subscription.objects.filter(user__in=ids), "user_id")
    return {
        (key := ReceiverKey(person.pk, "")): Receiver(
            key=key,
            address=person.email or "",
            zone=zone_of(person),
            closed=_closed(person),
            person=cast(User, person),
            choices=choices.get(person.pk, {}),
            subscriptions=frozenset(held[person.pk]),
        )
        for person in people.prefetch_related("role_grants")
    }


def _closed(person: User) -> DropReason | None:
    """Return why `person` can be sent nothing at all; needs the flags of `_with_flags`."""
    if person.erased_at is not None or not person.is_active:
        return DropReason.CLOSED
    if not person.has_confirmed or person.claimed_at is None:  # type: ignore[attr-defined]
        return DropReason.NO_ADDRESS
    return DropReason.STOPPED if person.is_stopped else None  # type: ignore[attr-defined]


def _addresses(addresses: Collection[str]) -> dict[ReceiverKey, Receiver]:
    held = _held(Subscription.objects.filter(address__in=addresses), "address")
    lower = StoppedAddress.objects.annotate(lower=Lower("address"))
    stopped = set(lower.filter(lower__in=addresses).values_list("lower", flat=True))
    return {
        (key := ReceiverKey(None, address)): Receiver(
            key=key,
            address=address,
            zone=current.current().zone,
            closed=DropReason.STOPPED if address in stopped else None,
            subscriptions=frozenset(held[address]),
        )
        for address in addresses
    }


def _held(rows: SubscriptionQuerySet, whose: str) -> dict[Any, set[int]]:
    """Return the ids of those of `rows` that still hold, by the column `whose`."""
    found: dict[Any, set[int]] = defaultdict(set)
    for follower, pk in rows.active().values_list(whose, "pk"):
        found[follower].add(pk)
    return found


def _stopped(address: OuterRef) -> QuerySet[StoppedAddress]:
    """Return the row that stops mail to `address`, if there is one."""
    return StoppedAddress.objects.annotate(lower=Lower("address")).filter(lower=Lower(address))
