"""Notifications: that something happened which a person wants to know of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Questions about many notifications."""

    def unread(self) -> "NotificationQuerySet":
        """Return those the recipient has not seen yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One thing told to one person, once. `subject_id` is the row it is about, named by `kind`."""

    class Kind(models.TextChoices):
        """What happened."""

        REPLY = "reply"
        CREDIT = "credit"
        CREDIT_REMOVED = "credit_removed"

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
