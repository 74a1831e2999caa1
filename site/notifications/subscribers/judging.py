"""Judge addresses of an import: who follows already, who ended it, where no e-mail goes.

Nobody learns from it who has an account: what is true of an account is said as of its address.
"""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Count, Q
from django.db.models.functions import Lower

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
    lower = EmailAddress.objects.annotate(lower=Lower("email")).select_related("user")
    people = {str(row.lower): row.user for row in lower.filter(lower__in=addresses, verified=True)}
    by_person = {person.pk: address for address, person in people.items()}
    reasons: dict[str, LeftOut] = dict.fromkeys(_full(addresses), LeftOut.FULL)
    mine = Q(address__in=addresses) | Q(user__in=by_person)
    for row in offered.subscriptions().filter(mine, confirmed_at__isnull=False):
        address = row.address or by_person[row.user_id or 0]
        is_this = (row.target, row.target_id, row.detail) == (target, *key)
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


def _full(addresses: Collection[str]) -> list[str]:
    """Return those of `addresses` that follow, or are asked about, as much as one may."""
    held = Subscription.objects.filter(address__in=addresses, ended_at__isnull=True)
    counted = held.values("address").annotate(
        all=Count("pk"), waiting=Count("pk", filter=Q(confirmed_at__isnull=True))
    )
    full = Q(all__gte=limits.FOLLOWED_MAX) | Q(waiting__gte=limits.FOLLOWS_WAITING)
    return list(counted.filter(full).values_list("address", flat=True))
