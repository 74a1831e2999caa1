"""Readers' answers: the append-only answer history, and the latest record of each reader."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models import Authorship, Question, QuestionVersion, Stance

from ..choices import SeenTotals
from .comment import Comment


class StanceSource(models.TextChoices):
    """The ways in which a stance is recorded."""

    COMMENT = "comment", _("with a comment")
    BARE = "bare", _("without a comment")
    CHANGE = "change", _("by a change of mind")
    CORRECTION = "correction", _("by correcting a comment")
    # A comment held or approved again counts as re-tagged, as far as answers go.
    RETAG = "retag", _("by a moderator")


class StanceRecord(models.Model):
    """One answer of one reader to one question. Rows are added, never changed or deleted.

    The database refuses UPDATE, DELETE and TRUNCATE (`comments.db_triggers`).
    """

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stance_records"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="records")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    # Null: the answer was withdrawn.
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="records"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=16, choices=StanceSource.choices)
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="stance_records"
    )
    seen_totals = models.CharField(max_length=8, choices=SeenTotals.choices)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reader", "question"],
                condition=Q(supersedes__isnull=True),
                name="stance_record_one_first",
            ),
            models.CheckConstraint(
                name="stance_record_follows_older",
                condition=Q(supersedes__isnull=True) | Q(supersedes__lt=F("id")),
            ),
            models.CheckConstraint(
                name="stance_record_known",
                condition=Q(source__in=[value for value, _label in StanceSource.choices])
                & Q(seen_totals__in=[value for value, _label in SeenTotals.choices]),
            ),
            models.CheckConstraint(
                name="stance_record_comment_is_named",
                condition=~Q(
                    source__in=[StanceSource.COMMENT, StanceSource.CORRECTION, StanceSource.RETAG]
                )
                | Q(comment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on {self.question_id}: {self.stance_id}"


class CurrentStanceQuerySet(models.QuerySet["CurrentStance"]):
    """Queries of present answers."""

    def of_readers(self) -> "CurrentStanceQuerySet":
        """Return the answers of readers, neither banned nor erased; authors are none."""
        wrote = Authorship.objects.filter(post=OuterRef("question__post"), user=OuterRef("reader"))
        counted = Q(reader__banned_at__isnull=True, reader__erased_at__isnull=True)
        return self.filter(counted, ~Exists(wrote), stance__isnull=False)

    def changed(self) -> "CurrentStanceQuerySet":
        """Return those whose reader answered, or left an answer, since a round looked at them."""
        return self.exclude(followed=F("record"))


class CurrentStance(models.Model):
    """The latest record of a reader on a question: a cache that `check_integrity` rebuilds."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="current_stances")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="current_stances"
    )
    record = models.OneToOneField(StanceRecord, on_delete=models.PROTECT, related_name="+")
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="current_readers"
    )

    # The id of the record up to which a round has followed, with the verdicts of the reader.
    followed = models.BigIntegerField(default=0, db_default=0)

    objects = CurrentStanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question", "reader"], name="current_stance_one_per_reader"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["record"], condition=~Q(followed=F("record")), name="current_stance_changed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on {self.question_id}: {self.stance_id}"
