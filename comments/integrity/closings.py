"""Checks that the figures, status and summary of closings follow from citations and verdicts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from posts.models import Post

from ..closings import sides
from ..closings.status import ClosingOutcome, Judged
from ..closings.summary import Summary
from ..models import Citation, Closing, ClosingSide, ClosingVerdict, CurrentStance
from ..models.counted import COUNTED
from . import repairs
from .faults import Fault
from .queries import Window
from .rules import AGREE

# Within this time a round has looked at what changes with time.
_ROUNDS = timedelta(minutes=5)


def miscounted_sides(window: Window) -> Iterator[Fault]:
    """Yield the sides of closings whose stored counts differ from their verdicts."""
    rows = ClosingSide.objects.annotate(
        counted_fair=_number(Q(is_fair=True)), counted_judges=_number(Q())
    )
    wrong = rows.exclude(fair=F("counted_fair"), judges=F("counted_judges"))
    fields = ("pk", "closing", "fair", "judges", "counted_fair", "counted_judges")
    for pk, closing, fair, judges, *found in window.read(wrong, *fields):
        message = f"stored are {fair} of {judges}, counted are {found[0]} of {found[1]}"
        yield Fault(f"closing side {pk}: {message}", repairs.CLOSINGS, closing)


def outdated_sides(window: Window) -> Iterator[Fault]:
    """Yield the sides of which is stored wrongly whether they are given, or cited, now.

    What the next round will find has not lasted long: an answer that has just changed, or become
    old enough.
    """
    now = timezone.now()
    before = sides.outdated(now - _ROUNDS).order_by().values("pk")
    changed = CurrentStance.objects.changed().filter(question__stances=OuterRef("stance"))
    rows = sides.outdated(now).filter(~Exists(changed), pk__in=before)
    fields = ("pk", "closing", "is_given", "is_cited", "given_now", "cited_now")
    for pk, closing, given, cited, *found in window.read(rows, *fields):
        stored = f"stored are given={given}, cited={cited}"
        message = f"closing side {pk}: {stored}, found are given={found[0]}, cited={found[1]}"
        yield Fault(message, repairs.CLOSINGS, closing)


def _number(which: Q) -> Any:
    """Return the expression for how many counted verdicts on a side match `which`."""
    verdicts = ClosingVerdict.objects.filter(COUNTED, which)
    of_side = verdicts.filter(closing=OuterRef("closing"), stance=OuterRef("stance"))
    number = of_side.order_by().values("closing").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0, output_field=IntegerField())


def wrong_closing_status(window: Window) -> Iterator[Fault]:
    """Yield the closings whose status does not follow from their sides."""
    fields = ("pk", "status", *(f"sides__{name}" for name in ("stance", *Judged._fields)))
    stored: dict[int, str] = {}
    judged: dict[int, dict[int, Judged]] = defaultdict(dict)
    for pk, status, stance, *figures in window.read(Closing.objects.all(), *fields):
        stored[pk] = status
        judged[pk] |= _side(stance, figures)
    for pk, status in stored.items():
        computed = ClosingOutcome.of(judged[pk]).status
        if status != computed:
            message = f"its status is {status}, its sides make it {computed}"
            yield Fault(f"closing {pk}: {message}", repairs.CLOSINGS, pk)


def outdated_summaries(window: Window) -> Iterator[Fault]:
    """Yield the posts whose stored summary differs from the newest version of their closing."""
    fields = ("closings__number", "closings__beginning")
    figures = [f"closings__sides__{name}" for name in ("stance", *Judged._fields)]
    rows = Post.objects.filter(Q(closings__isnull=False) | ~Q(closing=""))
    kept: dict[int, str] = {}
    newest: dict[int, tuple[int, str]] = {}
    by_version: dict[tuple[int, int], dict[int, Judged]] = defaultdict(dict)
    for pk, closing, number, beginning, stance, *judged in window.read(
        rows, "pk", "closing", *fields, *figures
    ):
        kept[pk] = closing
        if number is not None:
            newest[pk] = max((number, beginning), newest.get(pk, (0, "")))
            by_version[pk, number] |= _side(stance, judged)
    for pk, closing in kept.items():
        if closing != _summary(newest.get(pk), by_version, pk):
            message = "its stored summary differs from its closing"
            yield Fault(f"post {pk}: {message}", repairs.SUMMARIES, pk)


def _summary(newest: tuple[int, str] | None, by_version: Any, post: int) -> str:
    """Return what `Post.closing` should hold; `newest` is (number, beginning) of the version.

    Empty without one, and for one whose words were erased.
    """
    number, beginning = newest or (0, "")
    if not beginning:
        return ""
    earlier = [by_version[post, before] for before in range(number - 1, 0, -1)]
    return str(Summary(ClosingOutcome.of(by_version[post, number], earlier), beginning))


def _side(stance: int | None, figures: list[Any]) -> dict[int, Judged]:
    return {} if stance is None else {stance: Judged(*figures)}


def disagreeing_citations(window: Window) -> Iterator[Fault]:
    """Yield the citations of comments that are under another post than the closing."""
    strayed = Citation.objects.filter(~Q(comment__post=F("closing__post")))
    for (pk,) in window.read(strayed, "pk"):
        yield Fault(f"citation {pk}: its comment is under another post", advice=AGREE)


def disagreeing_sides(window: Window) -> Iterator[Fault]:
    """Yield the sides of closings whose stance answers another question."""
    strayed = ClosingSide.objects.filter(~Q(stance__question__post=F("closing__post")))
    for (pk,) in window.read(strayed, "pk"):
        yield Fault(f"closing side {pk}: its stance is of another question", advice=AGREE)


def disagreeing_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the verdicts on closings given for an answer that is not one of its sides."""
    judged = ClosingSide.objects.filter(closing=OuterRef("closing"), stance=OuterRef("stance"))
    for (pk,) in window.read(ClosingVerdict.objects.filter(~Exists(judged)), "pk"):
        yield Fault(f"closing verdict {pk}: its stance is none of the closing's", advice=AGREE)
