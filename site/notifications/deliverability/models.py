"""The models of what becomes of sent mail: events, mails counted by day, pauses of articles."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .figures import Figures

# Hexadecimal digits of SHA-256.
DIGEST_LENGTH = 64


class EventKind(models.TextChoices):
    """What a provider tells of a mail that was sent."""

    BOUNCE = "bounce", _("the address does not exist")
    COMPLAINT = "complaint", _("reported as spam")


class DeliveryEvent(models.Model):
    """One hard bounce or complaint. Of the mailbox only a keyed hash is stored."""

    kind = models.CharField(max_length=9, choices=EventKind.choices)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delivery_event_known", condition=Q(kind__in=EventKind.values)
            ),
            # Providers tell of one event several times.
            models.UniqueConstraint(
                fields=["digest", "kind", "day"], name="delivery_event_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"


class WebhookEvent(models.Model):
    """An event that a provider told, as a keyed hash: told again, it changes nothing."""

    digest = models.CharField(max_length=DIGEST_LENGTH)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="webhook_event_once"),
        ]

    def __str__(self) -> str:
        return f"told {self.created_at}"


class SentOnDay(models.Model):
    """How many mails about notifications were sent on one day (UTC)."""

    day = models.DateField(unique=True)
    mails = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.mails} on {self.day}"

    @classmethod
    def count(cls, day: date) -> None:
        """Add one mail to `day`."""
        counted = cls.objects.filter(day=day)
        if not counted.update(mails=models.F("mails") + 1):
            cls.objects.get_or_create(day=day)
            counted.update(mails=models.F("mails") + 1)


class PauseReason(models.TextChoices):
    """Why articles are not sent."""

    BOUNCES = "bounces", _("Too many addresses do not exist.")
    COMPLAINTS = "complaints", _("Too many people reported our e-mails as spam.")
    BY_HAND = "by_hand", _("An admin paused it.")


class ArticlePause(models.Model):
    """A time in which no article is sent by mail: why, by which figures, and how it ended.

    One is current at a time. `paused_by` and `ended_by` are empty for the site itself.
    """

    reason = models.CharField(max_length=10, choices=PauseReason.choices)
    sent = models.PositiveIntegerField(default=0)
    bounces = models.PositiveIntegerField(default=0)
    complaints = models.PositiveIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    paused_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="article_pause_reason_known", condition=Q(reason__in=PauseReason.values)
            ),
            models.CheckConstraint(
                name="article_pause_current_until_ended",
                condition=Q(is_current=True, ended_at__isnull=True)
                | Q(is_current=False, ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="article_pause_one_is_current",
            ),
        ]

    def __str__(self) -> str:
        return f"paused {self.paused_at}: {self.reason}"

    @property
    def figures(self) -> Figures:
        """The figures of the days before the pause."""
        return Figures(self.sent, self.bounces, self.complaints)
