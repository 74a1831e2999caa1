"""Remember that an address ended following, as a keyed hash and without a date of deletion.

A row that was ended is deleted after a month. A list that is imported later, perhaps an old one,
must not bring its address back.
"""

from collections.abc import Collection, Iterable

from ..addresses import digest_of
from ..models import Subscription
from .models import FormerFollower
from .offered import types


def remember(rows: Iterable[Subscription]) -> None:
    """Remember the followers of those of `rows` that were ended; before the rows are deleted."""
    names = {each.name for each in types()}
    ended = [
        row
        for row in rows
        if row.target in names and row.ended_at is not None and row.confirmed_at is not None
    ]
    addresses = ((row.address or (row.user.email if row.user else ""), row) for row in ended)
    FormerFollower.objects.bulk_create(
        (
            FormerFollower(digest=digest_of(address), ended_at=row.ended_at)
            for address, row in addresses
            if address and row.ended_at
        ),
        ignore_conflicts=True,
    )


def among(addresses: Collection[str]) -> set[str]:
    """Return those of `addresses` that are remembered."""
    by_digest = {digest_of(address): address for address in addresses}
    found = FormerFollower.objects.filter(digest__in=by_digest).values_list("digest", flat=True)
    return {by_digest[digest] for digest in found}
