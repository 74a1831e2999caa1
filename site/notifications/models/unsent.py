"""The model of notifications that were not sent, and the closed list of reasons."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..kinds import NAME_LENGTH

REASON_LENGTH = 16
# One sentence for all reasons that would tell about others: which of them it was stays hidden.
_CONCEALED = _("It was no longer there, or a rule of the site held it back.")

_LIMITED = _(
    "No separate e-mail: you had as many that day as we send. It is in the next daily one."
)


class UnsentReason(models.TextChoices):
    """Why something was not sent. The label is the sentence that its recipient reads.

    Nobody is notified of their own acts, and nobody is mailed what they have not asked for: that is
    not recorded.
    """

    STRONGER = "stronger", _("Another notification is about the same thing.")
    MUTED = "muted", _("No e-mail: you chose to get none about this.")
    DAILY_LIMIT = "daily_limit", _LIMITED
    ADDRESS = "address", _("No e-mail: your address does not take our e-mail.")
    ACCOUNT = "account", _("No e-mail: your account was suspended that day.")
    # It was removed, deleted or held before it could be told.
    GONE = "gone", _CONCEALED
    # Its cause was suspended, which is not for others to know.
    CAUSE = "cause", _CONCEALED

    @property
    def is_concealed(self) -> bool:
        """Whether neither the reason nor what it was about may be told."""
        return self in CONCEALED


CONCEALED = frozenset({UnsentReason.GONE, UnsentReason.CAUSE})


class Unsent(models.Model):
    """One event that its recipient was not told of in full, with the first reason for that.

    `kind`, `subject_id` and target are as those of a `Notification`.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="unsent_notifications",
        # The constraint has an index that begins with it.
        db_index=False,
    )
    reason = models.CharField(max_length=REASON_LENGTH, choices=UnsentReason.choices)
    kind = models.CharField(max_length=NAME_LENGTH)
    subject_id = models.BigIntegerField()
    target = models.CharField(max_length=16, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "kind", "subject_id"], name="unsent_once"),
            models.CheckConstraint(
                name="unsent_reason_known", condition=Q(reason__in=UnsentReason.values)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="unsent_page"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} not for {self.recipient_id}: {self.reason}"

    @property
    def sentence(self) -> str:
        """The sentence to the recipient about the reason."""
        return str(UnsentReason(self.reason).label)

    @property
    def is_concealed(self) -> bool:
        """Whether neither the reason nor what it was about may be told."""
        return UnsentReason(self.reason).is_concealed
