"""Appraisals of comments and orders of discussions, computed by the ranking task; all derived."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from posts.models import Post, Stance

from .comment import Comment

# Doubtful badges listed for moderators: few enough to examine.
DOUBTFUL_SHOWN = 5


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    """Queries of appraisals."""

    def doubtful(self) -> "AppraisalQuerySet":
        """Return the newest shown comments with a doubtful badge, with their writers."""
        rows = self.filter(is_doubtful=True, comment__is_shown=True)
        return rows.select_related("comment__author").order_by("-comment")[:DOUBTFUL_SHOWN]


class Appraisal(models.Model):
    """The figures of a comment by answer of its readers, as of the newest ranking of its post."""

    comment = models.OneToOneField(
        Comment, primary_key=True, on_delete=models.PROTECT, related_name="appraisal"
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appraisals")
    lift = models.FloatField(default=1.0)
    # How far apart the answers are about it (`ranking.lift.spread`), as the log of a ratio;
    # null with figures of fewer than two answers.
    spread = models.FloatField(null=True, blank=True)
    # "stance:approvals/chances", one for each answer (`ranking.stored_columns`).
    sides = models.TextField(blank=True)
    # The same of the reactions that count for the badge; empty if they are the same.
    badge_sides = models.TextField(blank=True, default="", db_default="")
    # How many times as likely the readers of other answers press so if they like it more than usual
    # (`ranking.evidence`); null before the first ranking that computes it.
    evidence = models.FloatField(null=True, blank=True)
    speaks_for = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_divisive = models.BooleanField(default=False)
    # The badge "respected across answers", and the figures that decide about it.
    has_badge = models.BooleanField(default=False)
    earned_at = models.DateTimeField(null=True, blank=True)
    is_failing = models.BooleanField(default=False)
    # Too many young accounts among its approvals: the badge is withheld.
    is_doubtful = models.BooleanField(default=False)
    # Not used any more; the release before reads it. To be removed in the next.
    passing_since = models.DateTimeField(null=True, blank=True)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="appraisal_lift_positive", condition=Q(lift__gt=0)),
            models.CheckConstraint(
                name="appraisal_badge_was_earned",
                condition=Q(has_badge=False) | Q(earned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appraisal_evidence_not_negative", condition=Q(evidence__gte=0)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "-lift", "comment"], name="appraisal_lift"),
            models.Index(
                fields=["post", "-spread", "comment"],
                condition=Q(spread__isnull=False),
                name="appraisal_spread",
            ),
            models.Index(
                fields=["comment"], condition=Q(is_doubtful=True), name="appraisal_doubtful"
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.comment_id}: {self.lift:.2f}"


class BadgeChange(models.Model):
    """A time at which a comment earned the badge, or lost it. Rows are only added."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="badge_changes")
    at = models.DateTimeField()
    is_earned = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"comment {self.comment_id}: {'earned' if self.is_earned else 'lost'}"


class Ranking(models.Model):
    """One generation of the order "common ground" of a discussion; a cursor names it by number."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="rankings")
    number = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    # The first threads in order: "id id id"; `opening` has the first screen: "id:why:stance".
    threads = models.TextField(blank=True)
    opening = models.TextField(blank=True)
    # "stance:rate": how often readers of each answer press "well argued" on average.
    rates = models.TextField(blank=True)
    # "stance:approvals/chances" of all comments together; empty from a release before.
    totals = models.TextField(blank=True, default="", db_default="")
    # The state it was computed from, and the time at which it becomes outdated without a change.
    page_version = models.PositiveBigIntegerField()
    reaction_id = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "number"], name="ranking_number_unique"),
        ]

    def __str__(self) -> str:
        return f"ranking {self.number} of post {self.post_id}"
