"""What others answered, and what became of one's own comments."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from accounts.models import User
from core import limits
from notifications.models import Notification
from posts.models import Post, StanceWording

from ..listing.cursors import FlatCursor
from ..models import Comment, CommentState
from ..models.moderation import Action, Decision
from ..moderation import words
from ..querysets import CommentQuerySet, text_for
from .removed import RemovedChange, removed_by, removed_of

# So many unread answers are shown at once; the others follow once these are read.
UNREAD_SHOWN = 50


@dataclass
class ReceivedAnswer:
    """A reply to a comment of mine, and whether I have seen it."""

    comment: Comment
    is_unread: bool


@dataclass
class ReceivedAnswers:
    """A page of answers: unread ones first, and those read earlier page by page."""

    unread: list[ReceivedAnswer]
    earlier: list[ReceivedAnswer]
    newest: int
    next_page_url: str | None
    # What a moderator decided about one's words since one last looked.
    removed: list[RemovedChange]

    @classmethod
    def to(cls, person: User, after: FlatCursor | None) -> "ReceivedAnswers":
        """Return the page of answers to `person` that begins behind `after`."""
        everything = Notification.objects.filter(recipient=person).order_by("-created_at", "-id")
        told = everything.filter(kind=Notification.Kind.REPLY)
        unread = [] if after else list(told.unread()[:UNREAD_SHOWN])
        others = [] if after else list(everything.unread().exclude(kind=Notification.Kind.REPLY))
        decided = [row for row in others if row.kind == Notification.Kind.CREDIT_REMOVED]
        size = limits.THREADS_PER_PAGE
        read = list(_behind(told.filter(read_at__isnull=False), after, "created_at")[: size + 1])
        comments = _comments(person, [*unread, *read[:size]])
        return cls(
            unread=_as_answers(unread, comments),
            earlier=_as_answers(read[:size], comments),
            newest=max((row.pk for row in [*unread, *others]), default=0),
            next_page_url=_next(read, size, reverse("comments:me"), "created_at"),
            removed=removed_by([row.subject_id for row in decided]) if decided else [],
        )


@dataclass
class Own:
    """A comment of mine, its state in a sentence, and what a moderator noted.

    `word` is that of its stance when it was written; `wordings_url` leads to all wordings where the
    question has another one now.
    """

    comment: Comment
    sentence: str
    note: str
    word: str
    wordings_url: str


@dataclass
class OwnComments:
    """A page of one's own comments, newest first."""

    rows: list[Own]
    next_page_url: str | None
    # What one said changed one's mind, and a moderator removed.
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
        found = list(_behind(comments, after, "created_at")[: size + 1])
        words = _words_then(found[:size])
        return cls(
            rows=[
                Own(row, state_sentence(row), _note(row), words.get(row.pk, ""), _wordings(row))
                for row in found[:size]
            ],
            next_page_url=_next(found, size, reverse("comments:my-comments"), "created_at"),
            removed=[] if after else removed_of(person),
        )


def with_titles(comments: CommentQuerySet) -> CommentQuerySet:
    """Return `comments` with their posts and the posts' titles, without the posts' texts."""
    live = "post__live_revision"
    return comments.select_related(live).defer(f"{live}__body", f"{live}__body_html")


def state_sentence(comment: Comment) -> str:
    """Return what its writer reads about a comment that does not stand, or an empty string."""
    if comment.is_deleted or comment.state == CommentState.PUBLISHED:
        return ""
    if comment.state == CommentState.REMOVED:
        return words.removal_sentence(comment.removed_reason)
    return words.held_sentence(comment.held_reason)


def _words_then(comments: list[Comment]) -> dict[int, str]:
    """Return the words that the stances of `comments` had when they were written, in one query."""
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


def _wordings(comment: Comment) -> str:
    """Return where to read all wordings if `comment` answers one that is no more, else nothing."""
    version = comment.question_version
    if version is None or version.question.version_id == version.pk:
        return ""
    return reverse("posts:wordings", args=[comment.post.slug])


def _note(comment: Comment) -> str:
    """Return the words of the moderator who removed `comment`, if it is removed."""
    removals: list[Decision] = comment.removals  # type: ignore[attr-defined]
    if comment.state != CommentState.REMOVED or not removals:
        return ""
    note = getattr(removals[0], "note", None)
    return str(note) if note else ""


def _comments(person: User, told: list[Notification]) -> dict[int, Comment]:
    """Return the replies that can still be read, by their ids."""
    if not told:
        return {}
    comments = Comment.objects.readable().filter(
        pk__in=[row.subject_id for row in told], post__in=Post.objects.visible_to(person)
    )
    comments = comments.select_related("author", "stance", "argues_for", "parent")
    comments = comments.without_text("parent__").annotate(quoted=text_for(person, "parent__body"))
    return {comment.pk: comment for comment in with_titles(comments)}


def _as_answers(told: list[Notification], comments: dict[int, Comment]) -> list[ReceivedAnswer]:
    return [
        ReceivedAnswer(comments[row.subject_id], is_unread=row.read_at is None)
        for row in told
        if row.subject_id in comments
    ]


def _behind(rows: Any, after: FlatCursor | None, column: str) -> Any:
    """Return the `rows`, newest first by `column`, that come after the place `after`."""
    if after is None:
        return rows
    older = Q(**{f"{column}__lt": after.published_at})
    return rows.filter(older | Q(**{column: after.published_at, "pk__lt": after.row_id}))


def _next(rows: list[Any], size: int, url: str, column: str) -> str | None:
    if len(rows) <= size:
        return None
    last = rows[size - 1]
    return f"{url}?after={FlatCursor(getattr(last, column), last.pk)}"
