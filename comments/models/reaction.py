"""The reaction "well argued", independent of the reader's own answer."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from posts.models import Post, Stance

from .comment import Comment
from .counted import Counted


class Reaction(Counted):
    """A reader pressed "well argued" on a comment. Taking it back deletes the row."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reactions")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reactions")
    # No index of its own: the one below begins with this column.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reactions", db_index=False
    )
    # The answer under which it counts: the reader's at that time, or the one before for a day after
    # a change; null without one.
    stance = models.ForeignKey(
        Stance, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Counted.Meta):
        constraints: ClassVar = [
            *Counted.Meta.constraints,
            models.UniqueConstraint(fields=["comment", "reader"], name="reaction_one_per_reader"),
        ]
        indexes: ClassVar = [
            *Counted.Meta.indexes,
            models.Index(fields=["reader", "-created_at"], name="reaction_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on comment {self.comment_id}"


class TakenBack(models.Model):
    """The time of a reaction taken back since, which still counts for the reader's rate limit.

    The comment is not stored, and the row is deleted once it is older than the rate's period.
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
