"""Let an account take over what its confirmed address followed without one."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from accounts.locking import lock_account
from accounts.models import User
from core.db.transactions import retried

from .. import reading
from ..actions import News, notify
from ..mailing import scopes
from ..mailing.models import OutgoingState
from ..models import Notification, Outgoing, Subscription
from . import actions
from .listing import key_of


@retried
def join(user: User, address: str) -> None:
    """Give `user` the confirmed subscriptions of `address`; what both have stays one.

    What nobody confirmed stays with the address: anybody may have asked for it. What waits to be
    mailed to the address is told to the account instead. A mail that a worker sends at this moment
    counts as sent to the account, so that the same does not come a second time.
    """
    lock_account(user.pk)
    rows = Subscription.objects.of_address(address).filter(confirmed_at__isnull=False)
    actions.lock_address(rows)
    unsent = Outgoing.objects.filter(subscription__in=rows, done_at__isnull=True)
    # Locked, so that no worker claims one of them until they are told.
    waiting = list(unsent.order_by("pk").select_for_update(of=("self",)))
    claimed = [row for row in waiting if _is_claimed(row, timezone.now())]
    for each in claimed:
        _hand_over(each, user)
    _tell(user, waiting)
    Outgoing.objects.filter(
        pk__in={row.pk for row in waiting} - {row.pk for row in claimed}
    ).delete()
    mine = {(row.target, key_of(row)): row for row in Subscription.objects.of(user)}
    double = [row for row in rows if (row.target, key_of(row)) in mine]
    own = [mine[row.target, key_of(row)] for row in double]
    # Of two rows the one of the address stays: the links in its mails name it.
    again = [row.pk for row, other in zip(double, own, strict=True) if other.is_active]
    for row, other in zip(double, own, strict=True):
        issues = Outgoing.objects.filter(person=user, scope=scopes.of_subscription(other.pk))
        issues.update(scope=scopes.of_subscription(row.pk))
    Subscription.objects.filter(pk__in=[row.pk for row in own]).delete()
    Subscription.objects.filter(pk__in=again).update(ended_at=None)
    rows.update(user=user, address="", token_hash="", mailed_at=None)


def _tell(user: User, waiting: list[Outgoing]) -> None:
    """Notify `user` of what is `waiting` in the outbox for an address, as far as they may read it.

    Nobody is notified of what they wrote themselves.
    """
    told = [Notification.of_event(row, recipient=user, pk=row.pk) for row in waiting]
    ends = {row.pk: row.scope for row in waiting if row.issue is not None}
    for row in reading.read(user, told):
        event, by = row.notification, row.content.person
        if event.target_id is not None and by != user:
            what = (user.pk, event.subject_id, event.target_id, ends.get(event.pk, ""))
            notify(row.kind, News(*what), cause=None)


def _is_claimed(row: Outgoing, now: datetime) -> bool:
    """Whether a worker sends the mail of `row` now, or has tried to and waits."""
    return row.state == OutgoingState.READY and row.due_at > now


def _hand_over(row: Outgoing, user: User) -> None:
    """Make `row` one of `user`, in place of one of the same event or issue that waits."""
    same = Q(kind=row.kind, subject_id=row.subject_id)
    if row.issue is not None:
        same |= Q(issue=row.issue)
    own = Outgoing.objects.filter(same, person=user)
    own.filter(state=OutgoingState.WAITING).delete()
    if not own.exists():
        mine = {"person": user, "subscription": None, "address": ""}
        Outgoing.objects.filter(pk=row.pk).update(**mine)


@receiver(email_confirmed)
def take_over(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Join what the address followed to the account that has just confirmed it."""
    join(email_address.user, email_address.email)
