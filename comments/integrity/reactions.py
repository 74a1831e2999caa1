"""Checks that the tallies, verdicts and lifts of comments follow from what readers pressed."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from ..actions import steelmen
from ..models import (
    Appraisal,
    BadgeChange,
    ChangeOfMind,
    Comment,
    Ranking,
    Reaction,
    SteelmanVerdict,
)
from ..models.counted import COUNTED
from ..ranking import moved_minds
from ..ranking.evidence import careful_rates, evidence
from ..ranking.lift import lift
from ..ranking.stored_columns import NO_ANSWER, CountsByAnswer, RatesByAnswer, SidesByAnswer
from . import repairs
from .faults import Fault
from .queries import Window, differ
from .rules import AGREE

# Allowed difference of a stored lift, which is rounded to six digits.
TOLERANCE = 1e-5


def miscounted_tallies(window: Window) -> Iterator[Fault]:
    """Yield the comments whose `well_argued` differs from a count of their reactions."""
    pressed = Exists(Reaction.objects.filter(comment=OuterRef("pk")))
    rows = Comment.objects.filter(Q(pressed) | ~Q(well_argued=""))
    grouped = rows.values("pk", "well_argued", "reactions__stance").annotate(
        number=Count("reactions", filter=_counted_reactions())
    )
    stored: dict[int, str] = {}
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    fields = ("pk", "well_argued", "reactions__stance", "number")
    for pk, tally, stance, number in window.read(grouped, *fields):
        stored[pk] = tally
        counted[pk][stance or NO_ANSWER] = number
    for pk, tally in stored.items():
        found = str(CountsByAnswer(counted[pk]))
        if tally != found:
            message = f"comment {pk}: its well_argued is '{tally}', counted are '{found}'"
            yield Fault(message, repairs.TALLIES, pk)


def _counted_reactions() -> Q:
    """Return the condition for comments joined with their reactions that count."""
    counted = Reaction.objects.filter(COUNTED).values("pk")
    return Q(reactions__in=counted)


def miscounted_minds(window: Window) -> Iterator[Fault]:
    """Yield the comments whose `minds_moved` differs from a count of the changes of mind."""
    credited = Exists(ChangeOfMind.objects.filter(comment=OuterRef("pk")))
    rows = Comment.objects.filter(Q(credited) | ~Q(minds_moved=""))
    for pk, stored in window.read(rows, "pk", "minds_moved"):
        found = moved_minds.recount(Comment(pk=pk))
        if stored != found:
            message = f"comment {pk}: its minds_moved is '{stored}', counted are '{found}'"
            yield Fault(message, repairs.MINDS, pk)


def miscounted_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the steelmen whose `verdicts` differ from a count of the verdicts."""
    judged = Exists(SteelmanVerdict.objects.filter(comment=OuterRef("pk")))
    rows = Comment.objects.filter(Q(judged) | ~Q(verdicts=""))
    for pk, stored in window.read(rows, "pk", "verdicts"):
        found = steelmen.recount(Comment(pk=pk))
        if stored != found:
            message = f"comment {pk}: its verdicts are '{stored}', counted are '{found}'"
            yield Fault(message, repairs.VERDICTS, pk)


def disagreeing_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the verdicts on steelmen that their reader was not entitled to give."""
    verdicts = SteelmanVerdict.objects.all()
    for rows, message in (
        (verdicts.filter(comment__author=F("reader")), "it is on the reader's own comment"),
        (verdicts.filter(differ("comment__argues_for", "stance")), "it is of another answer"),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"steelman verdict {pk}: {message}", advice=AGREE)


def disagreeing_changes(window: Window) -> Iterator[Fault]:
    """Yield the changes of mind whose post, question, answers or record do not match."""
    changes = ChangeOfMind.objects.all()
    moved = changes.filter(record__isnull=False)
    for rows, message in (
        (changes.filter(~Q(question__post=F("post"))), "its question is of another post"),
        (
            changes.filter(~Q(from_stance__question=F("question"))),
            "its answers are of another",
        ),
        (changes.filter(comment__author=F("giver")), "it credits the reader's own comment"),
        (moved.filter(~Q(record__reader=F("giver"))), "its record is somebody else's"),
        (moved.filter(~Q(record__stance=F("to_stance"))), "its record has another answer"),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"change of mind {pk}: {message}", advice=AGREE)


def disagreeing_reactions(window: Window) -> Iterator[Fault]:
    """Yield the reactions whose post, comment, reader or stance do not match."""
    reactions = Reaction.objects.all()
    other = reactions.filter(stance__isnull=False).filter(~Q(stance__question__post=F("post")))
    for rows, message in (
        (reactions.filter(~Q(comment__post=F("post"))), "its comment is under another post"),
        (reactions.filter(comment__author=F("reader")), "it is on the reader's own comment"),
        (other, "its stance answers the question of another post"),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"reaction {pk}: {message}", advice=AGREE)


def miscomputed_lifts(window: Window) -> Iterator[Fault]:
    """Yield the appraisals whose `lift` or `evidence` does not follow from their figures."""
    fields = ("pk", "post_id", "lift", "evidence", "sides", "badge_sides")
    rows = window.read(Appraisal.objects.all(), *fields, "comment__stance", "comment__argues_for")
    usual = _usual({post for _pk, post, *_figures in rows})
    for pk, post, stored, product, written, badge_written, own, other in rows:
        if post not in usual:
            continue
        sides, (rates, totals) = SidesByAnswer.parse(written), usual[post]
        computed = lift(sides, rates)
        if abs(stored - computed) > TOLERANCE:
            message = f"comment {pk}: its lift is {stored}, computed is {computed:.6f}"
            yield Fault(message, repairs.LIFTS, pk)
        if product is None or not totals:
            continue
        careful = careful_rates(rates, totals, sides)
        badge_sides = SidesByAnswer.parse(badge_written) or sides
        found = evidence(badge_sides, rates, careful, other or own).product
        if abs(product - found) > TOLERANCE * max(found, 1):
            message = f"comment {pk}: its evidence is {product}, computed is {found:.6g}"
            yield Fault(message, repairs.LIFTS, pk)


def disagreeing_badges(window: Window) -> Iterator[Fault]:
    """Yield the appraisals whose badge is not what the newest row of its history says."""
    changes = BadgeChange.objects.filter(comment=OuterRef("pk")).order_by("-pk")
    said = Coalesce(Subquery(changes.values("is_earned")[:1]), Value(False))
    for pk, has_badge in window.read(
        Appraisal.objects.annotate(said=said).exclude(has_badge=F("said")), "pk", "has_badge"
    ):
        message = f"comment {pk}: its badge is {has_badge}, and its history says otherwise"
        yield Fault(message, advice=AGREE)


def _usual(posts: set[int]) -> dict[int, tuple[RatesByAnswer, SidesByAnswer]]:
    """Return the usual rates and the totals of each post's newest ranking, by stance id."""
    newest = Ranking.objects.filter(post__in=posts).order_by("post", "number")
    rows = newest.values_list("post_id", "rates", "totals")
    return {
        post: (RatesByAnswer.parse(rates), SidesByAnswer.parse(totals))
        for post, rates, totals in rows
    }
