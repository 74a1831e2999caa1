"""The page of a person's own comments, with their state."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from accounts.models import User
from core import limits
from posts.models import StanceWording

from ..listing.cursors import FlatCursor
from ..models import Comment, CommentState
from ..models.moderation import Action, Decision
from ..moderation import sentences
from .posts import with_titles
from .removed import RemovedChange, removed_of


@dataclass
class OwnComment:
    """A comment of the person, with a sentence about its state and the moderator's note.

    `word` is the word of its stance when it was written. `wordings_url` is the address of all
    wordings if the question has another one now, else "".
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
        words = _original_words(found[:size])
        return cls(
            rows=[
                OwnComment(
                    row, state_sentence(row), _note(row), words.get(row.pk, ""), _wordings_url(row)
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


def _original_words(comments: list[Comment]) -> dict[int, str]:
    """Return the words of the stances of `comments` when written: by comment id, in one query."""
    versions = {comment.question_version_id for comment in comments}
    wordings = StanceWording.objects.filter(version__in=versions - {None})
    rows = wordings.values_list("version_id", "stance_id", "word")
    words: dict[tuple[int | None, int | None], str] = {
        (version, stance): word for version, stance, word in rows
    }
    return {
        comment.pk: words.get((comment.question_version_id, comment.stance_id), comment.stance.word)
        for comment in comments
        if comment.stance is not None and comment.question_version_id is not None
    }


def _wordings_url(comment: Comment) -> str:
    """Return the address of all wordings if `comment` answered an earlier one, else ""."""
    version = comment.question_version
    if version is None or version.question.version_id == version.pk:
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
