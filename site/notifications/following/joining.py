"""Let an account take over what its confirmed address followed without one."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from accounts.models import User
from core.db.transactions import retried

from .. import reading
from ..actions import News, notify
from ..models import Notification, Outgoing, Subscription
from .listing import key_of


@retried
def join(user: User, address: str) -> None:
    """Give `user` the confirmed subscriptions of `address`; what both have stays one.

    What nobody confirmed stays with the address: anybody may have asked for it. What waits to be
    mailed to the address is told to the account instead.
    """
    rows = Subscription.objects.of_address(address).filter(confirmed_at__isnull=False)
    _tell(user, list(Outgoing.objects.filter(subscription__in=rows, done_at__isnull=True)))
    mine = {(row.target, key_of(row)): row for row in Subscription.objects.of(user)}
    double = [row for row in rows if (row.target, key_of(row)) in mine]
    own = [mine[row.target, key_of(row)] for row in double]
    # Of two rows the one of the address stays: the links in its mails name it.
    again = [row.pk for row, other in zip(double, own, strict=True) if other.is_active]
    Subscription.objects.filter(pk__in=[row.pk for row in own]).delete()
    Subscription.objects.filter(pk__in=again).update(ended_at=None)
    rows.update(user=user, address="", token_hash="", mailed_at=None)


def _tell(user: User, waiting: list[Outgoing]) -> None:
    """Notify `user` of what is `waiting` in the outbox for an address, as far as they may read it.

    Nobody is notified of what they wrote themselves.
    """
    told = [Notification.of_event(row, recipient=user, pk=row.pk) for row in waiting]
    for row in reading.read(user, told):
        event, by = row.notification, row.content.person
        if event.target_id is not None and by != user:
            notify(row.kind, News(user.pk, event.subject_id, event.target_id), cause=None)
    Outgoing.objects.filter(pk__in=[row.pk for row in waiting]).delete()


@receiver(email_confirmed)
def take_over(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Join what the address followed to the account that has just confirmed it."""
    join(email_address.user, email_address.email)
