"""Tables of what accounts were before a change. Passwords are hashed and still secret."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

# A weekend without a look at the mailbox must not be too long.
KEPT = timedelta(hours=72)


class SnapshotQuerySet(models.QuerySet["AccountSnapshot"]):
    """Queries of snapshots."""

    def live(self, now: datetime | None = None) -> "SnapshotQuerySet":
        """Return the snapshots whose link still works."""
        return self.filter(created_at__gt=(now or timezone.now()) - KEPT)


class AccountSnapshot(models.Model):
    """What opened an account at `as_of`, kept for `KEPT` after a change at `created_at`.

    While an earlier snapshot is live, a later change copies it: so every link leads to before the
    first of several changes, and an address added among them never gets one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snapshots"
    )
    email = models.EmailField(null=True)  # noqa: DJ001 - as in the account
    password = models.CharField(max_length=128)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField(db_index=True)

    objects = SnapshotQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id} as of {self.as_of}"


class SnapshotAddress(models.Model):
    """A verified address in a snapshot. Each was sent a link, which names this row."""

    snapshot = models.ForeignKey(
        AccountSnapshot, on_delete=models.CASCADE, related_name="addresses"
    )
    email = models.EmailField(db_index=True)
    primary = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "email"], name="snapshot_address_unique")
        ]

    def __str__(self) -> str:
        return self.email


class SnapshotFactor(models.Model):
    """A second factor in a snapshot: the columns of allauth's row, with its secret encrypted."""

    snapshot = models.ForeignKey(AccountSnapshot, on_delete=models.CASCADE, related_name="factors")
    type = models.CharField(max_length=20)
    data = models.JSONField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.type
