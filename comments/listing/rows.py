"""Read comments for a page: a few columns of their rows and of three others, without models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Case, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from accounts.naming.shown import shown_name
from core.timestamps import read_stamp, write_stamp
from posts.models import Post

from ..models import Comment, CommentState, CommentStatus, CurrentStance, Reaction
from ..querysets import CommentQuerySet, text_in_discussion

WITHDRAWN = 0
# Members of enumerations are slow to read, and a page asks for each card.
_PUBLISHED = CommentState.PUBLISHED.value
# The appraisal of a comment that has just been posted.
_NO_APPRAISAL = (None,)
_NOTHING_ABOVE = (None, None, None, None, None)


@dataclass(slots=True)
class CommentRow(CommentStatus):
    """The columns of a comment that a page shows.

    `handle` and the two after it are its writer's, `locked_at` is its thread's, and what begins
    with `parent_` belongs to the comment that it answers, if any. `body_html` is empty where a
    discussion does not show the text to its reader (`querysets.text_in_discussion`).

    `stance_now` is the id of its writer's present stance, WITHDRAWN for a withdrawn answer, None
    for a writer without answers. `pressed` is None where the page's reader has not marked it as
    well argued, "" for a mark that counts, else from when it will by the reader's answer;
    `has_badge` is of its appraisal, if it has one. Of `edited_at`, `deleted_at` and `locked_at` it
    only matters whether they are set. `created`, `published` and `thread_published` are times as
    text: few are ever compared. Fifty rows take a twentieth of the time of fifty models.
    """

    id: int
    parent_id: int | None
    thread_id: int
    author_id: int
    stance_id: int | None
    argues_for_id: int | None
    question_version_id: int | None
    kind: str
    depth: int
    path: str
    state: str
    removed_reason: str
    edited_at: datetime | str | None
    deleted_at: datetime | str | None
    reply_count: int
    thread_size: int
    well_argued: str
    minds_moved: str
    verdicts: str
    arrival: int | None
    handle: str
    own_name: str
    name_hidden_at: datetime | str | None
    locked_at: datetime | str | None
    parent_state: str | None
    parent_deleted_at: datetime | str | None
    parent_handle: str | None
    parent_own_name: str | None
    parent_name_hidden_at: datetime | str | None
    has_badge: bool | None
    body_html: str
    stance_now: int | None
    pressed: str | None
    created: str
    published: str | None
    thread_published: str | None

    OWN: ClassVar = (
        "id",
        "parent_id",
        "thread_id",
        "author_id",
        "stance_id",
        "argues_for_id",
        "question_version_id",
        "kind",
        "depth",
        "path",
        "state",
        "removed_reason",
        "edited_at",
        "deleted_at",
        "reply_count",
        "thread_size",
        "well_argued",
        "minds_moved",
        "verdicts",
        "arrival",
    )
    JOINED: ClassVar = (
        "author__handle",
        "author__name",
        "author__name_hidden_at",
        "thread__locked_at",
        "parent__state",
        "parent__deleted_at",
        "parent__author__handle",
        "parent__author__name",
        "parent__author__name_hidden_at",
        "appraisal__has_badge",
    )
    MOMENTS: ClassVar = ("created_at", "published_at", "thread_published_at")

    @property
    def name(self) -> str:
        """What its writer is called."""
        return shown_name(self.handle, self.own_name, self.name_hidden_at)

    @property
    def is_above_gone(self) -> bool:
        """Whether it answers a comment whose text is withheld."""
        return self.parent_id is not None and bool(
            self.parent_state != _PUBLISHED or self.parent_deleted_at
        )

    @property
    def parent_name(self) -> str:
        """What the writer of the comment above is called; empty where that is gone, or for a root.

        A comment whose text is withheld names nobody, here as in its place.
        """
        if self.parent_id is None or self.is_above_gone:
            return ""
        return shown_name(
            self.parent_handle or "", self.parent_own_name or "", self.parent_name_hidden_at
        )

    @property
    def has_pressed(self) -> bool:
        """Whether the page's reader marked it as well argued."""
        return self.pressed is not None

    @property
    def counts_from(self) -> datetime | None:
        """From when the reader's mark counts, by their answer; None if it does, or without one."""
        return read_stamp(self.pressed) if self.pressed else None

    @property
    def created_at(self) -> datetime:
        """The time when it was written."""
        return read_stamp(self.created)

    @property
    def published_at(self) -> datetime | None:
        """The time when it was first published; None for never."""
        return read_stamp(self.published) if self.published else None

    @property
    def thread_published_at(self) -> datetime | None:
        """The time when its thread was first published; None for never."""
        return read_stamp(self.thread_published) if self.thread_published else None

    @property
    def text_length(self) -> int:
        """The number of characters of its HTML, 0 for a text that not everyone may read.

        So a page ends at the same comment for the writer of a held one as for all others.
        """
        return len(self.body_html) if self.is_readable else 0

    def hide_answers(self) -> None:
        """Drop all that follows from which answers readers gave; the number of marks stays."""
        self.hide_sides()
        self.stance_now = None
        self.minds_moved = ""

    def hide_sides(self) -> None:
        """Drop what readers of each answer think of the comment."""
        self.has_badge = None
        self.verdicts = ""

    @classmethod
    def of(cls, comment: Comment, stance_now: int | None) -> "CommentRow":
        """Return the row of a new `comment`; its writer, thread and parent are loaded."""
        own = [getattr(comment, column) for column in cls.OWN]
        moments = [_written(getattr(comment, column)) for column in cls.MOMENTS]
        joined = [*_called(comment.author), comment.thread.locked_at, *_above(comment.parent)]
        values: list[Any] = [*own, *joined, *_NO_APPRAISAL, comment.body_html, stance_now, None]
        return cls(*values, *moments)


def question_id(post: Post) -> int:
    """Return the id of the post's question, 0 for none."""
    question = post.question_or_none
    return question.pk if question else 0


def columns(rows: CommentQuerySet, question: int, reader: int) -> QuerySet[Comment, Any]:
    """Return the query for the columns of comment rows.

    `question` is the id of the post's question, `reader` that of the page's reader, 0 for a page
    that everyone sees.
    """
    pressed = Reaction.objects.filter(comment=OuterRef("pk"), reader=reader)
    waits = When(settled_at=None, counts_from__isnull=False, then=Cast("counts_from", TextField()))
    now = CurrentStance.objects.filter(question=question, reader=OuterRef("author"))
    # As texts: parsing times costs the driver more than all the rest.
    moments = [Cast(column, TextField()) for column in CommentRow.MOMENTS]
    return rows.values_list(
        *CommentRow.OWN,
        *CommentRow.JOINED,
        text_in_discussion(reader),
        Subquery(now.values(stance_now=Coalesce("stance_id", WITHDRAWN))),
        Subquery(pressed.values(waits=Case(waits, default=Value(""), output_field=TextField()))),
        *moments,
    )


def comment_rows(rows: Iterable[tuple[Any, ...]]) -> list[CommentRow]:
    """Return the comment rows in `rows`, the results of a query for `columns`."""
    return [CommentRow(*row) for row in rows]


def _called(person: User) -> tuple[Any, ...]:
    return person.handle, person.name, person.name_hidden_at


def _above(parent: Comment | None) -> tuple[Any, ...]:
    """Return the columns of the comment above."""
    if parent is None:
        return _NOTHING_ABOVE
    return parent.state, parent.deleted_at, *_called(parent.author)


def _written(moment: datetime | None) -> str | None:
    return write_stamp(moment) if moment else None
