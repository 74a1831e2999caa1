"""Whether what is said of comments follows from what readers pressed."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from ..actions import changes_of_mind, steelmen
from ..models import Appraisal, ChangeOfMind, Comment, Ranking, Reaction, SteelmanVerdict
from ..ranking.lift import lift
from ..ranking.stored_columns import NO_ANSWER, CountsByAnswer, RatesByAnswer, SidesByAnswer
from . import repairs
from .faults import Fault
from .queries import Window, differ
from .rules import AGREE

COUNTED = Q(reactions__reader__banned_at__isnull=True, reactions__reader__erased_at__isnull=True)
# What a stored lift may differ by: it is rounded to the sixth digit.
EXACTNESS = 1e-5


def miscounted_tallies(window: Window) -> Iterator[Fault]:
    """Yield the comments whose tally is not what their reactions add up to."""
    pressed = Exists(Reaction.objects.filter(comment=OuterRef("pk")))
    rows = Comment.objects.filter(Q(pressed) | ~Q(well_argued=""))
    grouped = rows.values("pk", "well_argued", "reactions__stance").annotate(
        number=Count("reactions", filter=COUNTED)
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
            says = f"comment {pk}: its well_argued is '{tally}', counted are '{found}'"
            yield Fault(says, repairs.TALLIES, pk)


def miscounted_minds(window: Window) -> Iterator[Fault]:
    """Yield the comments whose changed minds are not what their rows add up to."""
    credited = Exists(ChangeOfMind.objects.filter(comment=OuterRef("pk")))
    rows = Comment.objects.filter(Q(credited) | ~Q(minds_moved=""))
    for pk, stored in window.read(rows, "pk", "minds_moved"):
        found = changes_of_mind.recount(Comment(pk=pk))
        if stored != found:
            says = f"comment {pk}: its minds_moved is '{stored}', counted are '{found}'"
            yield Fault(says, repairs.MINDS, pk)


def miscounted_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the steelmen whose verdicts are not what their rows add up to."""
    judged = Exists(SteelmanVerdict.objects.filter(comment=OuterRef("pk")))
    rows = Comment.objects.filter(Q(judged) | ~Q(verdicts=""))
    for pk, stored in window.read(rows, "pk", "verdicts"):
        found = steelmen.recount(Comment(pk=pk))
        if stored != found:
            says = f"comment {pk}: its verdicts are '{stored}', counted are '{found}'"
            yield Fault(says, repairs.VERDICTS, pk)


def disagreeing_verdicts(window: Window) -> Iterator[Fault]:
    """Yield the verdicts whose reader could not judge that comment."""
    verdicts = SteelmanVerdict.objects.all()
    for rows, says in (
        (verdicts.filter(comment__author=F("reader")), "it is on the reader's own comment"),
        (verdicts.filter(differ("comment__argues_for", "stance")), "it is of another answer"),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"steelman verdict {pk}: {says}", advice=AGREE)


def disagreeing_changes(window: Window) -> Iterator[Fault]:
    """Yield the changes of mind that name rows which do not belong together."""
    changes = ChangeOfMind.objects.all()
    moved = changes.filter(record__isnull=False)
    for rows, says in (
        (changes.filter(~Q(question__post=F("post"))), "its question is of another post"),
        (changes.filter(~Q(from_stance__question=F("question"))), "its answers are of another"),
        (changes.filter(comment__author=F("giver")), "it credits the reader's own comment"),
        (moved.filter(~Q(record__reader=F("giver"))), "its record is somebody else's"),
        (moved.filter(~Q(record__stance=F("to_stance"))), "its record says another answer"),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"change of mind {pk}: {says}", advice=AGREE)


def disagreeing_reactions(window: Window) -> Iterator[Fault]:
    """Yield the reactions that name rows which do not belong together."""
    reactions = Reaction.objects.all()
    other = reactions.filter(stance__isnull=False).filter(~Q(stance__question__post=F("post")))
    for rows, says in (
        (reactions.filter(~Q(comment__post=F("post"))), "its comment is under another post"),
        (reactions.filter(comment__author=F("reader")), "it is on the reader's own comment"),
        (other, "its stance answers the question of another post"),
    ):
        for (pk,) in window.read(rows, "pk"):
            yield Fault(f"reaction {pk}: {says}", advice=AGREE)


def misreckoned_lifts(window: Window) -> Iterator[Fault]:
    """Yield the appraisals whose lift is not what their figures come to."""
    fields = ("pk", "post_id", "lift", "sides")
    rows = window.read(Appraisal.objects.all(), *fields)
    rates = _rates({post for _pk, post, _lift, _sides in rows})
    for pk, post, stored, sides in rows:
        reckoned = lift(SidesByAnswer.parse(sides), rates.get(post, {}))
        if post in rates and abs(stored - reckoned) > EXACTNESS:
            says = f"comment {pk}: its lift is {stored}, reckoned is {reckoned:.6f}"
            yield Fault(says, repairs.LIFTS, pk)


def _rates(posts: set[int]) -> dict[int, RatesByAnswer]:
    """Return the rates by which each post was last ranked."""
    newest = Ranking.objects.filter(post__in=posts).order_by("post", "number")
    return {
        post: RatesByAnswer.parse(rates) for post, rates in newest.values_list("post_id", "rates")
    }
