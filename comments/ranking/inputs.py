"""Load the inputs of a ranking, with one query for each table."""

from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from posts.models import Post, Stance

from ..models import Comment, CommentState, Reaction, StanceRecord
from . import accounts, constants
from .answer_history import answers_by_reader
from .weights import Pressed, RankingReader, Written

# Comments in one ranking, the newest ones; older ones keep their appraisal. It bounds the memory of
# a ranking to a tenth of a gigabyte, and readers do not search further back for the best.
WEIGHED_MOST = 50_000
# Rows fetched from the database at a time.
_AT_ONCE = 2_000


@dataclass(frozen=True)
class RankingInputs:
    """The inputs of a ranking. `tombstones` are threads whose first comment is not readable."""

    stances: list[int]
    comments: list[Written]
    tombstones: list[int]
    reactions: list[Pressed]
    readers: dict[int, RankingReader]


def load_inputs(post: Post) -> RankingInputs:
    """Return the comments, reactions and readers of `post`, which asks a question."""
    stances = Stance.objects.filter(question__post=post).values_list("pk", flat=True)
    roots = Comment.objects.for_post(post).shown().filter(parent__isnull=True)
    gone = roots.exclude(state=CommentState.PUBLISHED, deleted_at__isnull=True)
    return RankingInputs(
        stances=list(stances),
        comments=_comments(post),
        tombstones=list(gone.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]),
        reactions=_reactions(post),
        readers=_readers(post),
    )


def _comments(post: Post) -> list[Written]:
    rows = Comment.objects.for_post(post).readable().order_by("-pk")[:WEIGHED_MOST]
    columns = ("pk", "thread_id", "author_id", "stance_id", "published_at", "thread_size")
    found = rows.values_list(*columns, "argues_for_id").iterator(_AT_ONCE)
    return [
        Written(pk, thread, writer, other or own, _seconds(at), size, other is not None)
        for pk, thread, writer, own, at, size, other in found
    ]


def _reactions(post: Post) -> list[Pressed]:
    rows = Reaction.objects.filter(post=post).order_by("created_at", "pk")
    found = rows.values_list("comment_id", "reader_id", "created_at").iterator(_AT_ONCE)
    return [Pressed(comment, reader, _seconds(at)) for comment, reader, at in found]


def _readers(post: Post) -> dict[int, RankingReader]:
    """Return the readers with a reaction or a comment, and their answers."""
    answers = answers_by_reader(StanceRecord.objects.filter(question__post=post))
    people = User.objects.filter(
        Q(pk__in=Reaction.objects.filter(post=post).values("reader"))
        | Q(pk__in=Comment.objects.for_post(post).values("author"))
    )
    first = accounts.published(OuterRef("pk")).order_by("published_at").values("published_at")[:1]
    people = people.annotate(is_verified=accounts.is_verified(), first_published=Subquery(first))
    columns = ("pk", "joined_at", "banned_at", "erased_at", "is_verified", "first_published")
    return {
        pk: RankingReader(
            answers.get(pk, ()),
            _seconds(joined),
            _counts_from(joined, first, sound=verified and not banned and not erased),
        )
        for pk, joined, banned, erased, verified, first in people.values_list(*columns)
    }


def _counts_from(joined: datetime, first_published: datetime | None, *, sound: bool) -> float:
    """Return when an account counts: at an age, or with its first published comment."""
    if not sound:
        return inf
    at_age = _seconds(joined) + constants.ACCOUNT_AGE
    return min(at_age, _seconds(first_published)) if first_published else at_age


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
