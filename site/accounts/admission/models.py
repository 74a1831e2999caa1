"""The tables of invitation links, and of the people who came by them."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core import limits

# Characters of the label of a link: a course, an event.
LABEL_MAX = 80


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries of invitation links."""

    def usable(self) -> "InvitationQuerySet":
        """Return the links that still let somebody in, each with the number `used` of its uses."""
        counted = self.annotate(used=models.Count("uses_made"))
        live = counted.filter(revoked_at__isnull=True, ends_at__gt=timezone.now())
        return live.filter(used__lt=models.F("uses"))


class Invitation(models.Model):
    """A link that lets `uses` people make an account until `ends_at`, unless it is revoked.

    The token in the link is stored as its SHA-256 only.
    """

    digest = models.CharField(max_length=64, unique=True)
    # What an admin calls it, to know it again.
    label = models.CharField(max_length=LABEL_MAX, blank=True)
    uses = models.PositiveSmallIntegerField(default=1)
    ends_at = models.DateTimeField()
    # Of the form that made it: sent twice, it makes one.
    form_key = models.UUIDField(unique=True, default=uuid4)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invitation_lets_some_in",
                condition=Q(uses__gte=1, uses__lte=limits.INVITATION_USES_MAX),
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"invitation {self.pk}"

    @property
    def last_moment(self) -> datetime:
        """The last second in which the link works."""
        return self.ends_at - timedelta(seconds=1)


class InvitationUse(models.Model):
    """The place that a person has on an invitation link; no two have the same."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="uses_made")
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitation_use"
    )
    # From 1 to the number of uses: two people who take the last one at once cannot both have it.
    place = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation", "place"], name="invitation_place_is_of_one"
            ),
            models.CheckConstraint(
                name="invitation_place_counts",
                condition=Q(place__gte=1, place__lte=limits.INVITATION_USES_MAX),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} by {self.invitation_id}"
