"""A branch on its way to a place of its own."""

from django.db import models
from django.utils import timezone

from ..tree import paths
from .comment import Comment
from .comment_status import MAX_DEPTH
from .path_field import PathField


class BranchMove(models.Model):
    """A branch whose top is a thread of its own while some of its replies are still to follow.

    The row is gone when all of them have (`comments.actions.branches`).
    """

    top = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="+")
    # Where the top was: the replies that are still beneath it are the rest of the work.
    old_path = PathField(max_length=paths.WIDTH * (MAX_DEPTH + 1))
    started_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"move of comment {self.top_id}"
