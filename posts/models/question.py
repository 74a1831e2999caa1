"""Store the closing question of a post, its stances, and the versions of both wordings."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publication.answers import MEANING_MAX, WORD_MAX

from .post import Post

if TYPE_CHECKING:
    from accounts.models import User


class StanceShape(models.TextChoices):
    """Name the six shapes of two circles; a stance shows its shape beside its word."""

    APART = "apart", _("two circles apart")
    WITHIN = "within", _("one circle in the other")
    CROSSING = "crossing", _("two circles crossing")
    TOUCHING = "touching", _("two circles touching")
    OPEN = "open", _("one circle, one open")
    STACKED = "stacked", _("one circle above the other")


class StanceColour(models.TextChoices):
    """Name five colours that colour-blind readers can distinguish, 4.5:1 in both themes."""

    BLUE = "blue", _("blue")
    ORANGE = "orange", _("orange")
    GREEN = "green", _("green")
    PLUM = "plum", _("plum")
    SLATE = "slate", _("slate")


class Question(models.Model):
    """Store the question that a post asks its readers, at most one per post."""

    class Reveal(models.TextChoices):
        """Name the times when readers see the totals, the earliest first."""

        ALWAYS = "always", _("always")
        AFTER_ANSWER = "after_answer", _("to each reader after they answer")
        AFTER_CLOSE = "after_close", _("to everybody from a time you choose")

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="question")
    version = models.ForeignKey(
        "posts.QuestionVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reveal = models.CharField(max_length=16, choices=Reveal.choices, default=Reveal.ALWAYS)
    # The time from which everybody sees the totals, whatever `reveal` is.
    closes_at = models.DateTimeField(null=True, blank=True)
    # The question of an earlier part that this one asks again; fixed once it has answers.
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="question_closing_has_a_time",
                condition=~Q(reveal="after_close") | Q(closes_at__isnull=False),
            ),
            models.CheckConstraint(
                name="question_carried_from_another",
                condition=Q(carried_from__isnull=True) | ~Q(carried_from=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.version.text if self.version else ""

    def shows_totals(self, *, has_answered: bool = False, now: datetime | None = None) -> bool:
        """Return whether a reader who has answered, or has not, may see the totals at `now`."""
        if self.reveal == self.Reveal.ALWAYS or self.is_closed(now):
            return True
        return self.reveal == self.Reveal.AFTER_ANSWER and has_answered

    @classmethod
    def shows_to_all(cls, prefix: str = "", now: datetime | None = None) -> Q:
        """Return the condition for questions that show everybody their totals at `now`.

        `prefix` leads to the question from the rows that are asked for.
        """
        closed = Q(**{f"{prefix}closes_at__lte": now or timezone.now()})
        return Q(**{f"{prefix}reveal": cls.Reveal.ALWAYS}) | closed

    def is_closed(self, now: datetime | None = None) -> bool:
        """Return whether `closes_at` has passed at `now`, so that everybody sees the totals."""
        return self.closes_at is not None and self.closes_at <= (now or timezone.now())

    def is_sealed_by(self, person: "User", now: datetime | None = None) -> bool:
        """Return whether `person` has a sealed answer to this question that is closed at `now`."""
        sealed = self.sealed_answers.all()
        return any(one.author_id == person.pk and one.is_closed(now) for one in sealed)

    @property
    def shows_totals_to_all(self) -> bool:
        """Return whether everybody may see the totals now."""
        return self.shows_totals()

    @property
    def answer_count(self) -> int:
        """Return the number of readers with an answer, each counted once."""
        return sum(stance.answer_count for stance in self.stances.all())

    @property
    def offered(self) -> "list[Stance]":
        """Return the stances readers can choose now, in the author's order."""
        return [stance for stance in self.stances.all() if stance.is_offered]


class QuestionVersion(models.Model):
    """Store one wording of a question. Versions are added, never changed."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.CharField(_("question"), max_length=300)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_unique"),
        ]

    def __str__(self) -> str:
        return self.text


class Stance(models.Model):
    """Store one answer to a question. Its key never changes; its wording has versions."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="stances")
    key = models.SlugField(max_length=32)
    position = models.PositiveSmallIntegerField()
    shape = models.CharField(max_length=16, choices=StanceShape.choices)
    colour = models.CharField(max_length=16, choices=StanceColour.choices)
    # Copies from the wording of the question's current version, so that lists need no join.
    word = models.CharField(_("word"), max_length=WORD_MAX)
    meaning = models.CharField(_("meaning"), max_length=MEANING_MAX, blank=True)
    is_offered = models.BooleanField(default=True)
    # Readers whose latest answer this is. Written by `comments`; `check_integrity` recounts it.
    answer_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "key"], name="stance_key_unique"),
            models.CheckConstraint(
                name="stance_known_look",
                condition=Q(shape__in=[value for value, _label in StanceShape.choices])
                & Q(colour__in=[value for value, _label in StanceColour.choices]),
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def count_answers(self, change: int) -> None:
        """Add `change` to the stored number of readers with this answer."""
        Stance.objects.filter(pk=self.pk).update(answer_count=F("answer_count") + change)


class StanceWording(models.Model):
    """Store the word and meaning of a stance in one version of its question."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="wordings")
    stance = models.ForeignKey(Stance, on_delete=models.PROTECT, related_name="wordings")
    word = models.CharField(max_length=WORD_MAX)
    meaning = models.CharField(max_length=MEANING_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "stance"], name="stance_wording_unique"),
        ]

    def __str__(self) -> str:
        return self.word
