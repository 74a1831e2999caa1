"""Store promises: sentences of a post that announce more, and the parts that keep them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .post import Post, PostState
from .series import Part


class PromiseState(models.TextChoices):
    """Name the states of a promise, which follow from the parts that are to keep it."""

    OPEN = "open", _("open")
    DRAFTING = "drafting", _("drafting")
    SCHEDULED = "scheduled", _("scheduled")
    KEPT = "kept", _("kept")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Promise(models.Model):
    """Store a promising sentence, located in the post by its text and the text around it.

    `exact`, `prefix` and `suffix` are a TextQuoteSelector of the W3C Web Annotation Data Model.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="promises")
    exact = models.CharField(_("the sentence"), max_length=500)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    note = models.CharField(_("what it promises"), max_length=120, blank=True)
    parts: "models.ManyToManyField[Part, models.Model]" = models.ManyToManyField(
        Part, blank=True, related_name="promises"
    )
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "exact", "prefix"], name="promise_once"),
            models.CheckConstraint(
                name="promise_withdrawn_says_why",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.note or self.exact

    def kept_parts(self, now: datetime | None = None) -> list[Part]:
        """Return the parts of this promise that are published at `now`."""
        return [part for part in self.parts.all() if part.published_post(now)]

    def state(self, now: datetime | None = None) -> PromiseState:
        """Return the state of the promise at `now`: kept once all its parts are published."""
        if self.withdrawn_at is not None:
            return PromiseState.WITHDRAWN
        states = [part.post.state(now) if part.post else None for part in self.parts.all()]
        if states and all(state == PostState.PUBLISHED for state in states):
            return PromiseState.KEPT
        if PostState.SCHEDULED in states:
            return PromiseState.SCHEDULED
        if PostState.DRAFT in states:
            return PromiseState.DRAFTING
        return PromiseState.OPEN
