"""Whether the history of each reader's answers is one chain, and its end known."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from ..models import CurrentStance, StanceRecord
from .queries import differ, stream


def broken_chains() -> Iterator[str]:
    """Yield where the records of a reader on a question are not one chain with one beginning.

    A record may be superseded once (a unique column) and only by a later one (a constraint): with
    one first record and nobody else's in between, the chain is a line.
    """
    strayed = StanceRecord.objects.filter(supersedes__isnull=False).filter(
        ~Q(supersedes__reader=F("reader")) | ~Q(supersedes__question=F("question"))
    )
    for pk, before in stream(strayed, "pk", "supersedes"):
        yield f"stance record {pk}: it supersedes {before}, of another reader or question"
    chains = StanceRecord.objects.order_by().values("reader", "question")
    firsts = chains.annotate(firsts=Count("pk", filter=Q(supersedes__isnull=True)))
    for reader, question, found in stream(firsts.exclude(firsts=1), "reader", "question", "firsts"):
        yield f"reader {reader}: {found} first records on question {question}"
    again = chains.filter(supersedes__isnull=False).values("supersedes")
    twice = again.annotate(n=Count("pk")).filter(n__gt=1)
    for before, found in stream(twice, "supersedes", "n"):
        yield f"stance record {before}: superseded by {found} records"


def outdated_stances() -> Iterator[str]:
    """Yield where a reader's current stance is not what their newest record says."""
    later = StanceRecord.objects.filter(supersedes=OuterRef("record"))
    for pk, record in stream(CurrentStance.objects.filter(Exists(later)), "pk", "record"):
        yield f"current stance {pk}: record {record} has been superseded"
    wrong = CurrentStance.objects.filter(
        differ("stance", "record__stance")
        | ~Q(reader=F("record__reader"))
        | ~Q(question=F("record__question"))
    )
    for pk, record in stream(wrong, "pk", "record"):
        yield f"current stance {pk}: it is not what record {record} says"
    known = CurrentStance.objects.filter(reader=OuterRef("reader"), question=OuterRef("question"))
    unknown = StanceRecord.objects.filter(supersedes__isnull=True).filter(~Exists(known))
    for reader, question in stream(unknown, "reader", "question"):
        yield f"reader {reader}: answered question {question}, but has no current stance"
