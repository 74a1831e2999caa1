"""The sentences of the page about one comment that say how often it is marked, and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import grouped

from ..ranking import constants
from ..ranking.lift import NOBODY, Rates, Sides, StanceReactions, live, ratio, ratio_range
from ..ranking.stored_columns import SidesByAnswer
from .places import often
from .words import words_of

if TYPE_CHECKING:
    from ..models import Appraisal

# Steps in which the evidence for a badge is told: its digits say less than its size.
_EVIDENCE_SHOWN = (1_000_000, 100_000, 10_000, 1_000, 500, 200, 100, 50, 20, 12, 10, 5, 2, 1)


def marked(approvals: int) -> str:
    """Say how many readers find a comment well argued, where their answers are hidden."""
    if not approvals:
        return _("No reader whose mark counts has marked it yet.")
    sentence = ngettext(
        "%(n)s reader finds it well argued.", "%(n)s readers find it well argued.", approvals
    )
    return sentence % {"n": grouped(approvals)}


def unranked(marks: int) -> str:
    """Say why the number at a comment differs from its marks by answer and those without one.

    It counts `marks` more, or below 0 fewer.
    """
    if not marks:
        return ""
    if marks < 0:
        return _(
            "The number at the comment is %(n)s lower than all these marks together. The table "
            "follows the latest ranking, the number may change a little before or after it."
        ) % {"n": grouped(-marks)}
    sentence = ngettext(
        "The number at the comment counts %(n)s further mark, which the table leaves out.",
        "The number at the comment counts %(n)s further marks, which the table leaves out.",
        marks,
    )
    rules = ngettext(
        "The table follows the latest ranking: newer marks wait for the next one, accounts that "
        "mark alike beyond chance count as one reader, and only the first mark of a reader for "
        "comments by one writer counts.",
        "The table follows the latest ranking: newer marks wait for the next one, accounts that "
        "mark alike beyond chance count as one reader, and only the first %(most)s marks of a "
        "reader for comments by one writer count.",
        constants.REACTIONS_PER_WRITER,
    )
    return f"{sentence} {rules}" % {
        "n": grouped(marks),
        "most": grouped(constants.REACTIONS_PER_WRITER),
    }


def rank(
    appraisal: "Appraisal | None",
    sides: Sides,
    rates: Rates,
    words: Mapping[int, Any],
    approvals: int,
) -> Iterator[str]:
    """Yield how often a comment is marked, compared with the usual.

    `words` are the stances by id, in the author's order; `approvals` those of all comments here.
    """
    if appraisal is None:
        yield _("It has not been ranked yet. That happens within a minute.")
        return
    chances = sum(side.chances for side in sides.values())
    if not chances:
        yield _(
            "As far as we know, no reader who counts has read it yet. So we treat it as an "
            "average comment."
        )
        return
    if not approvals:
        yield _(
            "No reader who counts has marked a comment here yet, so there is nothing to "
            "compare it with."
        )
        return
    if not any(side.approvals for side in sides.values()):
        yield ngettext(
            "The %(n)s reader who counts and had a chance to read it has not marked it.",
            "None of the %(n)s readers who count and had a chance to read it has marked it.",
            chances,
        ) % {"n": grouped(chances)}
        return
    if len(live(sides)) < 2:
        yield _(
            "This says little yet: fewer than two answers have %(n)d readers who had a "
            "chance to read it."
        ) % {"n": constants.LIVE_READERS}
    ranges = {key: ratio_range(sides.get(key, NOBODY), rates[key]) for key in words if key in rates}
    yield across(appraisal.lift, ranges, words)


def counted(word: str, side: StanceReactions) -> str:
    """Say what the figures of a row count; `side` is that of the readers who answer `word`."""
    return _(
        "“%(n)s of %(all)s” at %(word)s: of the readers who answered %(word)s then, %(all)s had a "
        "chance to read it, and %(n)s marked it; some may answer otherwise now. “Usual”: how many "
        "of all comments here they mark."
    ) % {"word": word, "n": grouped(side.approvals), "all": grouped(side.chances)}


def example(word: str, side: StanceReactions, rate: float) -> str:
    """Say why a figure is nearer to the usual than its two shares; some had a chance to read it.

    `side` is that of the readers who answer `word`, `rate` their usual rate.
    """
    share = side.approvals / side.chances
    plain, times = f"{_quotient(side, rate):.1f}", f"{ratio(side, rate):.1f}"
    added = ngettext(
        "To be safe while few have read a comment, we add %(prior)s imaginary reader to each "
        "answer, who marks as often as its readers usually do.",
        "To be safe while few have read a comment, we add %(prior)s imaginary readers to each "
        "answer, who mark as often as its readers usually do.",
        constants.PRIOR_READERS,
    )
    said = {
        "prior": grouped(constants.PRIOR_READERS),
        "word": word,
        "share": percent(share),
        "usual": percent(rate),
        "plain": plain,
        "times": times,
    }
    return f"{added} {_moved_by(plain, times)}" % said


def _moved_by(plain: str, times: str) -> str:
    """Return which way the imaginary readers move the figure `plain`, if it shows."""
    if plain == times:
        return _("For %(word)s that leaves %(plain)s (%(share)s against %(usual)s) as it is.")
    if float(plain) > float(times):
        return _("For %(word)s that lowers %(plain)s (%(share)s against %(usual)s) to %(times)s.")
    return _("For %(word)s that raises %(plain)s (%(share)s against %(usual)s) to %(times)s.")


def _quotient(side: StanceReactions, rate: float) -> float:
    """Return the share of a side that marked a comment as a plain multiple of the usual."""
    return side.approvals / side.chances / rate


def pull(side: StanceReactions, rate: float) -> float:
    """Return how far the figure shown of a side is from the plain quotient."""
    return abs(ratio(side, rate) - _quotient(side, rate)) if side.chances else 0.0


def percent(share: float) -> str:
    """Return a share as a whole percentage."""
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def balanced(ratios: Sequence[float]) -> str:
    """Say how the figures of the answers, `ratios`, balance each other in that across answers."""
    said = _("Twice the usual for one answer and half of it for another cancel out.")
    most = constants.MOST_RATIO
    if all(1 / most <= each <= most for each in ratios):
        return said
    bounds = _(
        "In “Across answers”, a figure above %(most)s counts as %(most)s, one below %(least)s as "
        "%(least)s."
    )
    return f"{said} {bounds}" % {"most": f"{most:.1f}", "least": f"{1 / most:.1f}"}


def across(lift: float, ranges: Mapping[int, tuple[float, float]], words: Mapping[int, Any]) -> str:
    """Say how often readers marked a comment as a multiple of the usual, and who more or less.

    `ranges` are by answer. "More" and "less" are told only where a range, as the table shows it,
    leaves out 1: of the others chance alone may be the cause.
    """
    said = _("Across answers, it was marked %(often)s") % {"often": often(f"{lift:.1f}")}
    more = _who_more_or_less(ranges, words)
    return f"{said}; {more}." if more else f"{said}."


def _who_more_or_less(ranges: Mapping[int, tuple[float, float]], words: Mapping[int, Any]) -> str:
    more = [words[key] for key, (low, _high) in ranges.items() if round(low, 1) > 1]
    less = [words[key] for key, (_low, high) in ranges.items() if round(high, 1) < 1]
    said = {"more": words_of(more), "less": words_of(less)}
    if more and less:
        return (
            _(
                "readers who answer %(more)s marked it more than usual, those who answer %(less)s "
                "less"
            )
            % said
        )
    if less:
        return _("readers who answer %(less)s marked it less than usual") % said
    if len(more) == len(ranges) > 1:
        return _("readers of every answer marked it more than usual")
    return _("readers who answer %(more)s marked it more than usual") % said if more else ""


def badges(
    appraisal: "Appraisal | None", sides: Sides, rates: Rates, words: Mapping[int, Any]
) -> Iterator[str]:
    """Yield what the marks of a comment mean; `words` are the stances by id.

    It speaks for an answer by shares of readers. That is left out where the table says another,
    since the figure of some other answer, in multiples of the usual, is as high.
    """
    if appraisal is None:
        return
    if appraisal.has_badge:
        # It was judged by fewer reactions where some count for lift only.
        judged = SidesByAnswer.parse(appraisal.badge_sides) or sides
        yield _badge(appraisal, judged, words)
        return
    spoken_for = words.get(appraisal.speaks_for_id or 0)
    if spoken_for and _is_furthest_above(spoken_for.pk, sides, rates):
        yield _(
            "It speaks for %(word)s: of readers who answer %(word)s, a larger share than usual "
            "marked it, and a larger one than of all others together."
        ) % {"word": spoken_for.word}
    if appraisal.is_divisive:
        yield _("It divides readers: one side likes it far more than usual, another far less.")


def _is_furthest_above(answer: int, sides: Sides, rates: Rates) -> bool:
    """Return whether its figure is above the usual and those of all other answers, as shown."""
    shown = {key: round(ratio(sides.get(key, NOBODY), rate), 1) for key, rate in rates.items()}
    return shown.pop(answer, 0) > max(1.0, *shown.values())


def _badge(appraisal: "Appraisal", sides: Sides, words: Mapping[int, Any]) -> str:
    if appraisal.is_failing:
        return _(
            "It has the badge “Respected across answers”, but readers of some answer like it less "
            "now, or too few like it. If that stays so, it soon loses the badge."
        )
    silent = [stance for key, stance in words.items() if key not in live(sides)]
    if silent:
        return _(
            "Its badge, “Respected across answers”, says: readers of other answers together "
            "marked it more than usual, and no group marked it less. Too few who answer "
            "%(silent)s have read it to count there."
        ) % {"silent": words_of(silent)}
    return _(
        "Its badge, “Respected across answers”, says: readers of other answers together marked "
        "it more than usual, and no group marked it less."
    )


def evidence(appraisal: "Appraisal | None") -> str:
    """Say how strong the evidence for a badge is; it is rounded down, never to claim too much."""
    if appraisal is None or not appraisal.has_badge or appraisal.evidence is None:
        return ""
    shown = next((least for least in _EVIDENCE_SHOWN if appraisal.evidence >= least), None)
    if shown is None:
        return ""
    return _(
        "How sure is that? Readers of the other answers marked it so often that “more than "
        "usual” is at least %(times)s times as likely as “as usual”. The badge needs "
        "%(needed)g times. It goes once “as usual” is the likelier one."
    ) % {"times": f"{shown:,}", "needed": constants.BADGE_EVIDENCE}
