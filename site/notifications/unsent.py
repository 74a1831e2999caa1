"""Record why a notification was not sent, for the list of its recipient.

The reasons are a closed list, `UnsentReason`. Call `record` in the transaction that leaves
something out:

    unsent.record(UnsentReason.MUTED, [notification])
"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from .models import Notification, Unsent, UnsentReason
from .models.notification import EVENT

# Days for which a reason is kept: nobody asks later why they were not told.
KEPT_DAYS = 30
# Rows deleted in one statement, and statements of an hour: as many as a site writes in a busy one.
BATCH = 1_000
BATCHES = 50


def record(reason: UnsentReason, notifications: Iterable[Notification]) -> None:
    """Record that the recipients of `notifications`, saved or not, were not told, or not by mail.

    One event has one row, with the first reason; a second call changes nothing. Of a concealed
    reason only the day is stored, since the time would tell which event it was.
    """
    now = timezone.now()
    if reason.is_concealed:
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    Unsent.objects.bulk_create(
        (
            Unsent(
                recipient_id=each.recipient_id,
                reason=reason,
                created_at=now,
                **{name: getattr(each, name) for name in EVENT},
            )
            for each in notifications
        ),
        ignore_conflicts=True,
    )


def forget_old() -> int:
    """Delete the rows older than `KEPT_DAYS`, in batches, and return how many; a periodic task."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = Unsent.objects.filter(created_at__lt=before).order_by("created_at").values("pk")
    deleted = 0
    for _batch in range(BATCHES):
        last = Unsent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH]))
        number = last.delete()[0]
        deleted += number
        if number < BATCH:
            break
    return deleted
