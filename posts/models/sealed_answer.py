"""An author's own answer to the question of their post, kept sealed until readers have answered."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ..querysets import SealedAnswerQuerySet
from .question import Question, QuestionVersion, Stance


class SealedAnswer(models.Model):
    """What an author answers, known to nobody else before it opens.

    It opens at a moment, or with so many answers of readers, whichever comes first. Pages read it
    through `told`, which leaves the answer of a closed one in the database.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="sealed_answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sealed_answers"
    )
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    # Null once it was taken back: then nobody shall learn it.
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opens_at = models.DateTimeField(null=True, blank=True)
    opens_after = models.PositiveIntegerField(null=True, blank=True)
    # When its author last sealed it, with this answer or these conditions.
    sealed_at = models.DateTimeField(default=timezone.now)
    # Set by `comments`, together with the record that counts it among all answers.
    opened_at = models.DateTimeField(null=True, blank=True)
    # Kept where readers had answered before: what they were promised cannot be promised anew.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SealedAnswerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "author"], name="sealed_answer_unique"),
            models.CheckConstraint(
                name="sealed_answer_opens",
                condition=Q(opens_at__isnull=False) | Q(opens_after__isnull=False),
            ),
            models.CheckConstraint(
                name="sealed_answer_after_somebody",
                condition=Q(opens_after__isnull=True) | Q(opens_after__gte=1),
            ),
            models.CheckConstraint(
                name="sealed_answer_withdrawn_is_forgotten",
                condition=Q(withdrawn_at__isnull=True, stance__isnull=False)
                | Q(withdrawn_at__isnull=False, stance__isnull=True, opened_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sealed_answer_opens_after_sealing",
                condition=Q(opened_at__isnull=True) | Q(opened_at__gte=F("sealed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} on {self.question_id}"

    def is_open(self, now: datetime | None = None) -> bool:
        """Return whether everybody may know the answer; it needs no worker to have opened it."""
        if self.opened_at is not None:
            return True
        return self.opens_at is not None and self.opens_at <= (now or timezone.now())

    def is_closed(self, now: datetime | None = None) -> bool:
        """Return whether nobody may know it yet."""
        return self.withdrawn_at is None and not self.is_open(now)

    def opening(self, now: datetime) -> datetime:
        """Return when it opens if that is by `now`: at its moment, else with the answer of now."""
        if self.opens_at is not None and self.opens_at <= now:
            return self.opens_at
        return max(now, self.sealed_at)

    @property
    def unsealed_at(self) -> datetime | None:
        """When an open one opened."""
        return self.opened_at or self.opens_at

    @property
    def told(self) -> Stance | None:
        """The answer of one that was read through `told`, None while it is closed."""
        stance: int | None = self.told_stance  # type: ignore[attr-defined]
        return next((one for one in self.question.stances.all() if one.pk == stance), None)
