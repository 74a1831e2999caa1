"""The one reaction: a reader finds a comment well argued, whatever they answer themselves."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from posts.models import Post, Stance

from .comment import Comment


class Reaction(models.Model):
    """A reader pressed "well argued" on a comment. Taken back, the row is gone."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reactions")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reactions")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reactions"
    )
    # Where the reader stood at that moment; null for somebody without an answer.
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "reader"], name="reaction_one_per_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on comment {self.comment_id}"
