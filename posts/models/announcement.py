"""Store when the followers of a publication are notified of it, and that they were."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .post import Post


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Query announcements."""

    def due(self, now: datetime | None = None) -> "AnnouncementQuerySet":
        """Return those that are to be told at `now`, the oldest first."""
        return self.filter(told_at__isnull=True, due_at__lte=now or timezone.now()).order_by(
            "due_at", "pk"
        )


class Announcement(models.Model):
    """Tell the followers of a post's authors, series and promises of its publication, once.

    `due_at` is null while the post is taken back. A post without a row was published before there
    were any, and nobody is told of it.
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="announcement")
    due_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(told_at__isnull=True, due_at__isnull=False),
                name="announcement_due",
            ),
        ]

    def __str__(self) -> str:
        return f"announcement of {self.post_id}"
