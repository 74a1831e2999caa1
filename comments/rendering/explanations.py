"""Explain the rank of a comment: the ranking's own numbers, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from math import log2
from typing import NamedTuple

from core import limits
from posts.models import Post, Stance

from .. import sentences
from ..analytics import minimums
from ..listing.sorts import SORTS, Sort
from ..models import Appraisal, Comment, Ranking
from ..ranking.first_screen import FirstScreenPlace, Why
from ..ranking.lift import NOBODY, StanceReactions, ratio, ratio_range
from ..ranking.stored_columns import FrontPage, RatesByAnswer, SidesByAnswer, ThreadIds
from . import reaction_summary
from .totals import hidden_note

# In place of the id of an answer: its figure is that across answers.
ACROSS = 0


# How far a range that goes on beyond the line is drawn, in percent of the line.
EDGE = 4


class RatioPicture(NamedTuple):
    """A multiple of the usual rate and its range, and their places on a line in percent.

    The line is logarithmic, from a fourth of the usual to four times; the usual is its middle.
    """

    low: float
    high: float
    ratio: float

    @property
    def dot(self) -> str:
        """The place of the multiple."""
        return f"{self._place(self.ratio):.1f}%"

    @property
    def start(self) -> str:
        """The place where the range begins."""
        return f"{self._place(self.low):.1f}%"

    @property
    def width(self) -> str:
        """The length of the range."""
        return f"{self._place(self.high) - self._place(self.low):.1f}%"

    @staticmethod
    def _place(ratio: float) -> float:
        return min(max(50 + 25 * log2(ratio), -EDGE), 100 + EDGE) if ratio > 0 else -EDGE


@dataclass(frozen=True)
class ExplanationRow:
    """The reactions of readers of one answer to a comment, against their usual rate."""

    stance: Stance
    side: StanceReactions
    rate: float
    # Whether its figure decides the place of the comment.
    decides: bool = False

    @property
    def part(self) -> reaction_summary.SummaryPart:
        """The same marks and chances, as a part of the tally."""
        return reaction_summary.SummaryPart(self.stance, *self.side)

    @property
    def usual(self) -> str:
        """Their usual rate, in percent."""
        return sentences.percent(self.rate)

    @property
    def share(self) -> str:
        """Their rate for this comment, in percent; empty if nobody had a chance."""
        side = self.side
        return sentences.percent(side.approvals / side.chances) if side.chances else ""

    @property
    def times(self) -> str:
        """Their rate for this comment as a multiple of the usual one."""
        return f"{ratio(self.side, self.rate):.1f}"

    @property
    def picture(self) -> RatioPicture | None:
        """The multiple with the range that chance leaves open; None if nobody had a chance."""
        if not self.side.chances:
            return None
        low, high = ratio_range(self.side, self.rate)
        return RatioPicture(low, high, ratio(self.side, self.rate))


class OrderStep(NamedTuple):
    """Some places of an order, from `first` to `last`, and what decides them."""

    first: int
    last: int
    rule: str
    # The number of the comment explained, if it has one of these places.
    number: int | None


@dataclass(frozen=True)
class ExplainedPlace:
    """The place of a comment: sentences that say which and why, and the steps of its order.

    `why` is None where its figure across answers decides, or nothing does. `decides` is the id of
    the answer whose figure does, 0 for that across answers, None for neither. `is_moved` says
    whether what readers of all answers think can move it.
    """

    sentences: list[str]
    steps: tuple[OrderStep, ...] = ()
    why: Why | None = None
    word: str = ""
    decides: int | None = None
    is_moved: bool = True


@dataclass(frozen=True)
class Explanation:
    """Everything that the page about one comment says of its rank.

    `compared` says how often it was marked, `badges` what its marks mean. `shown_from` is set while
    the tally is not shown yet.
    """

    place: ExplainedPlace
    parts: list[reaction_summary.SummaryPart] = field(default_factory=list)
    others: int = 0
    # Marks with an answer that the number at the comment counts and `rows` do not, or below 0 the
    # other way round.
    unranked: int = 0
    rows: list[ExplanationRow] = field(default_factory=list)
    lift: str = ""
    shown_from: datetime | None = None
    # All approvals in one number, where nothing is said by answer, and why not.
    marks: int | None = None
    why_one: str = ""
    compared: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def reason(self) -> list[str]:
        """Why the comment stands where it does."""
        return [*self.place.sentences, *(self.compared if self.place.is_moved else ())]

    @property
    def beside(self) -> tuple[str, ...]:
        """How often the comment was marked, where that does not move it."""
        return () if self.place.is_moved else self.compared

    @property
    def together(self) -> StanceReactions:
        """The marks and the chances of the readers of all answers."""
        return StanceReactions(
            sum(row.side.approvals for row in self.rows), sum(row.side.chances for row in self.rows)
        )

    @property
    def example(self) -> list[str]:
        """What the figures of the row furthest from its quotient count, and how they follow."""
        rows = [row for row in self.rows if row.side.chances]
        rows = [row for row in rows if row.side.approvals] or rows
        row = max(rows, key=lambda row: sentences.pull(row.side, row.rate))
        word = row.stance.word
        return [
            sentences.counted(word, row.side),
            sentences.example(word, row.side, row.rate),
        ]

    @property
    def has_unread(self) -> bool:
        """Whether no reader of some answer had a chance to read the comment."""
        return any(not row.side.chances for row in self.rows)

    @property
    def balanced(self) -> str:
        """How the figures of the rows balance each other in that across answers."""
        return sentences.balanced([ratio(row.side, row.rate) for row in self.rows])

    @property
    def lift_decides(self) -> bool:
        """Whether the figure across answers decides the place of the comment."""
        return self.place.decides == ACROSS

    @classmethod
    def of(
        cls, comment: Comment, post: Post, now: datetime, *, shows_totals: bool = True
    ) -> "Explanation":
        """Return the explanation of `comment`; before it is a day old only its place.

        Without `shows_totals` it is one number: the rank and its reasons follow from answers.
        """
        if not shows_totals:
            return cls._without_answers(comment, post, now)
        stances = {stance.pk: stance for stance in _stances(post)}
        if not minimums.show_counts(sum(stance.answer_count for stance in stances.values())):
            return cls._of_few(comment, post, stances, now)
        appraisal = Appraisal.objects.filter(comment=comment).first()
        sides = SidesByAnswer.parse(appraisal.sides if appraisal else "")
        ranking = Ranking.objects.filter(post=post).first()
        ranked = RankedPost(post, ranking, stances)
        shown_from = _shown_from(comment, now)
        if shown_from:
            return cls(_place(comment, ranked, sides), shown_from=shown_from)
        rates = RatesByAnswer.parse(ranking.rates if ranking else "")
        totals = SidesByAnswer.parse(ranking.totals if ranking else "")
        approvals = sum(side.approvals for side in totals.values())
        figures = ToldFigures(appraisal.lift, rates) if appraisal and approvals else None
        place = _place(comment, ranked, sides, figures)
        rows = [
            ExplanationRow(stance, sides.get(pk, NOBODY), rates[pk], decides=place.decides == pk)
            for pk, stance in stances.items()
            if pk in rates
        ]
        compared = list(sentences.rank(appraisal, sides, rates, stances, approvals))
        if figures and float(f"{figures.lift:.1f}") < 1:
            compared[-1] = f"{compared[-1]} {sentences.despite(place.why, place.word)}".strip()
        rows = rows if figures and any(row.side.chances for row in rows) else []
        tally = comment.well_argued
        marked = sum(row.side.approvals for row in rows)
        return cls(
            place,
            parts=[row.part for row in rows if row.side.chances]
            or reaction_summary.parts(tally, appraisal.sides if appraisal else None, stances),
            others=reaction_summary.without_answer(tally),
            unranked=reaction_summary.unranked(tally, marked) if rows else 0,
            rows=rows,
            lift=f"{appraisal.lift:.1f}" if appraisal else "1.0",
            compared=tuple(compared),
            badges=tuple(sentences.badges(appraisal, sides, rates, stances)) if approvals else (),
            evidence=sentences.evidence(appraisal) if approvals else "",
        )

    @classmethod
    def _of_few(
        cls, comment: Comment, post: Post, stances: dict[int, Stance], now: datetime
    ) -> "Explanation":
        """Return what may be said of `comment` while few readers answer: nothing by answer."""
        ranking = Ranking.objects.filter(post=post).first()
        place = _place(comment, RankedPost(post, ranking, stances), None)
        return cls._in_one_number(
            comment, place.sentences, now, why=sentences.sides_from() if stances else ""
        )

    @classmethod
    def _without_answers(cls, comment: Comment, post: Post, now: datetime) -> "Explanation":
        """Return what may be said of `comment` while answers are hidden."""
        said = [sentences.place_in_time()]
        return cls._in_one_number(comment, said, now, why=hidden_note(post))

    @classmethod
    def _in_one_number(
        cls, comment: Comment, said: list[str], now: datetime, *, why: str
    ) -> "Explanation":
        """Return the sentences `said` beside the number of marks, and `why` it is one number."""
        marks = reaction_summary.total(comment.well_argued)
        return cls(
            ExplainedPlace(said), shown_from=_shown_from(comment, now), marks=marks, why_one=why
        )


def _shown_from(comment: Comment, now: datetime) -> datetime | None:
    """Return when the tally of `comment` is shown; None if it is shown at `now`."""
    day_old = comment.created_at + timedelta(seconds=limits.TALLY_AFTER)
    return day_old if day_old > now else None


def _stances(post: Post) -> list[Stance]:
    question = post.question_or_none
    return list(question.stances.all()) if question else []


class RankedPost(NamedTuple):
    """A post with its newest ranking and the stances of its question by id."""

    post: Post
    ranking: Ranking | None
    stances: dict[int, Stance]


class ToldFigures(NamedTuple):
    """The figures that may be told of a comment: its lift, and the usual rates by answer."""

    lift: float
    rates: RatesByAnswer


def _place(
    comment: Comment,
    ranked: RankedPost,
    sides: SidesByAnswer | None,
    figures: ToldFigures | None = None,
) -> ExplainedPlace:
    """Return which of the threads the comment is, and why it stands there.

    None for `sides` and `figures` says that they are not told.
    """
    if comment.parent_id:
        return ExplainedPlace([sentences.place_of_reply()], is_moved=False)
    front = FrontPage.parse(ranked.post.front)
    if front is None:
        return ExplainedPlace([sentences.place_in_time()])
    threads = ThreadIds.parse(ranked.ranking.threads if ranked.ranking else "")
    if comment.pk not in threads:
        return ExplainedPlace([sentences.place_after_last()])
    number, order = threads.index(comment.pk) + 1, str(SORTS[Sort.BALANCED].label)
    steps = tuple(_steps(front, len(threads), number, ranked.stances))
    first = front.places.get(comment.pk)
    why = first.shown_why(sides) if first else None
    told = sentences.PlaceTold(number, len(threads), order, why, len(front.places) + 1)
    if first is None:
        return ExplainedPlace([sentences.place(told)], steps, decides=ACROSS if figures else None)
    return _first_place(first, told, steps, ranked.stances, sides, figures)


def _first_place(
    first: FirstScreenPlace,
    told: sentences.PlaceTold,
    steps: tuple[OrderStep, ...],
    stances: dict[int, Stance],
    sides: SidesByAnswer | None,
    figures: ToldFigures | None,
) -> ExplainedPlace:
    """Return one of the first places, which is `told`, with the sentences that say why."""
    why, pk = told.why, first.stance or 0
    stance = _answer_of_place(pk, stances) if why != Why.SIDE else None
    word = stance.word if stance else ""
    decides, times = None, ""
    if figures and sides is not None and pk in figures.rates and why != Why.BALANCE:
        decides = pk
        times = f"{ratio(sides.get(pk, NOBODY), figures.rates[pk]):.1f}"
    elif figures and why == Why.BRIDGE:
        decides = ACROSS
    said = [sentences.place(told, stance), sentences.chosen(why, word, times)]
    return ExplainedPlace(
        [each for each in said if each],
        steps,
        why,
        word,
        decides,
        is_moved=why == Why.BRIDGE,
    )


def _answer_of_place(pk: int, stances: dict[int, Stance]) -> sentences.AnswerOfPlace | None:
    """Return the answer with the id `pk` as it is told of a place; None without one."""
    if pk not in stances:
        return None
    return sentences.AnswerOfPlace(stances[pk].word, list(stances).index(pk) + 1)


def _steps(
    front: FrontPage, threads: int, number: int, stances: dict[int, Stance]
) -> Iterator[OrderStep]:
    """Yield the parts of the order of `threads`; the comment explained has the place `number`."""
    last = 0
    for why, group in groupby(front.places.values(), key=lambda place: place.why):
        places = list(group)
        first, last = last + 1, last + len(places)
        named = [stances[place.stance] for place in places if place.stance in stances]
        yield _step(first, last, sentences.rule(why, named), number)
    if last < threads:
        yield _step(last + 1, threads, sentences.rule(None, []), number)


def _step(first: int, last: int, rule: str, number: int) -> OrderStep:
    return OrderStep(first, last, rule, number if first <= number <= last else None)
