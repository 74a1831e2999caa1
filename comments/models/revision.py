"""Earlier texts of comments."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Max
from django.utils import timezone

from ..querysets import is_readable
from .comment import Comment


class RevisionQuerySet(models.QuerySet["CommentRevision"]):
    """Queries about earlier texts."""

    def readable_by(self, user: Any) -> "RevisionQuerySet":
        """Return the texts that `user` may read: the public ones of readable comments.

        Moderators may read all of them.
        """
        if user.is_authenticated and user.is_moderator:
            return self
        return self.filter(is_readable("comment__"), is_public=True)

    def next_number(self) -> int:
        """Return the number of the present text, of a comment whose revisions these are.

        Texts are numbered from 1; a revision has the number of its text.
        """
        return (self.aggregate(last=Max("number"))["last"] or 0) + 1


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
    # How many verdicts on these words the edit dropped.
    dropped_verdicts = models.PositiveIntegerField(default=0, db_default=0)
    # Others could read it, and it was replaced after the free edit window or after somebody had
    # acted on the words (`comments.actions.edits`), so readers may see it. All others are for
    # moderators alone.
    is_public = models.BooleanField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "number"], name="comment_revision_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.comment_id} r{self.number}"
