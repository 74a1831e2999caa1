"""Checks that each reader's answers form one chain, and that the current stance is its end."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from posts.models import SealedAnswer

from ..given_answers import given_answer
from ..models import CommentState, CurrentStance, StanceRecord, StanceSource
from . import repairs
from .faults import Fault
from .queries import Window, differ

HISTORY = (
    "the history is never changed: restore it from a backup; until then this reader's current "
    "stance is computed from the records that exist"
)
_BY_COMMENT = [StanceSource.COMMENT, StanceSource.CORRECTION]


def broken_chains(window: Window) -> Iterator[Fault]:
    """Yield the stance records that break the chain of one reader's answers to one question.

    A constraint makes each record supersede an older one, so going back from any record ends at a
    first one. With one first record, and none superseded twice, the records form one chain.
    """
    records = StanceRecord.objects.all()
    strayed = records.filter(supersedes__isnull=False).filter(
        ~Q(supersedes__reader=F("reader")) | ~Q(supersedes__question=F("question"))
    )
    for pk, before in window.read(strayed, "pk", "supersedes"):
        message = f"stance record {pk}: it supersedes {before}, of another reader or question"
        yield Fault(message, advice=HISTORY)
    others = StanceRecord.objects.filter(pk__lt=OuterRef("pk"))
    same = others.filter(reader=OuterRef("reader"), question=OuterRef("question"))
    again = Exists(same.filter(supersedes__isnull=True))
    for pk, reader, question in window.read(
        records.filter(again, supersedes__isnull=True), "pk", "reader", "question"
    ):
        message = f"reader {reader}: record {pk} is another first one on question {question}"
        yield Fault(message, advice=HISTORY)
    twice = records.filter(Exists(others.filter(supersedes=OuterRef("supersedes"))))
    for pk, before in window.read(twice.filter(supersedes__isnull=False), "pk", "supersedes"):
        message = f"stance record {before}: superseded by {pk} and by an earlier record"
        yield Fault(message, advice=HISTORY)


def unknown_answers(window: Window) -> Iterator[Fault]:
    """Yield the readers who have answered a question but have no current stance on it."""
    known = CurrentStance.objects.filter(reader=OuterRef("reader"), question=OuterRef("question"))
    unknown = StanceRecord.objects.filter(~Exists(known), supersedes__isnull=True)
    for reader, question in window.read(unknown, "reader", "question"):
        message = f"reader {reader}: answered question {question}, but has no current stance"
        yield Fault(message, repairs.CURRENT, (reader, question))


def outdated_stances(window: Window) -> Iterator[Fault]:
    """Yield the current stances that differ from the reader's newest record."""
    fields = ("pk", "record", "reader", "question")
    later = StanceRecord.objects.filter(supersedes=OuterRef("record"))
    for pk, record, *key in window.read(CurrentStance.objects.filter(Exists(later)), *fields):
        message = f"current stance {pk}: record {record} has been superseded"
        yield Fault(message, repairs.CURRENT, tuple(key))
    wrong = CurrentStance.objects.filter(
        differ("stance", "record__stance")
        | ~Q(reader=F("record__reader"))
        | ~Q(question=F("record__question"))
    )
    for pk, record, *key in window.read(wrong, *fields):
        message = f"current stance {pk}: it is not what record {record} says"
        yield Fault(message, repairs.CURRENT, tuple(key))


def unrecorded_openings(window: Window) -> Iterator[Fault]:
    """Yield the opened sealed answers that are missing from the author's answer history."""
    records = StanceRecord.objects.filter(reader=OuterRef("author"), question=OuterRef("question"))
    opened = SealedAnswer.objects.filter(~Exists(records), opened_at__isnull=False)
    for pk, author in window.read(opened, "pk", "author"):
        message = f"sealed answer {pk}: it is open, but user {author} has no record of an answer"
        yield Fault(message, repairs.OPENINGS, pk)


def unapproved_answers(window: Window) -> Iterator[Fault]:
    """Yield the readers who count with another answer than they gave last.

    That is by a comment which is held again, or by one that was written earlier and approved later.
    """
    held = Q(record__comment__state=CommentState.HELD, record__comment__published_at__isnull=False)
    doubtful = CurrentStance.objects.filter(held | _given_before(), stance__isnull=False)
    wanted = [pk for (pk,) in window.read(doubtful, "pk")]
    rows = CurrentStance.objects.filter(pk__in=wanted).select_related("reader", "question")
    for row in rows.order_by("pk"):
        given = given_answer(row.reader, row.question)
        answer = given.stance.pk if given and given.stance else None
        if answer != row.stance_id:
            message = (
                f"reader {row.reader_id}: counts with answer {row.stance_id} to question "
                f"{row.question_id}, but gave {answer or 'none that is approved'} last"
            )
            yield Fault(message, repairs.ANSWERS, (row.reader_id, row.question_id))


def _given_before() -> Q:
    """Return the condition that the comment with the last record was written before the other."""
    written = F("record__comment__created_at")
    comment_since = Q(
        record__supersedes__source__in=_BY_COMMENT,
        record__supersedes__comment__created_at__gt=written,
    )
    answer_since = Q(
        record__supersedes__comment__isnull=True, record__supersedes__recorded_at__gt=written
    )
    return Q(record__source=StanceSource.COMMENT) & (comment_since | answer_since)
