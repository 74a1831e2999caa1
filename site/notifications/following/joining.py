"""Let an account take over what its confirmed address followed without one."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from accounts.models import User
from core.db.transactions import retried

from ..mailing import outbox
from ..models import Subscription
from .listing import key_of


@retried
def join(user: User, address: str) -> None:
    """Give `user` the confirmed subscriptions of `address`; what both have stays one.

    What waits to be mailed to the address goes to the account. What nobody confirmed stays with the
    address: anybody may have asked for it.
    """
    rows = Subscription.objects.of_address(address).filter(confirmed_at__isnull=False)
    mine = {(row.target, key_of(row)): row for row in Subscription.objects.of(user)}
    double = [row for row in rows if (row.target, key_of(row)) in mine]
    again = [mine[row.target, key_of(row)].pk for row in double if row.is_active]
    Subscription.objects.filter(pk__in=again).update(ended_at=None)
    Subscription.objects.filter(pk__in=[row.pk for row in double]).delete()
    outbox.take_over(user, address)
    rows.update(user=user, address="", token_hash="", mailed_at=None)


@receiver(email_confirmed)
def take_over(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Join what the address followed to the account that has just confirmed it."""
    join(email_address.user, email_address.email)
