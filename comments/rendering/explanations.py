"""Explain the rank of a comment: the ranking's own numbers, in sentences."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from typing import NamedTuple

from core import limits
from posts.models import Post, Stance

from .. import sentences
from ..analytics import minimums
from ..listing.sorts import SORTS, Sort
from ..models import Appraisal, Comment, Ranking
from ..ranking.lift import NOBODY, StanceReactions, ratio, ratio_range
from ..ranking.stored_columns import FrontPage, RatesByAnswer, SidesByAnswer, ThreadIds
from . import reaction_summary
from .totals import hidden_note


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
        return min(max(50 + 25 * log2(ratio), 0), 100) if ratio > 0 else 0


@dataclass(frozen=True)
class ExplanationRow:
    """The reactions of readers of one answer to a comment, against their usual rate."""

    stance: Stance
    side: StanceReactions
    rate: float

    @property
    def usual(self) -> str:
        """Their usual rate, in percent."""
        return f"{self.rate:.0%}".replace("%", " %")

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


@dataclass(frozen=True)
class Explanation:
    """Everything that the page about one comment says of its rank.

    `sentences` say why it stands where it does, `compared` how often it was marked, `badges` what
    its marks mean. `shown_from` is set while the tally is not shown yet.
    """

    parts: list[reaction_summary.SummaryPart]
    others: int
    rows: list[ExplanationRow]
    lift: str
    sentences: list[str]
    shown_from: datetime | None = None
    # All approvals in one number, where nothing is said by answer, and why not.
    marks: int | None = None
    why_one: str = ""
    compared: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def together(self) -> StanceReactions:
        """The marks and the chances of the readers of all answers."""
        return StanceReactions(
            sum(row.side.approvals for row in self.rows), sum(row.side.chances for row in self.rows)
        )

    @property
    def example(self) -> str:
        """What the figures of a row count, said of the first that has any."""
        rows = (row for row in self.rows if row.side.chances)
        return next((sentences.example(row.stance.word, row.side) for row in rows), "")

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
        shown_from = _shown_from(comment, now)
        if shown_from:
            place = _place_sentences(comment, post, ranking, stances, sides)
            return cls([], 0, [], "", place, shown_from)
        rates = RatesByAnswer.parse(ranking.rates if ranking else "")
        rows = [
            ExplanationRow(stance, sides.get(pk, NOBODY), rates[pk])
            for pk, stance in stances.items()
            if pk in rates
        ]
        totals = SidesByAnswer.parse(ranking.totals if ranking else "")
        approvals = sum(side.approvals for side in totals.values())
        return cls(
            parts=reaction_summary.parts(
                comment.well_argued,
                appraisal.sides if appraisal else None,
                stances,
            ),
            others=reaction_summary.without_answer(comment.well_argued),
            rows=rows if appraisal and approvals else [],
            lift=f"{appraisal.lift:.1f}" if appraisal else "1.0",
            sentences=_place_sentences(
                comment,
                post,
                ranking,
                stances,
                sides,
                appraisal.lift if appraisal and approvals else None,
            ),
            compared=tuple(sentences.rank(appraisal, sides, rates, stances, approvals)),
            badges=tuple(sentences.badges(appraisal, sides, stances)) if approvals else (),
            evidence=sentences.evidence(appraisal) if approvals else "",
        )

    @classmethod
    def _of_few(
        cls, comment: Comment, post: Post, stances: dict[int, Stance], now: datetime
    ) -> "Explanation":
        """Return what may be said of `comment` while few readers answer: nothing by answer."""
        ranking = Ranking.objects.filter(post=post).first()
        place = _place_sentences(comment, post, ranking, stances, None)
        return cls._in_one_number(
            comment, place, now, why=sentences.sides_from() if stances else ""
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
        return cls([], 0, [], "", said, _shown_from(comment, now), marks, why)


def _shown_from(comment: Comment, now: datetime) -> datetime | None:
    """Return when the tally of `comment` is shown; None if it is shown at `now`."""
    day_old = comment.created_at + timedelta(seconds=limits.TALLY_AFTER)
    return day_old if day_old > now else None


def _stances(post: Post) -> list[Stance]:
    question = post.question_or_none
    return list(question.stances.all()) if question else []


def _place_sentences(
    comment: Comment,
    post: Post,
    ranking: Ranking | None,
    stances: dict[int, Stance],
    sides: SidesByAnswer | None,
    lift: float | None = None,
) -> list[str]:
    """Return which of the threads the comment is, and why it stands there.

    None for `sides` and `lift` says that they are not told.
    """
    if comment.parent_id:
        return [sentences.place_of_reply()]
    front = FrontPage.parse(post.front)
    if front is None:
        return [sentences.place_in_time()]
    threads = ThreadIds.parse(ranking.threads if ranking else "")
    if comment.pk not in threads:
        return [sentences.place_after_last()]
    number = sentences.place_number(
        threads.index(comment.pk) + 1, len(threads), str(SORTS[Sort.BALANCED].label)
    )
    place = front.places.get(comment.pk)
    if place is None:
        return [number, sentences.place_after_first(lift)]
    word = stances[place.stance].word if place.stance in stances else ""
    return [number, sentences.place(place.shown_why(sides), word)]
