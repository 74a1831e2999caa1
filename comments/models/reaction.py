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
    # Its index is the one below, which begins with it.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reactions", db_index=False
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
        indexes: ClassVar = [
            models.Index(fields=["reader", "-created_at"], name="reaction_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on comment {self.comment_id}"


class TakenBack(models.Model):
    """When a reader had pressed what they have taken back since: it counts for their rate.

    On what is not kept, and the row itself only for as long as a rate looks back.
    """

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    pressed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["reader", "-pressed_at"], name="taken_back_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} at {self.pressed_at}"
