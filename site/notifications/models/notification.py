"""The model of notifications: an event that concerns a person."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..kinds import NAME_LENGTH, NotificationKind

# The columns that say which event it is.
EVENT = ("kind", "subject_id", "target", "target_id")


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Queries of notifications."""

    def unread(self) -> "NotificationQuerySet":
        """Return the notifications that are not read."""
        return self.filter(read_at__isnull=True)

    def read(self) -> "NotificationQuerySet":
        """Return the notifications that are read."""
        return self.filter(read_at__isnull=False)

    def of(self, kind: NotificationKind, target: int) -> "NotificationQuerySet":
        """Return the notifications of `kind` about the `target` with this id."""
        return self.filter(kind=kind.name, target=kind.target, target_id=target)


class Notification(models.Model):
    """One event for one recipient.

    `kind` is the name of a registered kind (`notifications.kinds`) and decides the table of the row
    `subject_id`. `target` and `target_id` say what it is about; older rows have none.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=NAME_LENGTH)
    subject_id = models.BigIntegerField()
    target = models.CharField(max_length=16, blank=True, default="", db_default="")
    target_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_id"], name="notification_once"
            ),
            models.UniqueConstraint(
                fields=["recipient", "target", "target_id"], name="notification_one_of_target"
            ),
        ]
        # A page of the inbox is a range of one of these.
        indexes: ClassVar = [
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                condition=Q(read_at__isnull=True),
                name="notification_waiting",
            ),
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                condition=Q(read_at__isnull=False),
                name="notification_done",
            ),
            models.Index(fields=["target", "target_id"], name="notification_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} for {self.recipient_id}"

    @classmethod
    def of_event(cls, row: Any, **more: Any) -> "Notification":
        """Return an unsaved notification of the event in `row`, which has the columns of one.

        `row` is an `Outgoing` or an `Unsent`; `more` are other columns of the notification.
        """
        event = {name: getattr(row, name) for name in EVENT}
        return cls(**event, **more)
