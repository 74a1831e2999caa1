"""Notify people, once of each event."""

from core.db.prepared import PreparedInsert

from .models import Notification


def notify(recipient_id: int, kind: Notification.Kind, subject_id: int) -> None:
    """Notify `recipient_id` of the row `subject_id`; a second call changes nothing."""
    _NEW.run(Notification(recipient_id=recipient_id, kind=kind, subject_id=subject_id))


_NEW = PreparedInsert(Notification, ignore_conflicts=True)
