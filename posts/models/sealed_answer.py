"""Store sealed answers: authors' answers to their own questions, hidden until they open."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ..querysets import SealedAnswerQuerySet
from .question import Question, QuestionVersion, Stance


class SealedAnswer(models.Model):
    """Store an author's answer, hidden from everybody else until it opens.

    It opens at the time `opens_at` or with `opens_after` answers of readers, whichever comes first.
    Pages read it through `for_readers`, which does not load the stance of a closed one.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="sealed_answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sealed_answers"
    )
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    # Null once withdrawn, since the answer must then stay unknown.
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opens_at = models.DateTimeField(null=True, blank=True)
    opens_after = models.PositiveIntegerField(null=True, blank=True)
    # The last time its author changed the answer or its conditions.
    sealed_at = models.DateTimeField(default=timezone.now)
    # Set by `comments`, together with the record that counts it among all answers.
    opened_at = models.DateTimeField(null=True, blank=True)
    # Set instead of deleting the row where readers had answered: the author cannot seal again.
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
        """Return whether everybody may read the answer at `now`, opened by a worker or not."""
        if self.opened_at is not None:
            return True
        return self.opens_at is not None and self.opens_at <= (now or timezone.now())

    def is_closed(self, now: datetime | None = None) -> bool:
        """Return whether it is valid and only its author may read it at `now`."""
        return self.withdrawn_at is None and not self.is_open(now)

    def opening_time(self, now: datetime) -> datetime:
        """Return when an answer due at `now` opens: at `opens_at` if it has passed, else now."""
        if self.opens_at is not None and self.opens_at <= now:
            return self.opens_at
        return max(now, self.sealed_at)

    @property
    def unsealed_at(self) -> datetime | None:
        """Return the time when an open answer opened."""
        return self.opened_at or self.opens_at

    @property
    def open_stance(self) -> Stance | None:
        """Return the stance of a row read through `for_readers`, None while it is closed."""
        stance: int | None = self.open_stance_id  # type: ignore[attr-defined]
        return next((one for one in self.question.stances.all() if one.pk == stance), None)


class LateSealing(models.Model):
    """Note that an author sealed an answer, or another one, when readers had answered already.

    Readers are told once it opens. Rows are added, and go with the sealed answer only.
    """

    sealed = models.ForeignKey(SealedAnswer, on_delete=models.CASCADE, related_name="late_sealings")
    at = models.DateTimeField()
    # How many readers' answers counted then; 0 where all had been taken back.
    answers = models.PositiveIntegerField()
    is_change = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sealed"], condition=Q(is_change=False), name="late_sealing_one_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sealed_id} after {self.answers}"
