"""Acts that count in figures by answer: those of settled readers, neither banned nor erased."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Counted(models.Model):
    """An act of a reader that counts in public figures from when its reader is settled.

    `comments.actions.settling` decides when that is.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # When the answer it was given under is old enough; null in rows that the release before wrote.
    counts_from = models.DateTimeField(null=True, blank=True)
    # When it began to count; null until then.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_settled_in_time",
                condition=Q(settled_at__isnull=True)
                | Q(counts_from__isnull=False, settled_at__gte=F("counts_from")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["counts_from"],
                condition=Q(settled_at__isnull=True),
                name="%(class)s_waiting",
            ),
        ]


# Rows of the release before count as they did, until a round has decided about them.
COUNTED = Q(reader__banned_at__isnull=True, reader__erased_at__isnull=True) & (
    Q(settled_at__isnull=False) | Q(counts_from__isnull=True)
)
