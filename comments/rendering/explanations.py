"""Explain the rank of a comment: the ranking's own numbers, in sentences."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core import limits
from posts.models import Post, Stance

from .. import sentences
from ..models import Appraisal, Comment, Ranking
from ..ranking.lift import NOBODY, StanceReactions, ratio
from ..ranking.stored_columns import FrontPage, RatesByAnswer, SidesByAnswer
from . import reaction_summary
from .totals import hidden_note


@dataclass(frozen=True)
class ExplanationRow:
    """The reactions of readers of one answer to a comment, against their usual rate."""

    stance: Stance
    side: StanceReactions
    rate: float

    @property
    def usual(self) -> str:
        """Their usual rate, in a hundred."""
        return _("%(n)d in 100") % {"n": round(self.rate * 100)}

    @property
    def times(self) -> str:
        """Their rate for this comment as a multiple of the usual one."""
        return f"{ratio(self.side, self.rate):.2f}"


@dataclass(frozen=True)
class Explanation:
    """Everything that the page about one comment says of its rank.

    `shown_from` is set while the tally is not shown yet.
    """

    parts: list[reaction_summary.SummaryPart]
    others: int
    rows: list[ExplanationRow]
    lift: str
    sentences: list[str]
    shown_from: datetime | None = None
    # All approvals in one number, where answers are hidden.
    marks: int | None = None

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
        appraisal = Appraisal.objects.filter(comment=comment).first()
        sides = SidesByAnswer.parse(appraisal.sides if appraisal else "")
        place = _place_sentence(comment, post, stances, sides)
        shown_from = _shown_from(comment, now)
        if shown_from:
            return cls([], 0, [], "", [place] if place else [], shown_from)
        ranking = Ranking.objects.filter(post=post).first()
        rates = RatesByAnswer.parse(ranking.rates if ranking else "")
        rows = [
            ExplanationRow(stance, sides.get(pk, NOBODY), rates[pk])
            for pk, stance in stances.items()
            if pk in rates
        ]
        totals = SidesByAnswer.parse(ranking.totals if ranking else "")
        approvals = sum(side.approvals for side in totals.values())
        said = [place] if place else []
        said += sentences.rank(appraisal, sides, stances, approvals)
        return cls(
            parts=reaction_summary.parts(
                comment.well_argued,
                appraisal.sides if appraisal else None,
                stances,
            ),
            others=reaction_summary.without_answer(comment.well_argued),
            rows=rows if appraisal and approvals else [],
            lift=f"{appraisal.lift:.2f}" if appraisal else "1.00",
            sentences=said,
        )

    @classmethod
    def _without_answers(cls, comment: Comment, post: Post, now: datetime) -> "Explanation":
        """Return what may be said of `comment` while answers are hidden."""
        said = [_("Comments are in the order in which they came."), hidden_note(post)]
        marks = reaction_summary.total(comment.well_argued)
        return cls([], 0, [], "", said, _shown_from(comment, now), marks)


def _shown_from(comment: Comment, now: datetime) -> datetime | None:
    """Return when the tally of `comment` is shown; None if it is shown at `now`."""
    day_old = comment.created_at + timedelta(seconds=limits.TALLY_AFTER)
    return day_old if day_old > now else None


def _stances(post: Post) -> list[Stance]:
    question = post.question_or_none
    return list(question.stances.all()) if question else []


def _place_sentence(
    comment: Comment, post: Post, stances: dict[int, Stance], sides: SidesByAnswer
) -> str:
    """Return the reason why the comment is among the first threads, or an empty string."""
    front = FrontPage.parse(post.front)
    place = front.places.get(comment.pk) if front else None
    if place is None:
        return ""
    why = place.shown_why(sides)
    word = stances[place.stance].word if place.stance in stances else ""
    return sentences.place(why, word)
