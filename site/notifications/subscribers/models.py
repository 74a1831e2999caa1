"""The models of imported subscribers: a file, its rows, stated consents, former followers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models.subscription import DETAIL_LENGTH, TARGET_LENGTH

# Hexadecimal digits of SHA-256.
DIGEST_LENGTH = 64
# Characters of an address, and of where consent was given.
ADDRESS_LENGTH, PLACE_LENGTH = 254, 200


class ImportState(models.TextChoices):
    """How far an import is."""

    TRIAL = "trial", _("nothing was imported yet")
    RUNNING = "running", _("is being imported")
    DONE = "done", _("was imported")


class RowOutcome(models.TextChoices):
    """What becomes of a row."""

    ACTIVE = "active", _("follows at once, because the file states consent")
    ASKED = "asked", _("gets an e-mail that asks to confirm")
    LEFT = "left", _("is left out")


class LeftOut(models.TextChoices):
    """Why a row is left out. The label is the sentence of the report."""

    ADDRESS = "address", _("This is not an e-mail address.")
    DOUBLE = "double", _("The address is in the file more than once.")
    DATE = "date", _("The date of consent has to be in the past, and written as 2026-01-31.")
    CELLS = "cells", _("The row has more cells than the first row.")
    OUT = "out", _("The file says that this address gets no e-mail any more.")
    FOLLOWS = "follows", _("The address already follows this.")
    ENDED = "ended", _("The owner of this address stopped following. Only they can follow again.")
    CLOSED = "closed", _("We send no e-mail to this address at the moment.")
    FULL = "full", _("The address has reached the most that one address can follow.")
    GONE = "gone", _("What the address would follow is no longer there.")


class ColumnUse(models.TextChoices):
    """What is read from a column of a file."""

    ADDRESS = "address", _("the address")
    DATE = "date", _("the day of consent")
    PLACE = "place", _("where consent was given")
    SIGN_UP = "sign-up", _("a sign-up by form that was confirmed, which states consent")
    OUT = "out", _("who gets no e-mail any more, and is left out")
    SINCE = "since", _("no consent: the day may be that of another list, so these are asked")
    UNREAD = "unread", _("not read")


class SubscriberImport(models.Model):
    """A file of addresses that are to follow one target.

    A trial until an admin presses; then a job imports its rows, in the order of their lines.
    """

    form_key = models.UUIDField(unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    target = models.CharField(max_length=TARGET_LENGTH)
    target_id = models.BigIntegerField()
    detail = models.CharField(max_length=DETAIL_LENGTH, blank=True, default="")
    # JSON: the names of the columns of the file, in its order, each with a `ColumnUse`.
    columns = models.TextField(blank=True, default="", db_default="")
    state = models.CharField(max_length=7, choices=ImportState.choices, default=ImportState.TRIAL)
    made_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="subscriber_import_state_known",
                condition=Q(state="trial", started_at__isnull=True, done_at__isnull=True)
                | Q(state="running", started_at__isnull=False, done_at__isnull=True)
                | Q(state="done", started_at__isnull=False, done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}: {self.state}"


class ImportRow(models.Model):
    """One row of a file: what it says, and what becomes of it.

    Before the import `outcome` is what would happen; `done` says that it did. `address` is as in
    the file where it is none.
    """

    of = models.ForeignKey(SubscriberImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    address = models.CharField(max_length=ADDRESS_LENGTH)
    consent_on = models.DateField(null=True, blank=True)
    consent_place = models.CharField(max_length=PLACE_LENGTH, blank=True, default="")
    outcome = models.CharField(max_length=6, choices=RowOutcome.choices)
    reason = models.CharField(max_length=7, choices=LeftOut.choices, blank=True, default="")
    done = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "line"], name="import_row_once"),
            models.CheckConstraint(
                name="import_row_outcome_known",
                condition=Q(outcome="left", reason__in=LeftOut.values)
                | Q(outcome="active", reason="", consent_on__isnull=False) & ~Q(consent_place="")
                | Q(outcome="asked", reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.outcome}"

    @property
    def states_consent(self) -> bool:
        """Whether the file says when and where consent was given."""
        return self.consent_on is not None and bool(self.consent_place)


class StatedConsent(models.Model):
    """When and where a follower agreed, as the admin who imported them stated."""

    subscription = models.OneToOneField(
        "notifications.Subscription", on_delete=models.CASCADE, related_name="stated_consent"
    )
    given_on = models.DateField()
    place = models.CharField(max_length=PLACE_LENGTH)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    stated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"consent of {self.given_on}"


class FormerFollower(models.Model):
    """An address that ended following, as a keyed hash: no list may bring it back."""

    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    ended_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"ended {self.ended_at}"
