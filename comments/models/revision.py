"""Earlier texts of comments."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from .comment import Comment


class CommentRevision(models.Model):
    """A text of a comment before an edit. Revisions are added, never changed."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    body_html = models.TextField()
    markup_version = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Replaced after the free edit window, so readers may see it.
    is_public = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "number"], name="comment_revision_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.comment_id} r{self.number}"
