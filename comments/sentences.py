"""Every sentence of the stance, reasons, closing and verdict pages, beside its condition.

Each function returns a sentence that is true of its arguments, or an empty string where there is
nothing true to say. Counts are of readers; the thresholds are those of `analytics.minimums`,
`ranking.constants` and `core.limits`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import limits
from core.markdown.html import assembled
from core.numbers import grouped

from .analytics import minimums
from .models.closing_status import ClosingStatus
from .ranking import constants
from .ranking.first_screen import Why
from .ranking.lift import Sides, live
from .ranking.stored_columns import SidesByAnswer, VerdictCount

if TYPE_CHECKING:
    from .analytics.cross_reactions import Crossing
    from .analytics.flow import Flow, Leaving
    from .analytics.totals import Totals
    from .closings.status import ClosingOutcome, Judged
    from .models import Appraisal

# Steps in which the evidence for a badge is told: its digits say less than its size.
_EVIDENCE_SHOWN = (1_000_000, 100_000, 10_000, 1_000, 500, 200, 100, 50, 20, 12, 10, 5, 2, 1)


# The stance page.


def answered(readers: int) -> SafeString | str:
    """Say how many readers give an answer now, the number in bold."""
    if not readers:
        return _("There is no answer here now. Yours would be the first.")
    sentence = ngettext(
        "<b>%(readers)s reader</b> gives an answer.",
        "<b>%(readers)s readers</b> give an answer.",
        readers,
    )
    return assembled(sentence % {"readers": grouped(readers)})


def counts_from(readers: int) -> str:
    """Say from how many answers on the page shows who stands where, while they are fewer."""
    if not readers or minimums.show_counts(readers):
        return ""
    return _("From %(n)d answers on you see here who stands where.") % {
        "n": limits.TOTALS_DOTS_FROM
    }


def about_ranges(totals: "Totals") -> str:
    """Say what the range of a share is, where there are shares."""
    if not totals.shares:
        return ""
    return _(
        "The range is what chance alone leaves open: if those who answered were drawn from a "
        "larger public, its share would be in this range in 8 of 10 such discussions. They were "
        "not drawn; they chose to answer."
    )


def moves(readers: int, changes: int) -> str:
    """Say how many of the `readers` with an answer now gave another first, before a table does."""
    if not readers or minimums.show_moves(changes):
        return ""
    if not changes and readers == 1:
        return _("The one reader who answers now gives the answer they gave first.")
    if not changes:
        return _("All who answer now give the answer they gave first.")
    sentence = ngettext(
        "%(n)s reader gives another answer now than at first. From %(from)d on you see here from "
        "where to where.",
        "%(n)s readers give another answer now than at first. From %(from)d on you see here from "
        "where to where.",
        changes,
    )
    return sentence % {"n": grouped(changes), "from": minimums.MOVES_FROM}


def left(row: "Leaving") -> str:
    """Say how many of those who gave an answer first give another now."""
    words = _("%(left)s of %(base)s left %(word)s") % {
        "left": grouped(row.left),
        "base": grouped(row.base),
        "word": row.stance.word,
    }
    return f"{words} ({row.share} %)" if row.share else words


def about_moves(flow: "Flow") -> str:
    """Say who is in the table of moves, where there is one."""
    if not flow.shows_table:
        return ""
    return _(
        "Shares say how readily readers leave an answer, whatever its size. A reader who left and "
        "came back has not moved, and one who has withdrawn the answer is not counted. Who "
        "corrects an answer within the first minutes has not moved by that."
    )


def about_drawing(flow: "Flow") -> str:
    """Say how to read the drawing of moves, where there is one."""
    if not flow.is_drawn:
        return ""
    return _("Left the first answers, right the answers now; the darker bands are those who moved.")


def crossing(row: "Crossing") -> str:
    """Say how many readers of an answer marked a comment for another, of those who marked any."""
    if not minimums.show_crossings(row.base):
        return ""
    words = ngettext(
        "%(readers)s of %(base)s %(word)s reader marked a comment for %(other)s as well argued",
        "%(readers)s of %(base)s %(word)s readers marked a comment for %(other)s as well argued",
        row.base,
    ) % {
        "readers": grouped(row.readers),
        "base": grouped(row.base),
        "word": row.of.word,
        "other": row.other.word,
    }
    return f"{words} ({row.share} %)" if row.share else words


def about_crossings(crossings: Sequence["Crossing"]) -> str:
    """Say who is in the figures of marks across answers, where there are any."""
    if not crossings:
        return ""
    return _(
        "Counted are only readers who marked some comment here as well argued and still give the "
        "answer they gave then. So there may be fewer of them than readers of that answer now. "
        "Marks on a comment count once it is a day old."
    )


def case_for(word: str, *, is_firm: bool) -> str:
    """Name the best thread for an answer: `is_firm` if enough of its own readers approve of it."""
    named = _("The strongest case for %(word)s") if is_firm else _("A case for %(word)s")
    return named % {"word": word}


# The page about the rank of a comment.


def marked(approvals: int) -> str:
    """Say how many readers find a comment well argued, where their answers are hidden."""
    if not approvals:
        return _("Nobody whose mark counts has said so yet.")
    sentence = ngettext("%(n)s reader does.", "%(n)s readers do.", approvals)
    return sentence % {"n": grouped(approvals)}


def place(why: Why, word: str) -> str:
    """Say why a thread is among the first; `word` is that of the answer it stands for."""
    return _PLACES[why]() % {"word": word}


_PLACES: Mapping[Why, Callable[[], str]] = {
    Why.STRONGEST: lambda: _(
        "It is among the first because, of all threads that answer %(word)s, it is the one that "
        "readers who answer %(word)s find best argued; of equals, the one with most replies."
    ),
    Why.CASE: lambda: _(
        "It is among the first because readers who answer %(word)s find it well argued, and no "
        "other thread that answers %(word)s more. They are too few yet to call it the strongest."
    ),
    Why.BALANCE: lambda: _(
        "It is among the first because every answer has a place there. Of the readers who answer "
        "%(word)s and count, nobody has found a thread that does so well argued yet."
    ),
    Why.BRIDGE: lambda: _(
        "It is among the first because, of the threads that are not there for another reason, "
        "readers of different answers agree on it most."
    ),
    Why.SERVES: lambda: _(
        "It is among the first because, of those who marked anything here, a fifth or more found "
        "it well argued and none of the threads chosen before it."
    ),
    Why.UNHEARD: lambda: _(
        "It is among the first by a draw in which comments that few have read have the better "
        "chances. Somebody has to be heard first."
    ),
}


def rank(
    appraisal: "Appraisal | None", sides: Sides, words: Mapping[int, Any], approvals: int
) -> Iterator[str]:
    """Yield what the ranking says of a comment.

    `words` are the stances by id, in the author's order; `approvals` those of all comments here.
    """
    if appraisal is None:
        yield _("It has not been ranked yet. That happens within a minute.")
        return
    if not any(side.chances for side in sides.values()):
        yield _(
            "Nobody else whose answer counts has written or marked a comment here since it was "
            "posted, or in its thread if it is a reply, so nobody is known to have had a chance to "
            "read it. It stands at 1.00, where any typical comment does."
        )
        return
    if not approvals:
        yield _(
            "Nobody whose answer counts has marked a comment here as well argued yet, so there is "
            "nothing to compare it with."
        )
        return
    if len(live(sides)) < 2:
        yield _(
            "Fewer than two answers have %(n)d readers who had a chance to read it, so what "
            "follows says little yet."
        ) % {"n": constants.LIVE_READERS}
    yield _(
        "Readers of all answers taken together like it %(lift)s times as much as a typical "
        "comment here; 1.00 is typical."
    ) % {"lift": f"{appraisal.lift:.2f}"}
    yield from _marks(appraisal, sides, words)


def _marks(appraisal: "Appraisal", sides: Sides, words: Mapping[int, Any]) -> Iterator[str]:
    if appraisal.has_badge:
        # It was judged by fewer reactions where some count for lift only.
        judged = SidesByAnswer.parse(appraisal.badge_sides) or sides
        yield _badge(appraisal, judged, words)
        if appraisal.evidence is not None:
            yield _evidence(appraisal.evidence)
        return
    spoken_for = words.get(appraisal.speaks_for_id or 0)
    if spoken_for:
        yield _(
            "It speaks for %(word)s: readers who answer %(word)s press it more than they usually "
            "do, and more than all others."
        ) % {"word": spoken_for.word}
    if appraisal.is_divisive:
        yield _("It divides readers: one side likes it far more than usual, another far less.")


def _badge(appraisal: "Appraisal", sides: Sides, words: Mapping[int, Any]) -> str:
    if appraisal.is_failing:
        return _(
            "It is marked as well argued across answers. At the last ranking a side liked it less "
            "than usual or too few approved; if that stays so, it loses the mark at the next."
        )
    speaking = [stance for key, stance in words.items() if key in live(sides)]
    silent = [stance for key, stance in words.items() if key not in live(sides)]
    said = {"across": words_of(speaking), "silent": words_of(silent)}
    if silent:
        return (
            _(
                "It is well argued across %(across)s (%(silent)s: too few readers yet): no side "
                "likes it less than usual, and those of other answers like it more."
            )
            % said
        )
    return (
        _(
            "It is well argued across %(across)s: no side likes it less than usual, and those of "
            "other answers like it more."
        )
        % said
    )


def _evidence(product: float) -> str:
    """Say how strong the evidence is; it is rounded down, so that it never claims too much."""
    shown = next((least for least in _EVIDENCE_SHOWN if product >= least), None)
    if shown is None:
        return ""
    return _(
        "What readers of the other answers pressed is at least %(times)s times as likely if they "
        "like it more than usual than if they like it as they like any comment here. The mark "
        "takes %(needed)g times, and goes when it is no longer likelier at all."
    ) % {"times": f"{shown:,}", "needed": constants.BADGE_EVIDENCE}


# The page of a verdict on a best reason.


def fairness(tally: VerdictCount) -> str:
    """Say how many readers of an answer call its best reason fair, or that too few have judged."""
    if tally.speaks:
        sentence = ngettext(
            "%(fair)d of %(judges)d reader calls it fair.",
            "%(fair)d of %(judges)d readers call it fair.",
            tally.judges,
        )
        return sentence % {"fair": tally.fair, "judges": tally.judges}
    return ngettext(
        "Nobody whose verdict counts has said so yet.",
        "Fewer than %(n)d whose verdict counts have said so far. What they say shows from then on.",
        constants.FAIR_JUDGES,
    ) % {"n": constants.FAIR_JUDGES}


def dropped(verdicts: int) -> str:
    """Say that readers judged earlier words of a text."""
    return ngettext(
        "What %(n)d reader had said of the earlier ones counts no longer.",
        "What %(n)d readers had said of the earlier ones counts no longer.",
        verdicts,
    ) % {"n": verdicts}


# The page of a closing summary.


def closing_status(outcome: "ClosingOutcome", stances: Mapping[int, Any]) -> str:
    """Say how a closing stands; `stances`, by id, give the answers' words and order."""
    if outcome.status == ClosingStatus.FINAL:
        return _(
            "Final: of each answer it speaks of and readers still give, most who judged it find it "
            "fair."
        )
    return " ".join(filter(None, (_draft(outcome, stances), _uncited(outcome, stances))))


def _draft(outcome: "ClosingOutcome", stances: Mapping[int, Any]) -> str:
    contested_by, waits_for = (
        words_of([stance for key, stance in stances.items() if key in keys])
        for keys in (outcome.contested_by, outcome.waits_for)
    )
    if outcome.status == ClosingStatus.CONTESTED:
        return _("Draft, contested by %(words)s.") % {"words": contested_by}
    if not waits_for:
        return _("Draft.")
    return _("Draft: it waits for the readers of %(words)s.") % {"words": waits_for}


def _uncited(outcome: "ClosingOutcome", stances: Mapping[int, Any]) -> str:
    uncited = words_of([stance for key, stance in stances.items() if key in outcome.uncited])
    if not uncited:
        return ""
    return _(
        "It cites nobody for %(words)s any more, since the comment was deleted or removed; it is "
        "final only once it does."
    ) % {"words": uncited}


def contested_before(stances: Sequence[Any]) -> str:
    """Say which answers contested the last version they judged, and have not judged this one."""
    if not stances:
        return ""
    return _("An earlier version was contested by %(words)s; they are asked again.") % {
        "words": words_of(stances)
    }


def closing_side(stance: Any, judged: "Judged") -> str:
    """Say how many readers of `stance` find a closing fair, or how many have yet to judge."""
    if not stance.answer_count:
        return _("Nobody answers %(word)s now.") % {"word": stance.word}
    if not judged.is_given:
        return _(
            "Nobody whose verdict would count answers %(word)s now, so the summary does not wait "
            "for them."
        ) % {"word": stance.word}
    if judged.still_needed:
        return ngettext(
            "%(n)d more reader who answers %(word)s has to say.",
            "%(n)d more readers who answer %(word)s have to say.",
            judged.still_needed,
        ) % {"n": judged.still_needed, "word": stance.word}
    return ngettext(
        "%(fair)d of %(judges)d reader who answers %(word)s finds it fair.",
        "%(fair)d of %(judges)d readers who answer %(word)s find it fair.",
        judged.judges,
    ) % {"fair": judged.fair, "judges": judged.judges, "word": stance.word}


def about_closing() -> str:
    """Say who judges a closing, and when it is final."""
    return ngettext(
        "Only readers of an answer say whether the summary is fair to it. It is final once %(n)d "
        "of each answer here has judged it and clearly more than half of those find it fair. "
        "With fewer verdicts of an answer you see only how many more it takes.",
        "Only readers of an answer say whether the summary is fair to it. It is final once %(n)d "
        "of each answer here have judged it and clearly more than half of those find it fair. "
        "With fewer verdicts of an answer you see only how many more it takes.",
        constants.CLOSING_JUDGES,
    ) % {"n": constants.CLOSING_JUDGES}


def words_of(stances: Sequence[Any]) -> str:
    """Return the words of `stances` joined for a sentence."""
    words = [str(stance.word) for stance in stances]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
