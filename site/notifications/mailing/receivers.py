"""Find to whom rows of the outbox go, and whether mail may be sent there now."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Lower

from accounts.models import User
from publication import current

from ..models import Subscription
from . import ways
from .models import DropReason, Outgoing, StoppedAddress


class ReceiverKey(NamedTuple):
    """Which receiver: the id of a person, or an address without an account."""

    person: int | None
    address: str


@dataclass(frozen=True)
class Receiver:
    """A person or an address, with what decides about mail to it.

    `closed` is why nothing may be sent there, if so. `subscriptions` are the ids of those that an
    address has and that still hold.
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


def receiver_of(key: ReceiverKey) -> Receiver:
    """Return the receiver with all that decides about mail to it, in two queries."""
    return _person(key) if key.person is not None else _address(key)


def zone_of(person: User) -> ZoneInfo:
    """Return the time zone of `person`: their own, or that of the site."""
    return person.zone or current.current().zone


def _person(key: ReceiverKey) -> Receiver:
    of_them = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    confirmed = of_them.annotate(lower=Lower("email")).filter(lower=Lower(OuterRef("email")))
    people = User.objects.annotate(
        has_confirmed=Exists(confirmed), is_stopped=Exists(_stopped(OuterRef("email")))
    ).prefetch_related("role_grants")
    person = people.get(pk=key.person)
    return Receiver(
        key=key,
        address=person.email or "",
        zone=zone_of(person),
        closed=_closed(person),
        person=cast(User, person),
        choices=ways.choices_of(person),
    )


def _closed(person: User) -> DropReason | None:
    """Return why `person` can be sent nothing at all; needs the flags that `_person` reads."""
    if person.erased_at is not None or not person.is_active:
        return DropReason.CLOSED
    if not person.has_confirmed or person.claimed_at is None:  # type: ignore[attr-defined]
        return DropReason.NO_ADDRESS
    return DropReason.STOPPED if person.is_stopped else None  # type: ignore[attr-defined]


def _address(key: ReceiverKey) -> Receiver:
    held = Subscription.objects.of_address(key.address).active().values_list("pk", flat=True)
    is_stopped = _stopped(Value(key.address)).exists()
    return Receiver(
        key=key,
        address=key.address,
        zone=current.current().zone,
        closed=DropReason.STOPPED if is_stopped else None,
        subscriptions=frozenset(held),
    )


def _stopped(address: OuterRef | Value) -> QuerySet[StoppedAddress]:
    """Return the row that stops mail to `address`, if there is one."""
    return StoppedAddress.objects.annotate(lower=Lower("address")).filter(lower=Lower(address))
