"""The sentences of the page about one comment: its place, its marks, and what they say."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import grouped

from ..ranking import constants
from ..ranking.first_screen import Why
from ..ranking.lift import NOBODY, Rates, Sides, StanceReactions, live, ratio_range
from ..ranking.order_cache import LONGEST
from ..ranking.stored_columns import SidesByAnswer
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


def place(why: Why, word: str) -> str:
    """Say why a thread is among the first; `word` is that of the answer it stands for."""
    return _PLACES[why]() % {"word": word}


_PLACES: Mapping[Why, Callable[[], str]] = {
    Why.STRONGEST: lambda: _(
        "Readers who answer %(word)s find it the best argued thread for %(word)s, so it "
        "comes first for %(word)s."
    ),
    Why.CASE: lambda: _(
        "Readers who answer %(word)s find no thread for %(word)s better argued, so it comes "
        "first for %(word)s. They are too few yet to call it the strongest case."
    ),
    Why.BALANCE: lambda: _(
        "Every answer has a place among the first, and this thread has that of %(word)s. Of "
        "readers who answer %(word)s, nobody who counts has marked a thread for it yet."
    ),
    Why.SIDE: lambda: _("It is among the first because every answer has a place there."),
    Why.BRIDGE: lambda: _(
        "It is among the first because it does best across answers, once the threads with a "
        "place of their own are chosen."
    ),
    Why.SERVES: lambda: _(
        "It is among the first for the readers who marked it and none of the threads before "
        "it. They are a fifth or more of all who marked anything here."
    ),
    Why.UNHEARD: lambda: _(
        "It is among the first by a draw, in which threads that few have read have better chances."
    ),
}


def place_number(number: int, threads: int, order: str) -> str:
    """Say which of `threads` in `order` a thread is; of `LONGEST` there may be more."""
    sentence = (
        _("It is number %(number)s of %(threads)s threads under “%(order)s”.")
        if threads < LONGEST
        else _("It is number %(number)s of the first %(threads)s threads under “%(order)s”.")
    )
    return sentence % {"number": grouped(number), "threads": grouped(threads), "order": order}


def place_of_reply() -> str:
    """Say where a reply stands."""
    return _("Replies stand below the comment they answer, in the order in which they came.")


def place_after_first(lift: float | None) -> str:
    """Say where a thread stands that is none of the first, and its `lift` where that is known."""
    if lift is None:
        return _(
            "The threads at the top have reasons of their own. The others, like this one, follow "
            "by how often readers mark them across answers."
        )
    return _(
        "The threads at the top have reasons of their own. The others follow by how often readers "
        "mark them across answers: this one about %(times)s times the usual."
    ) % {"times": f"{lift:.1f}"}


def place_after_last() -> str:
    """Say where a thread stands that arrived after the last ranking, or after all ranked ones."""
    return _("It is not among the ranked threads, so it stands after them.")


def place_in_time() -> str:
    """Say how threads stand that are not ranked."""
    return _("Comments are in the order in which they came.")


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


def example(word: str, side: StanceReactions) -> str:
    """Say what the figures of the readers of one answer count; some had a chance to read it."""
    if not side.approvals:
        return _none_marked(word, side.chances)
    sentence = ngettext(
        "For example: %(all)s reader who answers %(word)s had a chance to read it, and %(n)s "
        "marked it.",
        "For example: %(all)s readers who answer %(word)s had a chance to read it, and %(n)s "
        "of them marked it.",
        side.chances,
    )
    return sentence % {
        "all": grouped(side.chances),
        "n": grouped(side.approvals),
        "word": word,
    }


def _none_marked(word: str, chances: int) -> str:
    """Say that none of the readers of one answer who had a chance to read it has marked it."""
    sentence = ngettext(
        "For example: %(all)s reader who answers %(word)s had a chance to read it, and did not "
        "mark it.",
        "For example: %(all)s readers who answer %(word)s had a chance to read it, and none of "
        "them marked it.",
        chances,
    )
    return sentence % {"all": grouped(chances), "word": word}


def across(lift: float, ranges: Mapping[int, tuple[float, float]], words: Mapping[int, Any]) -> str:
    """Say how often readers marked a comment as a multiple of the usual, and who more or less.

    `ranges` are by answer. "More" and "less" are told only where a range, as the table shows it,
    leaves out 1: of the others chance alone may be the cause.
    """
    times = f"{lift:.1f}"
    said = (
        _("Across answers, it was marked about as often as usual")
        if times == "1.0"
        else _("Across answers, it was marked about %(times)s times as often as usual")
        % {"times": times}
    )
    more = _who_more_or_less(ranges, words)
    return f"{said}; {more}." if more else f"{said}."


def _who_more_or_less(ranges: Mapping[int, tuple[float, float]], words: Mapping[int, Any]) -> str:
    more = [words[key] for key, (low, _high) in ranges.items() if round(low, 1) > 1]
    less = [words[key] for key, (_low, high) in ranges.items() if round(high, 1) < 1]
    said = {"more": words_of(more), "less": words_of(less)}
    if more and less:
        return (
            _("readers who answer %(more)s marked it more, those who answer %(less)s less") % said
        )
    if less:
        return _("readers who answer %(less)s marked it less") % said
    if len(more) == len(ranges) > 1:
        return _("readers on every side marked it more")
    return _("readers who answer %(more)s marked it more") % said if more else ""


def badges(appraisal: "Appraisal | None", sides: Sides, words: Mapping[int, Any]) -> Iterator[str]:
    """Yield what the marks of a comment mean; `words` are the stances by id."""
    if appraisal is None:
        return
    if appraisal.has_badge:
        # It was judged by fewer reactions where some count for lift only.
        judged = SidesByAnswer.parse(appraisal.badge_sides) or sides
        yield _badge(appraisal, judged, words)
        return
    spoken_for = words.get(appraisal.speaks_for_id or 0)
    if spoken_for:
        yield _(
            "It speaks for %(word)s: readers who answer %(word)s mark it more than usual, "
            "and more than all others do."
        ) % {"word": spoken_for.word}
    if appraisal.is_divisive:
        yield _("It divides readers: one side likes it far more than usual, another far less.")


def _badge(appraisal: "Appraisal", sides: Sides, words: Mapping[int, Any]) -> str:
    if appraisal.is_failing:
        return _(
            "It is respected across answers, but a side likes it less now, or too few like "
            "it. If that stays so, it soon loses the badge."
        )
    speaking = [stance for key, stance in words.items() if key in live(sides)]
    silent = [stance for key, stance in words.items() if key not in live(sides)]
    said = {"across": words_of(speaking), "silent": words_of(silent)}
    if silent:
        return (
            _(
                "Respected across %(across)s (%(silent)s: too few readers yet): no side "
                "marked it less than usual, and readers of other answers marked it more."
            )
            % said
        )
    return (
        _(
            "Respected across %(across)s: no side marked it less than usual, and readers "
            "of other answers marked it more."
        )
        % said
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
