"""The pages of a person's received answers, and of the person's own comments with their state."""

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
from ..moderation import sentences
from ..querysets import CommentQuerySet, text_for
from .judged_again import ToJudge, closings_to_judge, to_judge
from .removed import RemovedChange, removed_by, removed_of

# Unread answers shown at a time; the others follow once these are marked as read.
UNREAD_SHOWN = 50


@dataclass
class ReceivedAnswer:
    """A reply to a comment of the person, and whether it is unread."""

    comment: Comment
    is_unread: bool


@dataclass
class ReceivedAnswers:
    """A page of answers: up to `UNREAD_SHOWN` unread ones first, then read ones, newest first.

    `newest` is the id of the newest unread notification on the page, 0 for none.
    """

    unread: list[ReceivedAnswer]
    earlier: list[ReceivedAnswer]
    newest: int
    next_page_url: str | None
    # Changes of mind of the person that a moderator removed, by unread notifications.
    removed: list[RemovedChange]
    # Whether an unread notification says that their name is hidden.
    name_was_hidden: bool
    # Texts to judge again, because their words were changed.
    to_judge: list[ToJudge]
    # Posts whose closing has another version than the one the person judged.
    closings_to_judge: list[Post]

    @classmethod
    def to(cls, person: User, after: FlatCursor | None) -> "ReceivedAnswers":
        """Return the page of answers to `person` that begins after the cursor `after`."""
        everything = Notification.objects.filter(recipient=person).order_by("-created_at", "-id")
        replies = everything.filter(kind=Notification.Kind.REPLY)
        unread = [] if after else list(replies.unread()[:UNREAD_SHOWN])
        others = [] if after else list(everything.unread().exclude(kind=Notification.Kind.REPLY))
        decided = [row for row in others if row.kind == Notification.Kind.CREDIT_REMOVED]
        size = limits.THREADS_PER_PAGE
        read = list(
            _rows_after(replies.filter(read_at__isnull=False), after, "created_at")[: size + 1]
        )
        comments = _replies(person, [*unread, *read[:size]])
        return cls(
            unread=_as_answers(unread, comments),
            earlier=_as_answers(read[:size], comments),
            newest=max((row.pk for row in [*unread, *others]), default=0),
            next_page_url=_next_page_url(read, size, reverse("comments:me"), "created_at"),
            removed=removed_by([row.subject_id for row in decided]) if decided else [],
            name_was_hidden=any(row.kind == Notification.Kind.NAME_HIDDEN for row in others),
            to_judge=to_judge(person, others),
            closings_to_judge=closings_to_judge(person, others),
        )


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
        found = list(_rows_after(comments, after, "created_at")[: size + 1])
        words = _original_words(found[:size])
        return cls(
            rows=[
                OwnComment(
                    row, state_sentence(row), _note(row), words.get(row.pk, ""), _wordings_url(row)
                )
                for row in found[:size]
            ],
            next_page_url=_next_page_url(
                found, size, reverse("comments:my-comments"), "created_at"
            ),
            removed=[] if after else removed_of(person),
        )


def with_titles(comments: CommentQuerySet) -> CommentQuerySet:
    """Return `comments` with their posts' titles loaded, and the posts' texts deferred."""
    live = "post__live_revision"
    return comments.select_related(live).defer(f"{live}__body", f"{live}__body_html")


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


def _replies(person: User, notifications: list[Notification]) -> dict[int, Comment]:
    """Return the replies in `notifications` that `person` can still read, by id."""
    if not notifications:
        return {}
    comments = Comment.objects.readable().filter(
        pk__in=[row.subject_id for row in notifications], post__in=Post.objects.visible_to(person)
    )
    comments = comments.select_related("author", "stance", "argues_for", "parent")
    comments = comments.without_text("parent__").annotate(quoted=text_for(person, "parent__body"))
    return {comment.pk: comment for comment in with_titles(comments)}


def _as_answers(
    notifications: list[Notification], comments: dict[int, Comment]
) -> list[ReceivedAnswer]:
    """Return an answer for each of `notifications` whose reply is among `comments`."""
    return [
        ReceivedAnswer(comments[row.subject_id], is_unread=row.read_at is None)
        for row in notifications
        if row.subject_id in comments
    ]


def _rows_after(rows: Any, after: FlatCursor | None, column: str) -> Any:
    """Return the `rows`, sorted newest first by `column`, that follow the cursor `after`."""
    if after is None:
        return rows
    older = Q(**{f"{column}__lt": after.published_at})
    return rows.filter(older | Q(**{column: after.published_at, "pk__lt": after.row_id}))


def _next_page_url(rows: list[Any], size: int, url: str, column: str) -> str | None:
    """Return `url` with a cursor after the first `size` of `rows`; None if there are no more."""
    if len(rows) <= size:
        return None
    last = rows[size - 1]
    return f"{url}?after={FlatCursor(getattr(last, column), last.pk)}"
