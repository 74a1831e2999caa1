"""Remember that an address ended following, as a keyed hash and without a date of deletion.

A row that was ended is deleted after a month. A list that is imported later, perhaps an old one,
must not bring its address back.
"""

from collections.abc import Collection, Iterable

from django.utils import timezone

from ..addresses import digest_of
from ..models import Subscription, SubscriptionQuerySet
from .models import FormerFollower
from .offered import types

# Stands for the address of nobody.
_NOBODY = ""


def remember(rows: SubscriptionQuerySet) -> None:
    """Remember the followers of those of `rows` that were ended; before the rows are deleted."""
    _store(rows.filter(ended_at__isnull=False))


def remember_all(rows: SubscriptionQuerySet) -> None:
    """Remember the followers of `rows`, which their account is erased with, and so ends."""
    _store(rows)


def remember_address(address: str, rows: SubscriptionQuerySet) -> None:
    """Remember `address` if one of its `rows` was ended; before somebody asks to begin it again.

    The same two statements run in either case: the time they take says nothing.
    """
    has_ended = _followed(rows).filter(ended_at__isnull=False).exists()
    _insert([FormerFollower(digest=digest_of(address if has_ended else _NOBODY))])


def _store(rows: SubscriptionQuerySet) -> None:
    now = timezone.now()
    followed = _followed(rows).select_related("user").prefetch_related("user__emailaddress_set")
    _insert(
        FormerFollower(digest=digest_of(address), ended_at=row.ended_at or now)
        for row in followed
        for address in _addresses(row)
    )


def _followed(rows: SubscriptionQuerySet) -> SubscriptionQuerySet:
    """Return those of `rows` that brought articles."""
    return rows.filter(target__in=[each.name for each in types()], confirmed_at__isnull=False)


def _addresses(row: Subscription) -> set[str]:
    """Return the address of a follower, or all confirmed ones of the account: lists have any."""
    if row.user is None:
        return {row.address}
    stored = row.user.emailaddress_set.all()  # type: ignore[attr-defined]
    confirmed = {each.email for each in stored if each.verified}
    return confirmed | ({row.user.email} if row.user.email else set())


def _insert(rows: Iterable[FormerFollower]) -> None:
    FormerFollower.objects.bulk_create(rows, ignore_conflicts=True)


def among(addresses: Collection[str]) -> set[str]:
    """Return those of `addresses` that are remembered."""
    by_digest = {digest_of(address): address for address in addresses}
    found = FormerFollower.objects.filter(digest__in=by_digest).values_list("digest", flat=True)
    return {by_digest[digest] for digest in found}
