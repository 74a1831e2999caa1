"""What a reader has answered, read from the records and from the state of the comments.

Records are added and never taken away. So an answer given by a comment that a moderator holds again
is still recorded, but it does not count until the comment is approved.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from posts.models import Question, QuestionVersion, Stance

from .models import Comment, CommentState, StanceRecord, StanceSource
from .models.moderation import Action, Decision

_OF_COMMENT = ("comment__stance", "comment__question_version")


class Given(NamedTuple):
    """An answer that a reader gave: with which wording, when, and by which comment, if any."""

    stance: Stance | None
    version: QuestionVersion | None
    at: datetime
    comment: Comment | None = None


def is_later(recorded_at: datetime, given_by: Comment | None, comment: Comment) -> bool:
    """Whether an answer that was recorded then, maybe with a comment, was given after `comment`."""
    if recorded_at <= comment.created_at:
        return False
    return given_by is None or given_by.created_at > comment.created_at


def given_answer(reader: User, question: Question) -> Given | None:
    """Return what `reader` answered last, without comments that are held again; None for nothing.

    A comment gives the answer that it is tagged with now, at the time at which it was written.
    """
    held = set(_held_again(reader, question).values_list("pk", flat=True))
    last: Given | None = None
    records = StanceRecord.objects.filter(reader=reader, question=question)
    records = records.exclude(source=StanceSource.RETAG).order_by("pk")
    for record in records.select_related("version", "stance", *_OF_COMMENT):
        if record.comment_id in held:
            continue
        if record.comment is None:
            last = Given(record.stance, record.version, record.recorded_at)
        elif last is None or not is_later(last.at, last.comment, record.comment):
            last = _given_by(record.comment, record.recorded_at)
    if held and (repeated := _repeated_since(last, reader, question, held)):
        return _given_by(repeated, repeated.created_at)
    return last


def is_held_again(comment: Comment) -> bool:
    """Whether `comment`, which gave an answer once, waits for approval and so gives none now."""
    version = comment.question_version
    if comment.state == CommentState.PUBLISHED or version is None:
        return False
    held = _held_again(comment.author, version.question)
    return held.filter(pk=comment.pk).exists()


def _held_again(reader: User, question: Question) -> "QuerySet[Comment]":
    """Return the comments of `reader` that gave an answer, and wait for approval once more.

    One that was removed while it waited still does not count.
    """
    removals = Decision.objects.filter(
        comment=OuterRef("pk"), action__in=[Action.REMOVE, Action.REMOVE_BRANCH]
    )
    before = Subquery(removals.order_by("-pk").values("state_before")[:1])
    waits = Q(state=CommentState.HELD) | Q(state=CommentState.REMOVED, was=CommentState.HELD)
    return Comment.objects.annotate(was=before).filter(
        waits,
        author=reader,
        question_version__question=question,
        published_at__isnull=False,
    )


def _repeated_since(
    last: Given | None, reader: User, question: Question, held: set[int]
) -> Comment | None:
    """Return the newest comment since `last` that gave an answer which was current already.

    It has no record, for that of a comment that is `held` again was there.
    """
    found = Comment.objects.filter(
        author=reader,
        question_version__question=question,
        stance__isnull=False,
        argues_for__isnull=True,
        published_at__isnull=False,
        stance_records__isnull=True,
    )
    found = found.exclude(pk__in=held).exclude(decisions__action=Action.RETAG)
    if last is not None:
        found = found.filter(created_at__gt=last.at)
    return found.select_related("stance", "question_version").order_by("created_at", "pk").last()


def _given_by(comment: Comment, at: datetime) -> Given:
    return Given(comment.stance, comment.question_version, at, comment)
