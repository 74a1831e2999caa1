"""Explain the rank of a comment: the ranking's own numbers, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import limits
from posts.models import Post, Stance

from ..models import Appraisal, Comment, Ranking
from ..ranking import constants
from ..ranking.first_screen import Why
from ..ranking.lift import NOBODY, StanceReactions, live, ratio
from ..ranking.stored_columns import FrontPage, RatesByAnswer, SidesByAnswer
from . import reaction_summary
from .totals import hidden_note

# Steps in which the evidence for a badge is told: its digits say less than its size.
_EVIDENCE_SHOWN = (1_000_000, 100_000, 10_000, 1_000, 500, 200, 100, 50, 20, 12, 10, 5, 2, 1)


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

    @property
    def is_live(self) -> bool:
        """Whether enough of them have had a chance to read it."""
        return self.side.chances >= constants.LIVE_READERS


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
        sentences = [place] if place else []
        if appraisal:
            sentences += _sentences(appraisal, rows, comment)
        return cls(
            parts=reaction_summary.parts(
                comment.well_argued,
                appraisal.sides if appraisal else None,
                stances,
            ),
            others=reaction_summary.without_answer(comment.well_argued),
            rows=rows if appraisal else [],
            lift=f"{appraisal.lift:.2f}" if appraisal else "1.00",
            sentences=sentences or [_("It has not been ranked yet. That happens within a minute.")],
        )

    @classmethod
    def _without_answers(cls, comment: Comment, post: Post, now: datetime) -> "Explanation":
        """Return what may be said of `comment` while answers are hidden."""
        sentences = [_("Comments are in the order in which they came."), hidden_note(post)]
        marks = reaction_summary.total(comment.well_argued)
        return cls([], 0, [], "", sentences, _shown_from(comment, now), marks)


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
    if why in _CASES:
        word = stances[place.stance].word if place.stance in stances else ""
        return str(_CASES[why]()) % {"word": word}
    return str(_WHY[why]())


_CASES: dict[Why, Any] = {
    Why.STRONGEST: lambda: _(
        "It is among the first because, of all threads that answer %(word)s, it is the one "
        "that readers who answer %(word)s find best argued; of equals, the one with most "
        "replies. Every answer has such a place."
    ),
    Why.CASE: lambda: _(
        "It is among the first because readers who answer %(word)s find it well argued, and no "
        "other thread that answers %(word)s more. They are too few yet to call it the strongest."
    ),
    Why.BALANCE: lambda: _(
        "It is among the first because every answer has a place there. Readers who answer %(word)s "
        "have found none of the threads that do so well argued yet."
    ),
}
_WHY: dict[Why, Any] = {
    Why.BRIDGE: lambda: _(
        "It is among the first because, of the threads that are not there for another reason, "
        "readers of different answers agree on it most."
    ),
    Why.SERVES: lambda: _(
        "It is among the first because a large group of readers found it well argued, and none "
        "of the others there serves them."
    ),
    Why.UNHEARD: lambda: _(
        "It is among the first by a draw in which comments that few have read have the better "
        "chances. Somebody has to be heard first."
    ),
}


def _sentences(appraisal: Appraisal, rows: list[ExplanationRow], comment: Comment) -> Iterator[str]:
    sides = {row.stance.pk: row.side for row in rows}
    if not any(side.chances for side in sides.values()):
        yield _(
            "Nobody has had a chance to read it since it was posted, so it stands at 1.00, where "
            "any typical comment does."
        )
        return
    yield _(
        "Readers of all answers taken together like it %(lift)s times as much as a typical "
        "comment here; 1.00 is typical."
    ) % {"lift": f"{appraisal.lift:.2f}"}
    speaking = [row.stance for row in rows if row.is_live]
    silent = [row.stance for row in rows if not row.is_live]
    if appraisal.has_badge:
        yield _badge_sentence(speaking, silent)
        if appraisal.evidence is not None:
            yield _evidence_sentence(appraisal.evidence)
    if appraisal.speaks_for_id and not appraisal.has_badge:
        word = next(row.stance.word for row in rows if row.stance.pk == appraisal.speaks_for_id)
        yield _(
            "It speaks for %(word)s: readers who answer %(word)s press it more than they usually "
            "do, and more than all others."
        ) % {"word": word}
    if appraisal.is_divisive and not appraisal.has_badge:
        yield _("It divides readers: one side likes it far more than usual, another far less.")
    if len(live(sides)) < 2:
        yield _(
            "Few have read it yet. An answer speaks once %(n)d of its readers had a chance."
        ) % {"n": constants.LIVE_READERS}


def _badge_sentence(speaking: list[Stance], silent: list[Stance]) -> str:
    words = {
        "across": reaction_summary.words_of(speaking),
        "silent": reaction_summary.words_of(silent),
    }
    if silent:
        return (
            _(
                "It is well argued across %(across)s (%(silent)s: too few readers yet): no side "
                "likes it less than usual, and those of other answers like it more."
            )
            % words
        )
    return (
        _(
            "It is well argued across %(across)s: no side likes it less than usual, and those of "
            "other answers like it more."
        )
        % words
    )


def _evidence_sentence(product: float) -> str:
    """Say how strong the evidence is; it is rounded down, so that it never claims too much."""
    shown = next(least for least in _EVIDENCE_SHOWN if product >= least)
    return _(
        "What readers of the other answers pressed is at least %(times)s times as likely if they "
        "like it more than usual than if they like it as they like any comment here. The mark "
        "takes %(needed)g times, and goes when it is no longer likelier at all."
    ) % {"times": f"{shown:,}", "needed": constants.BADGE_EVIDENCE}
