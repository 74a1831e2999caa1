"""Notify people, once of each event, and mark notifications as read."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core.db.prepared import PreparedInsert

from .models import Notification


def notify(recipient_id: int, kind: Notification.Kind, subject_id: int) -> None:
    """Notify `recipient_id` of the row `subject_id`; a second call changes nothing."""
    _NEW.run(Notification(recipient_id=recipient_id, kind=kind, subject_id=subject_id))


_NEW = PreparedInsert(Notification, ignore_conflicts=True)


def mark_read(recipient: User, *, now: datetime | None = None) -> int:
    """Mark all notifications of `recipient` as read and return how many were unread."""
    unread = Notification.objects.filter(recipient=recipient).unread()
    return unread.update(read_at=now or timezone.now())
