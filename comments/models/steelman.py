"""Verdicts on steelmen, by readers whose answer they argue for."""

from typing import ClassVar

from django.db import models

from .comment import Comment
from .verdict import Verdict


class SteelmanVerdict(Verdict):
    """A verdict on a steelman. Taking it back deletes the row."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="steelman_verdicts")

    class Meta(Verdict.Meta):
        constraints: ClassVar = [
            *Verdict.Meta.constraints,
            models.UniqueConstraint(
                fields=["comment", "reader"], name="steelman_verdict_one_per_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on steelman {self.comment_id}"
