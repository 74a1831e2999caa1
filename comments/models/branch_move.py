"""Unfinished moves of branches into threads of their own."""

from django.db import models
from django.utils import timezone

from ..tree import paths
from .comment import Comment
from .comment_status import MAX_DEPTH
from .path_field import PathField


class BranchMove(models.Model):
    """A branch whose top is the root of a thread already, while some replies have yet to be moved.

    The row is deleted with the last batch of replies (`comments.actions.branches`).
    """

    top = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="+")
    # The path of the top before the move; replies with this prefix have yet to be moved.
    old_path = PathField(max_length=paths.WIDTH * (MAX_DEPTH + 1))
    started_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"move of comment {self.top_id}"
