"""The model of suspensions."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .user import User


class Suspension(models.Model):
    """A period in which a person may not write; without an end it is a ban."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions_given")
    reason = models.CharField(max_length=32)
    started_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="suspensions_lifted"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="suspension_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("started_at")),
            ),
            models.CheckConstraint(
                name="suspension_lifted_by_someone",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.ends_at or 'further notice'}"
