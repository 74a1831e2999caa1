"""A comment as a page reads it: a few columns of its row and of three others, and no model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from posts.models import Post

from .models import Comment, CurrentStance, Standing
from .querysets import CommentQuerySet

WITHDRAWN = 0


@dataclass(slots=True)
class Entry(Standing):
    """What is drawn of a comment; `handle` is its writer's, `locked_at` its thread's.

    `stance_now` is the id of the stance its writer takes now, WITHDRAWN for an answer taken back,
    None where there never was one. Of `edited_at`, `deleted_at` and `locked_at` it only matters
    whether there is any. Fifty of these take a tenth of the time of fifty models.
    """

    id: int
    parent_id: int | None
    thread_id: int
    author_id: int
    stance_id: int | None
    kind: str
    depth: int
    path: str
    state: str
    removed_reason: str
    edited_at: datetime | str | None
    deleted_at: datetime | str | None
    reply_count: int
    thread_size: int
    body_html: str
    handle: str
    locked_at: datetime | str | None
    stance_now: int | None
    created_at: datetime
    published_at: datetime | None
    thread_published_at: datetime | None

    OWN: ClassVar = (
        "id",
        "parent_id",
        "thread_id",
        "author_id",
        "stance_id",
        "kind",
        "depth",
        "path",
        "state",
        "removed_reason",
        "edited_at",
        "deleted_at",
        "reply_count",
        "thread_size",
        "body_html",
    )
    MOMENTS: ClassVar = ("created_at", "published_at", "thread_published_at")

    @property
    def text_length(self) -> int:
        """How many characters of HTML its text has."""
        return len(self.body_html)

    @classmethod
    def of(cls, comment: Comment, stance_now: int | None) -> "Entry":
        """Return what a page reads of `comment`, whose writer and thread are loaded."""
        own = [getattr(comment, column) for column in cls.OWN]
        moments = [getattr(comment, column) for column in cls.MOMENTS]
        thread = [comment.author.handle, comment.thread.locked_at, stance_now]
        return cls(*own, *thread, *moments)


def read(rows: CommentQuerySet, post: Post) -> list[Entry]:
    """Return the entries of `rows`, comments under `post`, in one query."""
    try:
        sql, parameters = columns(rows, question_id(post)).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, parameters)
        return entries(cursor.fetchall())


def question_id(post: Post) -> int:
    """Return the id of the post's question, 0 for none."""
    question = getattr(post, "question", None)
    return question.pk if question else 0


def columns(rows: CommentQuerySet, question: int) -> QuerySet[Comment, Any]:
    """Return the query for the columns of entries; `question` is the id of their post's."""
    now = CurrentStance.objects.filter(question=question, reader=OuterRef("author"))
    # As texts: Python's own reader of moments takes a tenth of the time of the driver's.
    moments = [Cast(column, TextField()) for column in Entry.MOMENTS]
    return rows.values_list(
        *Entry.OWN,
        "author__handle",
        "thread__locked_at",
        Subquery(now.values(stance_now=Coalesce("stance_id", WITHDRAWN))),
        *moments,
    )


def entries(rows: Iterable[tuple[Any, ...]]) -> list[Entry]:
    """Return the entries of `rows`, results of a query for `columns`."""
    first = -len(Entry.MOMENTS)
    return [Entry(*row[:first], *map(_moment, row[first:])) for row in rows]


def _moment(text: str | None) -> Any:
    """Return a moment that the database wrote; SQLite leaves out that it means UTC."""
    if text is None:
        return None
    return datetime.fromisoformat(text if text.endswith("+00") else f"{text}+00")
