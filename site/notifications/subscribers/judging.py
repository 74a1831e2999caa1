"""Judge addresses of an import: who follows already, who ended it, where no e-mail goes.

Nobody learns from it who has an account: what is true of an account is said as of its address.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Count, Q
from django.db.models.functions import Lower

from accounts.models import User
from core import limits

from ..mailing.models import StoppedAddress
from ..models import Subscription
from ..targets import Key
from . import former, offered
from .models import LeftOut

# Addresses of one query: below the number of values that SQLite takes.
AT_ONCE = 500


def judge(addresses: Collection[str], target: str, key: Key, now: datetime) -> dict[str, LeftOut]:
    """Return why those of `addresses`, at most `AT_ONCE`, are left out that are.

    In a fixed number of queries.
    """
    confirmed = EmailAddress.objects.filter(email__in=addresses, verified=True)
    people = {row.email: row.user for row in confirmed.select_related("user")}
    reasons: dict[str, LeftOut] = dict.fromkeys(_full(addresses), LeftOut.FULL)
    mine = Q(address__in=addresses) | Q(user__in={person.pk for person in people.values()})
    for row in offered.subscriptions().filter(mine, confirmed_at__isnull=False):
        is_this = (row.target, row.target_id, row.detail) == (target, *key)
        for address in [row.address] if row.address else _addresses_of(row.user_id, people):
            if row.ended_at is not None:
                reasons[address] = LeftOut.ENDED
            elif is_this and reasons.get(address) != LeftOut.ENDED:
                reasons[address] = LeftOut.FOLLOWS
    reasons |= {
        address: LeftOut.ENDED
        for address in former.among(addresses)
        if reasons.get(address) != LeftOut.FOLLOWS
    }
    stopped = StoppedAddress.objects.annotate(lower=Lower("address"))
    closed = set(stopped.filter(lower__in=addresses).values_list("lower", flat=True))
    closed |= {
        address
        for address, person in people.items()
        if person.is_suspended(now) or not person.is_active
    }
    return reasons | dict.fromkeys(closed, LeftOut.CLOSED)


def _addresses_of(user: int | None, people: Mapping[str, User]) -> list[str]:
    """Return those of the addresses of `people` that are of the account `user`."""
    return [address for address, person in people.items() if person.pk == user]


def _full(addresses: Collection[str]) -> list[str]:
    """Return those of `addresses` that follow, or are asked about, as much as one may."""
    held = Subscription.objects.filter(address__in=addresses, ended_at__isnull=True)
    counted = held.order_by().values("address").annotate(number=Count("pk"))
    full = counted.filter(number__gte=limits.FOLLOWED_MAX)
    return list(full.values_list("address", flat=True))
