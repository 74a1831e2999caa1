"""A comment as a page reads it: a few columns of its row and of two others, and no model."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from .models import Comment, Standing
from .querysets import CommentQuerySet


@dataclass
class Entry(Standing):
    """What is drawn of a comment; `handle` is its writer's, `locked_at` its thread's.

    Fifty of these take a tenth of the time of fifty models with their writers and threads.
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
    created_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    deleted_at: datetime | None
    thread_published_at: datetime | None
    reply_count: int
    thread_size: int
    body_html: str
    handle: str
    locked_at: datetime | None

    COLUMNS: ClassVar = (
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
        "created_at",
        "published_at",
        "edited_at",
        "deleted_at",
        "thread_published_at",
        "reply_count",
        "thread_size",
        "body_html",
        "author__handle",
        "thread__locked_at",
    )

    @classmethod
    def of(cls, comment: Comment) -> "Entry":
        """Return what a page reads of `comment`, whose writer and thread are loaded."""
        own = [getattr(comment, column) for column in cls.COLUMNS[:-2]]
        values: list[Any] = [*own, comment.author.handle, comment.thread.locked_at]
        return cls(*values)


def read(rows: CommentQuerySet) -> list[Entry]:
    """Return the entries of `rows`, in one query."""
    return [Entry(*row) for row in rows.values_list(*Entry.COLUMNS)]
