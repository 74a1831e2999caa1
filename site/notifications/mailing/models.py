"""The models of mail about notifications: the outbox, choices of ways, stopped addresses."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..kinds import NAME_LENGTH, Way

# Characters: a type of target or a word, a colon, and a name or a number.
SCOPE_LENGTH = 48


class OutgoingState(models.TextChoices):
    """What has become of a row of the outbox."""

    WAITING = "waiting", _("waits for its time")
    READY = "ready", _("is being sent")
    SENT = "sent", _("was sent")
    DROPPED = "dropped", _("was not sent")


class DropReason(models.TextChoices):
    """Why something was not sent."""

    NOT_WANTED = "not_wanted", _("you do not want e-mail about it")
    NOT_ASKED = "not_asked", _("you have not asked for e-mail about it")
    READ = "read", _("you had read it here before")
    GONE = "gone", _("it is no longer there, or something newer took its place")
    NO_ADDRESS = "no_address", _("you have no confirmed address")
    STOPPED = "stopped", _("your address does not take our e-mail")
    CLOSED = "closed", _("your account was closed")
    BANNED = "banned", _("your account is suspended for good")
    REFUSED = "refused", _("your e-mail provider refused it")
    FAILED = "failed", _("it could not be sent")


class Outgoing(models.Model):
    """One event for one receiver, a person or an address that has no account.

    `kind` and `subject_id` say which event, as in a notification; `scope` what a link in the mail
    ends. `due_at` is when the row is looked at next: at first, when its mail is due, and while a
    worker sends it, when another may. Rows with the same `mail` are sent together. `issue` is the
    id of what a newsletter sends, such as an article: a receiver gets one row of it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="outgoing",
    )
    subscription = models.ForeignKey(
        "notifications.Subscription",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="outgoing",
    )
    # In lower case; empty for a person, whose address is read when the mail is sent.
    address = models.EmailField(blank=True, default="")
    kind = models.CharField(max_length=NAME_LENGTH)
    subject_id = models.BigIntegerField()
    target = models.CharField(max_length=16, blank=True, default="")
    target_id = models.BigIntegerField(null=True, blank=True)
    issue = models.BigIntegerField(null=True, blank=True)
    scope = models.CharField(max_length=SCOPE_LENGTH)
    state = models.CharField(
        max_length=8, choices=OutgoingState.choices, default=OutgoingState.WAITING
    )
    way = models.CharField(max_length=8, choices=Way.choices, blank=True, default="")
    reason = models.CharField(max_length=16, choices=DropReason.choices, blank=True, default="")
    mail = models.UUIDField(null=True, blank=True)
    # Whether it counts for the limit of mails in a day.
    counts = models.BooleanField(default=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outgoing_to_person_or_address",
                condition=Q(person__isnull=False, subscription__isnull=True, address="")
                | (Q(person__isnull=True, subscription__isnull=False) & ~Q(address="")),
            ),
            models.CheckConstraint(
                name="outgoing_state_known",
                condition=Q(state="waiting", mail__isnull=True, done_at__isnull=True)
                | Q(state="ready", mail__isnull=False, done_at__isnull=True)
                | Q(state="sent", mail__isnull=False, done_at__isnull=False)
                | Q(state="dropped", done_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "subject_id"], name="outgoing_once_to_person"
            ),
            models.UniqueConstraint(
                fields=["address", "kind", "subject_id"],
                condition=~Q(address=""),
                name="outgoing_once_to_address",
            ),
            models.UniqueConstraint(
                fields=["issue", "person"],
                condition=Q(issue__isnull=False, person__isnull=False),
                name="outgoing_one_issue_to_person",
            ),
            models.UniqueConstraint(
                fields=["issue", "address"],
                condition=Q(issue__isnull=False) & ~Q(address=""),
                name="outgoing_one_issue_to_address",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "due_at", "id"],
                condition=Q(done_at__isnull=True),
                name="outgoing_due",
            ),
            models.Index(fields=["mail"], condition=Q(mail__isnull=False), name="outgoing_of_mail"),
            # The mails of a day, and the rows to delete.
            models.Index(
                fields=["person", "done_at"],
                condition=Q(state="sent"),
                name="outgoing_sent_to_person",
            ),
            models.Index(
                fields=["done_at"], condition=Q(done_at__isnull=False), name="outgoing_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} for {self.person_id or 'an address'}"


class MailChoice(models.Model):
    """The way in which a person wants mail of one scope (`mailing.scopes`)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choices"
    )
    scope = models.CharField(max_length=SCOPE_LENGTH)
    way = models.CharField(max_length=8, choices=Way.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "scope"], name="mail_choice_once"),
            models.CheckConstraint(
                name="mail_choice_known", condition=Q(way__in=[way for way, _label in Way.choices])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.way} for {self.person_id}"


class StopCause(models.TextChoices):
    """Why an address is sent nothing; the names are those of events of delivery."""

    BOUNCE = "bounce", _("there is no such mailbox")
    COMPLAINT = "complaint", _("an e-mail was reported as spam")


class StoppedAddress(models.Model):
    """An address that gets no mail about notifications, until its owner wants it tried again."""

    address = models.EmailField()
    cause = models.CharField(
        max_length=9, choices=StopCause.choices, default=StopCause.BOUNCE, db_default="bounce"
    )
    stopped_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="stopped_address_once"),
            models.CheckConstraint(
                name="stopped_address_cause_known", condition=Q(cause__in=StopCause.values)
            ),
        ]

    def __str__(self) -> str:
        return f"stopped {self.stopped_at}"
