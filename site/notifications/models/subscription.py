"""The model of subscriptions: what an account, or an e-mail address without one, follows."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

# Characters of the columns; those of `detail` are the longest key of an answer.
TARGET_LENGTH = 16
DETAIL_LENGTH = 32
# A mailed link confirms for a week; an address gets one such e-mail a day, whatever is asked.
LINK_VALID = timedelta(days=7)
MAILED_EVERY = timedelta(hours=24)
# What nobody confirmed, and what was ended, is deleted after a month: it can be undone until then.
KEPT = timedelta(days=30)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Queries of subscriptions."""

    def active(self) -> "SubscriptionQuerySet":
        """Return those that are confirmed and not ended: their followers are told."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def waiting(self) -> "SubscriptionQuerySet":
        """Return those whose address is not confirmed yet."""
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)

    def of(self, user: "User") -> "SubscriptionQuerySet":
        """Return those of an account."""
        return self.filter(user=user)

    def of_address(self, address: str) -> "SubscriptionQuerySet":
        """Return those of an e-mail address without an account."""
        return self.filter(address=address.lower()).exclude(address="")

    def to(self, target: str, target_id: int, detail: str = "") -> "SubscriptionQuerySet":
        """Return those to one target."""
        return self.filter(target=target, target_id=target_id, detail=detail)

    def outdated(self, now: datetime | None = None) -> "SubscriptionQuerySet":
        """Return those to delete: not confirmed, or ended, for longer than `KEPT`."""
        before = (now or timezone.now()) - KEPT
        unconfirmed = Q(confirmed_at__isnull=True, created_at__lt=before)
        return self.filter(unconfirmed | Q(ended_at__lt=before))


class Subscription(models.Model):
    """One thing that an account follows, or an e-mail address that has none.

    `target` is the name of a registered type (`notifications.targets`) and decides the table of
    the row `target_id`; `detail` is a part of it, as the key of an answer. An account follows from
    one press on; an address from its confirmation on. Ended ones stay for a month, for the undo.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    # In lower case; empty where an account follows.
    address = models.EmailField(blank=True, default="")
    target = models.CharField(max_length=TARGET_LENGTH)
    target_id = models.BigIntegerField()
    detail = models.CharField(max_length=DETAIL_LENGTH, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The hash of the token in the newest e-mail that asks the address to confirm, and when that was
    # sent: in one row of each address. The token itself is in the e-mail alone.
    token_hash = models.CharField(max_length=64, blank=True, default="")
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="subscription_of_account_or_address",
                condition=Q(user__isnull=False, address="")
                | (Q(user__isnull=True) & ~Q(address="")),
            ),
            models.CheckConstraint(
                name="subscription_token_is_mailed",
                condition=Q(token_hash="", mailed_at__isnull=True)
                | (~Q(token_hash="") & Q(mailed_at__isnull=False) & ~Q(address="")),
            ),
            models.UniqueConstraint(
                fields=["user", "target", "target_id", "detail"], name="subscription_of_account"
            ),
            models.UniqueConstraint(
                fields=["address", "target", "target_id", "detail"],
                condition=~Q(address=""),
                name="subscription_of_address",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="subscription_token"
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=~Q(token_hash=""),
                name="subscription_one_token_of_address",
            ),
        ]
        indexes: ClassVar = [
            # The followers of a target, read in batches.
            models.Index(
                fields=["target", "target_id", "detail", "id"],
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
                name="subscription_followers",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(confirmed_at__isnull=True),
                name="subscription_unconfirmed",
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=False),
                name="subscription_ended",
            ),
        ]

    def __str__(self) -> str:
        what = f"{self.target} {self.target_id} {self.detail}".strip()
        return f"{what} for {self.user_id or 'an address'}"

    @property
    def is_active(self) -> bool:
        """Whether the follower is told."""
        return self.confirmed_at is not None and self.ended_at is None
