"""Telling people things, once each, and remembering that they have seen them."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core.db.prepared import PreparedInsert

from .models import Notification


def notify(recipient_id: int, kind: Notification.Kind, subject_id: int) -> None:
    """Tell the person `recipient_id` of the row `subject_id`; a second time changes nothing."""
    _NEW.run(Notification(recipient_id=recipient_id, kind=kind, subject_id=subject_id))


_NEW = PreparedInsert(Notification, ignore_conflicts=True)


def mark_read(recipient: User, *, now: datetime | None = None) -> int:
    """Mark everything told to `recipient` as seen and return how much that was."""
    unread = Notification.objects.filter(recipient=recipient).unread()
    return unread.update(read_at=now or timezone.now())
