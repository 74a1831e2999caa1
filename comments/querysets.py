"""Queries about comments, the gate of visibility among them."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from core import limits

from .choices import CommentKind, CommentState

if TYPE_CHECKING:
    from .models.comment import Comment  # noqa: F401  (named in the base class)


class CommentQuerySet(models.QuerySet["Comment"]):
    """Questions about many comments."""

    def for_post(self, post: Any) -> "CommentQuerySet":
        """Return the comments under `post`."""
        return self.filter(post=post)

    def readable(self) -> "CommentQuerySet":
        """Return the comments whose text everyone may read."""
        return self.filter(state=CommentState.PUBLISHED, deleted_at__isnull=True)

    def citable(self) -> "CommentQuerySet":
        """Return the comments that speak for an answer of their writers, and that all may read.

        Notes and imported comments take none; a best case for another answer is not one's own.
        """
        return self.readable().filter(kind=CommentKind.READER, stance__isnull=False)

    def shown(self) -> "CommentQuerySet":
        """Return what stands in the public tree: standing comments, and tombstones over replies."""
        return self.filter(is_shown=True)

    def drawn(self) -> "CommentQuerySet":
        """Return the comments that are no deeper than threads are drawn.

        The bound is written out, no parameter: so SQLite sees that it is an index's condition.
        """
        table = self.model._meta.db_table
        bound = f'"{table}"."depth" <= {limits.INDENT_WIDE:d}'
        return self.filter(RawSQL(bound, (), output_field=models.BooleanField()))  # noqa: S611

    def held(self) -> "CommentQuerySet":
        """Return the comments that wait for approval."""
        return self.filter(state=CommentState.HELD, deleted_at__isnull=True)

    def visible_to(self, user: Any) -> "CommentQuerySet":
        """Return the comments whose place `user` may see: the one gate of every page.

        Everyone sees what is shown in public; writers also their own comments that they have not
        deleted; moderators all.
        """
        if user.is_authenticated and user.is_moderator:
            return self
        visible = Q(is_shown=True)
        if user.is_authenticated:
            visible |= Q(author=user, deleted_at__isnull=True)
        return self.filter(visible)

    def with_people(self) -> "CommentQuerySet":
        """Return the comments together with their writers and stances."""
        return self.select_related("author", "stance", "argues_for")
