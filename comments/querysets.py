"""Queries about comments: which of them, and which of their texts, a person may see."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable, RawSQL

from core import limits

from .choices import CommentKind, CommentState

# What comes before the name of a text that a query has read for one person.
READABLE = "readable_"
TEXTS = ("body", "body_html")

if TYPE_CHECKING:
    from .models.comment import Comment  # noqa: F401  (named in the base class)


def is_readable(relation: str = "") -> Q:
    """Return the condition that the text of a comment can be read by all readers of its post.

    `relation` is the path to the comment, such as "parent__".
    """
    return Q(**{f"{relation}state": CommentState.PUBLISHED, f"{relation}deleted_at__isnull": True})


def text_for(user: Any, column: str) -> Combinable:
    """Return the text in `column` where `user` may read it, else an empty text.

    The rule for every page but a discussion, `permissions.can_read` in SQL: all may read what is
    published, writers also their own comments that they have not deleted, moderators everything.
    """
    if user.is_authenticated and user.is_moderator:
        return F(column)
    relation = _relation(column)
    may_read = is_readable(relation)
    if user.is_authenticated:
        may_read |= Q(**{f"{relation}author": user, f"{relation}deleted_at__isnull": True})
    return text_where(may_read, column)


def text_at_permalink(user: Any, column: str) -> Combinable:
    """Return the text in `column` for the page in place of a comment that is gone.

    As `text_for`, and its writer may read there, and only there, what they deleted.
    """
    if user.is_authenticated and not user.is_moderator:
        return text_where(is_readable() | Q(author=user), column)
    return text_for(user, column)


def text_in_discussion(reader: int, column: str = "body_html") -> Combinable:
    """Return the text in `column` where a discussion shows it to `reader`, else an empty text.

    `reader` is an id. A discussion shows what is published, and to its writer what is held. All
    else is a tombstone, to writers and moderators too: they read it on pages of their own.
    """
    relation = _relation(column)
    own = {"author": reader, "state": CommentState.HELD, "deleted_at__isnull": True}
    waits = Q(**{f"{relation}{name}": value for name, value in own.items()})
    return text_where(is_readable(relation) | waits, column)


def text_for_all(column: str = "body_html") -> Combinable:
    """Return the text in `column` where all readers of the post may read it, else an empty text."""
    return text_where(is_readable(_relation(column)), column)


def _relation(column: str) -> str:
    before, separator, _name = column.rpartition("__")
    return f"{before}{separator}"


def text_where(may_read: Q, column: str) -> Case:
    """Return the text in `column` of the rows that fulfil `may_read`, else an empty text."""
    return Case(When(may_read, then=column), default=Value(""), output_field=models.TextField())


class TextlessManager(models.Manager["Comment"]):
    """Read comments without their texts: what a relation is followed with, such as `parent`."""

    def get_queryset(self) -> "CommentQuerySet":
        """Return all comments; asking one of them for its text raises `TextWithheldError`."""
        return CommentQuerySet(self.model, using=self._db).without_text()


class CommentQuerySet(models.QuerySet["Comment"]):
    """Queries about comments."""

    def for_post(self, post: Any) -> "CommentQuerySet":
        """Return the comments under `post`."""
        return self.filter(post=post)

    def readable(self) -> "CommentQuerySet":
        """Return the comments whose text everyone may read."""
        return self.filter(is_readable())

    def with_text_for(self, user: Any) -> "CommentQuerySet":
        """Return the comments with the texts that `user` may read; the others have empty ones."""
        texts = {f"{READABLE}{column}": text_for(user, column) for column in TEXTS}
        return self.without_text().annotate(**texts)

    def with_text_at_permalink(self, user: Any) -> "CommentQuerySet":
        """Return the comments with the texts that `user` may read at their permalinks."""
        texts = {f"{READABLE}{column}": text_at_permalink(user, column) for column in TEXTS}
        return self.without_text().annotate(**texts)

    def without_text(self, relation: str = "") -> "CommentQuerySet":
        """Return the comments without their texts, or without those of a `relation` ("parent__").

        Asking one of them for its text raises `TextWithheldError`.
        """
        return self.defer(*(f"{relation}{column}" for column in TEXTS))

    def citable(self) -> "CommentQuerySet":
        """Return the readable comments that argue for the answer of their writers.

        Notes and imported comments have no stance; a steelman argues for another answer.
        """
        return self.readable().filter(kind=CommentKind.READER, stance__isnull=False)

    def shown(self) -> "CommentQuerySet":
        """Return the comments in the public tree: readable ones, and tombstones above replies."""
        return self.filter(is_shown=True)

    def drawn(self) -> "CommentQuerySet":
        """Return the comments that are no deeper than a page shows them.

        The bound is written out, no parameter: so SQLite sees that it is an index's condition.
        """
        table = self.model._meta.db_table
        bound = f'"{table}"."depth" <= {limits.INDENT_WIDE:d}'
        return self.filter(RawSQL(bound, (), output_field=models.BooleanField()))  # noqa: S611

    def held(self) -> "CommentQuerySet":
        """Return the comments that wait for approval."""
        return self.filter(state=CommentState.HELD, deleted_at__isnull=True)

    def visible_to(self, user: Any) -> "CommentQuerySet":
        """Return the comments whose place `user` may see: the rule of every page.

        Everyone sees the public tree; writers also their own comments that they have not
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
