"""Closing summaries of discussions: versions, live answers, citations, and readers' verdicts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from posts.models import Post, Stance

from .closing_status import ClosingStatus
from .comment import Comment
from .verdict import Verdict

# Characters of a closing shown on the page of its post.
BEGINNING_LENGTH = 240


class Closing(models.Model):
    """One version of a closing summary; the newest is in force. Its text is never changed."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveIntegerField()
    body = models.TextField()
    body_html = models.TextField()
    markup_version = models.PositiveSmallIntegerField()
    beginning = models.CharField(max_length=BEGINNING_LENGTH)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="closings"
    )
    written_at = models.DateTimeField(default=timezone.now)
    # Derived from the verdicts (`comments.closings`); `check_integrity` recounts it.
    status = models.CharField(max_length=16, default=ClosingStatus.DRAFT)
    # When a comment that it cites was last edited after somebody had judged, which drops verdicts.
    judged_anew_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "number"], name="closing_number_unique"),
            models.CheckConstraint(
                name="closing_status_known",
                condition=Q(status__in=[status.value for status in ClosingStatus]),
            ),
        ]

    def __str__(self) -> str:
        return f"closing {self.number} of post {self.post_id}"

    def get_absolute_url(self) -> str:
        """Return the address of the page of the post's closing."""
        return reverse("comments:closing", args=[self.post.slug])


class ClosingSide(models.Model):
    """An answer that was live when a closing was written, with its readers' verdicts counted."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="sides")
    stance = models.ForeignKey(Stance, on_delete=models.PROTECT, related_name="+")
    # Derived from the verdicts; `check_integrity` recounts them.
    fair = models.PositiveIntegerField(default=0)
    judges = models.PositiveIntegerField(default=0)
    # Whether somebody settled gives the answer, and a comment cited for it is readable, as found by
    # `comments.closings.sides` when it last counted.
    is_given = models.BooleanField(default=True, db_default=True)
    is_cited = models.BooleanField(default=True, db_default=True)
    # Whether its readers contested the summary when a comment that it cites was edited, which
    # dropped their verdicts; null if too few had judged it.
    contested_before = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["stance__position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["closing", "stance"], name="closing_side_unique"),
            models.CheckConstraint(
                name="closing_side_fair_are_judges", condition=Q(fair__lte=F("judges"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair} of {self.judges} on {self.closing_id} for {self.stance_id}"


class Citation(models.Model):
    """A comment that a closing cites; its text is read from the comment while that is readable."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="citations")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["closing", "comment"], name="citation_once"),
        ]

    def __str__(self) -> str:
        return f"comment {self.comment_id} in closing {self.closing_id}"


class ClosingVerdict(Verdict):
    """A reader's verdict on one version of a closing. Taking it back deletes the row."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="verdicts")

    class Meta(Verdict.Meta):
        constraints: ClassVar = [
            *Verdict.Meta.constraints,
            models.UniqueConstraint(
                fields=["closing", "reader"], name="closing_verdict_one_per_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on closing {self.closing_id}"
