"""Verdicts on best reasons, by those who hold the answer that they argue for."""

from typing import ClassVar

from django.db import models

from .comment import Comment
from .verdict import Verdict


class SteelmanVerdict(Verdict):
    """Whether a best reason is fair to the answer of its reader. Taken back, the row is gone."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="steelman_verdicts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "reader"], name="steelman_verdict_one_per_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} on steelman {self.comment_id}"
