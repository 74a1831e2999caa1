"""What one follows, with the titles that its follower may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import User

from ..models import Subscription
from ..targets import Key, Target, TargetType, registered


@dataclass(frozen=True)
class Followed:
    """A subscription with its target; None if that is gone, or hidden from its follower."""

    subscription: Subscription
    type: TargetType
    target: Target | None


def followed(rows: Iterable[Subscription], reader: User | AnonymousUser) -> list[Followed]:
    """Return `rows` by type, the newest first within each, in a query or a few for each type."""
    by_type: dict[str, list[Subscription]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.created_at, row.pk), reverse=True):
        by_type[row.target].append(row)
    found: list[Followed] = []
    for each in registered():
        some = by_type.get(each.name, [])
        targets = each.load(reader, [key_of(row) for row in some]) if some else {}
        found += (Followed(row, each, targets.get(key_of(row))) for row in some)
    return found


def key_of(row: Subscription) -> Key:
    """Return the key of what a subscription follows."""
    return Key(row.target_id, row.detail)
