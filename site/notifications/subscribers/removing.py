"""Remove a subscriber: end what an address follows; for a while the admin can undo it.

Only what that press ended comes back: not what the owner of the address ended since, and nothing
to a mailbox that bounced or complained since.
"""

from datetime import datetime

from django.core import signing
from django.utils import timezone

from core import limits
from core.db.transactions import retried

from ..following import actions
from ..mailing.models import StoppedAddress
from ..models import Subscription
from .listing import followers

_SALT = "notifications.subscribers.removing"


@retried
def remove(pk: int, *, now: datetime | None = None) -> str:
    """End the subscription `pk` of an address; return what undoes it, "" if it was ended before."""
    now = now or timezone.now()
    rows = Subscription.objects.filter(pk__in=followers().filter(pk=pk).values("pk"))
    is_ended = rows.filter(ended_at__isnull=True).update(ended_at=now)
    return signing.dumps([pk, now.isoformat()], salt=_SALT) if is_ended else ""


def removed_by(token: str) -> Subscription | None:
    """Return the subscription that a removal ended and its `token` can bring back, or None."""
    try:
        pk, ended_at = signing.loads(token, salt=_SALT, max_age=limits.UNDO_OFFER)
    except signing.BadSignature:
        return None
    ended = Subscription.objects.filter(pk=pk, ended_at=datetime.fromisoformat(ended_at))
    row = ended.exclude(address="").first()
    return None if row is None or _is_stopped_since(row) else row


def _is_stopped_since(row: Subscription) -> bool:
    """Return whether mail to the address of `row` bounced or was reported since the row ended."""
    stopped = StoppedAddress.objects.filter(address__iexact=row.address)
    return stopped.filter(stopped_at__gte=row.ended_at).exists()


@retried
def undo(token: str) -> bool:
    """Undo the removal that `token` names; return False if that is too old, or is changed since.

    Raises `ActionRefused` if the address follows as much as one may by now.
    """
    row = removed_by(token)
    if row is None:
        return False
    followed = Subscription.objects.filter(address=row.address)
    actions.lock_address(followed)
    ended = followed.filter(pk=row.pk, ended_at=row.ended_at)
    if not ended.exists():
        return False
    actions.refuse_too_many(followed)
    return bool(ended.update(ended_at=None))
