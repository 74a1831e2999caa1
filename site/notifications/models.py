"""The model of notifications: an event that concerns a person."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Queries of notifications."""

    def unread(self) -> "NotificationQuerySet":
        """Return the notifications that are not read."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One event for one recipient. `kind` decides the table of the row `subject_id`."""

    class Kind(models.TextChoices):
        """The kinds of events."""

        REPLY = "reply"
        CREDIT = "credit"
        CREDIT_REMOVED = "credit_removed"
        # Their name is hidden, as it looks like a role-holder's; the decision about the role.
        NAME_HIDDEN = "name_hidden"
        # A text they judged was edited, or one that a closing they judged cites; its revision.
        VERDICT_DROPPED = "verdict_dropped"
        CLOSING_DROPPED = "closing_dropped"
        # A closing they judged has a newer version, which is the subject.
        CLOSING_CHANGED = "closing_changed"

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_id"], name="notification_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["recipient"], condition=Q(read_at__isnull=True), name="notification_unread"
            ),
            models.Index(fields=["recipient", "-created_at"], name="notification_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} for {self.recipient_id}"
