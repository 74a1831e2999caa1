"""How answers moved from one part of a series to a later one that asks the same question.

Counted are the readers who give an answer in both parts now, neither banned nor erased, each from
the answer in the earlier part to that in the later one. Stances belong together by their keys.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from posts.models import Post, Question, Stance

from ..models import Comment, CurrentStance
from .disclosure import Pair
from .flow import Flow

# By the ids of two answers, one in each part: how many readers give both, and how many of them have
# written a comment in one of the parts.
Cells = dict[Pair, tuple[int, int]]


@dataclass(frozen=True)
class Carried:
    """A question that was carried into a later part; no flow while either hides its totals."""

    question: Question
    earlier: Post
    later: Post
    flow: Flow | None

    @property
    def readers(self) -> int:
        """How many readers answer in both parts."""
        return self.flow.readers if self.flow else 0


def moves_of(questions: Sequence[Question]) -> list[Carried]:
    """Return how answers moved to each of `questions`, from the ones they are carried from.

    Both come with their stances and parts (`posts.carried_questions`), by one query.
    """
    shown = [question for question in questions if _shows(question)]
    cells = _cells(shown) if shown else {}
    return [
        Carried(
            question,
            question.carried_from.post,
            question.post,
            _flow(question, cells.get(question.pk, {})) if question in shown else None,
        )
        for question in questions
        if question.carried_from is not None
    ]


def _shows(question: Question) -> bool:
    before = question.carried_from
    return before is not None and before.shows_totals_to_all and question.shows_totals_to_all


def _cells(questions: Iterable[Question]) -> dict[int, Cells]:
    """Return, by question, how many readers give each pair of answers."""
    before = "reader__current_stances"
    pairs = CurrentStance.objects.filter(
        question__in=[question.pk for question in questions],
        stance__isnull=False,
        reader__banned_at__isnull=True,
        reader__erased_at__isnull=True,
        **{f"{before}__question": F("question__carried_from"), f"{before}__stance__isnull": False},
    )
    either = Q(stance__question=OuterRef("question"))
    either |= Q(stance__question=OuterRef("question__carried_from"))
    says_so = Exists(Comment.objects.readable().filter(either, author=OuterRef("reader")))
    rows = pairs.order_by().values_list("question_id", f"{before}__stance_id", "stance_id", says_so)
    found: dict[int, Cells] = {}
    for question, first, now, has_commented, number in rows.annotate(number=Count("pk")):
        cells = found.setdefault(question, {})
        others, commenting = cells.get((first, now), (0, 0))
        cells[first, now] = others + number, commenting + number * has_commented
    return found


def _flow(question: Question, cells: Cells) -> Flow:
    """Return the flow of `cells`, in which an answer is the same one in both parts.

    It goes by the later part's stances, and by those of the earlier one that it offers no more.
    """
    assert question.carried_from is not None
    later, earlier = list(question.stances.all()), list(question.carried_from.stances.all())
    by_key: dict[str, Stance] = {stance.key: stance for stance in [*earlier, *later]}
    same = {stance.pk: by_key[stance.key].pk for stance in [*earlier, *later]}
    joined, commenting = Counter[Pair](), Counter[Pair]()
    for (first, now), (number, with_comment) in cells.items():
        pair = same[first], same[now]
        joined[pair] += number
        commenting[pair] += with_comment
    answered = {pk for pair in joined for pk in pair}
    shown = [each for each in by_key.values() if each.is_offered or each.pk in answered]
    shown.sort(key=lambda stance: stance.position)
    return Flow(tuple(shown), joined, commenting)
