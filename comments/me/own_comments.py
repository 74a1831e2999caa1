"""The page of a person's own comments, with their state."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from accounts.models import User
from core import limits

from ..listing.cursors import FlatCursor
from ..models import Comment, CommentState
from ..models.moderation import Action, Decision
from ..moderation import sentences
from ..wordings import Wordings
from .posts import with_titles
from .removed import RemovedChange, removed_of


@dataclass
class OwnComment:
    """A comment of the person, with a sentence about its state and the moderator's note.

    `word` is the word of its stance when it was written. `wordings_url` is the address of all
    wordings if the question has other words now, else "".
    """

    comment: Comment
    sentence: str
    note: str
    word: str
    wordings_url: str


@dataclass
class OwnComments:
    """A page of the person's own comments, newest first."""

    rows: list[OwnComment]
    next_page_url: str | None
    # Changes of mind of the person that a moderator removed; on the first page only.
    removed: list[RemovedChange]

    @classmethod
    def of(cls, person: User, after: FlatCursor | None) -> "OwnComments":
        """Return the page of comments by `person` that begins behind `after`."""
        comments = Comment.objects.filter(author=person).with_text_for(person)
        comments = comments.order_by("-created_at", "-id")
        removals = Prefetch(
            "decisions",
            Decision.objects.filter(action=Action.REMOVE).select_related("note").order_by("-id"),
            to_attr="removals",
        )
        related = ("stance", "argues_for", "question_version__question")
        comments = with_titles(comments.select_related(*related)).prefetch_related(removals)
        size = limits.THREADS_PER_PAGE
        found = list(rows_after(comments, after, "created_at")[: size + 1])
        wordings = _wordings(found[:size])
        return cls(
            rows=[
                OwnComment(
                    row,
                    state_sentence(row),
                    _note(row),
                    _original_word(row, wordings),
                    _wordings_url(row, wordings),
                )
                for row in found[:size]
            ],
            next_page_url=next_page_url(found, size, reverse("comments:my-comments"), "created_at"),
            removed=[] if after else removed_of(person),
        )


def state_sentence(comment: Comment) -> str:
    """Return the sentence to its writer about a held or removed comment, else ""."""
    if comment.is_deleted or comment.state == CommentState.PUBLISHED:
        return ""
    if comment.state == CommentState.REMOVED:
        return sentences.removal_sentence(comment.removed_reason)
    return sentences.held_sentence(comment.held_reason)


def _wordings(comments: list[Comment]) -> Wordings:
    """Return the wordings that `comments` answered, and those of today; one query."""
    versions = [comment.question_version for comment in comments if comment.question_version]
    present = {version.question.version_id for version in versions}
    return Wordings.load(version__in={version.pk for version in versions} | present)


def _original_word(comment: Comment, wordings: Wordings) -> str:
    """Return the word of the stance of `comment` when written, "" without one."""
    if comment.stance is None or comment.question_version_id is None:
        return ""
    key = (comment.question_version_id, comment.stance_id)
    return wordings.words.get(key, comment.stance.word)


def _wordings_url(comment: Comment, wordings: Wordings) -> str:
    """Return the address of all wordings if `comment` answered other words, else ""."""
    version = comment.question_version
    if version is None or not wordings.differ(version.pk, version.question.version_id):
        return ""
    return reverse("posts:wordings", args=[comment.post.slug])


def _note(comment: Comment) -> str:
    """Return the note of the moderator who removed `comment`, or ""."""
    removals: list[Decision] = comment.removals  # type: ignore[attr-defined]
    if comment.state != CommentState.REMOVED or not removals:
        return ""
    note = getattr(removals[0], "note", None)
    return str(note) if note else ""


def rows_after(rows: Any, after: FlatCursor | None, column: str) -> Any:
    """Return the `rows`, sorted newest first by `column`, that follow the cursor `after`."""
    if after is None:
        return rows
    older = Q(**{f"{column}__lt": after.published_at})
    return rows.filter(older | Q(**{column: after.published_at, "pk__lt": after.row_id}))


def next_page_url(rows: list[Any], size: int, url: str, column: str) -> str | None:
    """Return `url` with a cursor after the first `size` of `rows`; None if there are no more."""
    if len(rows) <= size:
        return None
    last = rows[size - 1]
    return f"{url}?after={FlatCursor(getattr(last, column), last.pk)}"
