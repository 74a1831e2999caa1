"""The sentences of the stance page: where readers stand, how answers moved, the strongest cases."""

from collections.abc import Iterator, Sequence
from math import comb
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import limits
from core.markdown.html import assembled
from core.numbers import grouped

from ..analytics import minimums
from .words import words_of

if TYPE_CHECKING:
    from ..analytics.cross_reactions import Openness
    from ..analytics.flow import AnswerFlow, Flow
    from ..analytics.page import Strongest
    from ..analytics.totals import Totals
    from ..analytics.trend import Point


def answered(readers: int) -> SafeString | str:
    """Say how many readers have answered and stand by it now, the number in bold."""
    if not readers:
        return _("There is no answer here now. Yours would be the first.")
    sentence = ngettext(
        "<b>%(readers)s reader</b> has answered.",
        "<b>%(readers)s readers</b> have answered.",
        readers,
    )
    return assembled(sentence % {"readers": grouped(readers)})


def spread(totals: "Totals") -> SafeString | str:
    """Say how many readers have answered, and where there are shares, whether most agree.

    It names no answer: this is a discussion, not a vote. With fewer answers it says from how many
    on the page tells more.
    """
    if not totals.shows_bar:
        more = counts_from(totals.count) or shares_from(totals.count)
        return assembled(f"{answered(totals.count)} {escape(more)}".rstrip())
    sentence = (
        _("<b>%(readers)s readers</b> have answered, and one answer has a majority.")
        if totals.has_majority
        else _("<b>%(readers)s readers</b> have answered, and no answer has a majority.")
    )
    return assembled(sentence % {"readers": grouped(totals.count)})


def counts_from(readers: int) -> str:
    """Say from how many answers on the page shows who stands where, while they are fewer."""
    if not readers or minimums.show_counts(readers):
        return ""
    return _("From %(n)d answers on you see here who stands where.") % {
        "n": limits.TOTALS_DOTS_FROM
    }


def shares_from(readers: int) -> str:
    """Say from how many answers on the page shows shares, while it shows counts alone."""
    if not minimums.show_counts(readers) or minimums.show_shares(readers):
        return ""
    return _("From %(n)d answers on you see shares here.") % {"n": limits.TOTALS_BAR_FROM}


def sides_from() -> str:
    """Say from how many answers on a page tells what readers of each answer think."""
    return _("From %(n)d answers on you see what the readers of each answer think of it.") % {
        "n": limits.TOTALS_DOTS_FROM
    }


def about_ranges(totals: "Totals") -> str:
    """Say what is counted, and what the range of a share is, where there are shares."""
    if not totals.shares:
        return ""
    return _(
        "Each reader counts once, with the latest answer. The box is what chance "
        "leaves open (%(ranges)s). In 8 of 10 discussions like this, the share among a "
        "larger public would lie in it. That holds for readers drawn by lot; these chose to "
        "answer."
    ) % {"ranges": ", ".join(f"{share.stance.word} {share.range.words}" for share in totals.shares)}


def chance(totals: "Totals") -> str:
    """Say by the example of one answer how far chance may have moved the shares, if there are any.

    It is the first answer that somebody gives, whatever its share.
    """
    example = next((share for share in totals.shares if share.count), None)
    if example is None:
        return ""
    low, high = example.range.percent
    beginning = (
        _("With only %(readers)s readers, chance matters.")
        if minimums.are_few(totals.count)
        else _("Even with %(readers)s readers, chance matters a little.")
    )
    ending = (
        _(
            "If many more like them answered, the share of %(word)s would probably (in about 8 of "
            "10 cases) lie between %(low)d\u00a0%% and %(high)d\u00a0%%: the box on its bar."
        )
        if low < high
        else _(
            "If many more like them answered, the share of %(word)s would probably (in about 8 of "
            "10 cases) be close to %(low)d\u00a0%%."
        )
    )
    return f"{beginning} {ending}" % {
        "readers": grouped(totals.count),
        "word": example.stance.word,
        "low": low,
        "high": high,
    }


def too_close(totals: "Totals") -> str:
    """Say which answers chance alone may have put in their order, where there are any.

    It does not say of any answer that it has more.
    """
    pairs = [words_of([one.stance, other.stance]) for one, other in totals.close]
    if not pairs:
        return ""
    if len(pairs) == 1:
        return _("%(pair)s are too close to tell which would have more.") % {"pair": pairs[0]}
    if len(pairs) == comb(len(totals.shares), 2):
        return _("The answers are too close to tell which would have more.")
    return _("Too close to tell which would have more: %(pairs)s.") % {"pairs": "; ".join(pairs)}


def moves(flow: "Flow") -> str:
    """Say how many readers changed their answer; from enough changes on, of which answers."""
    if not minimums.show_counts(flow.readers):
        return ""
    if not flow.changes:
        return _("All who answer now give the answer they gave first.")
    if flow.told_changes is None:
        return _(
            "Some readers changed their answer. How many is not shown: it would single out one or "
            "two of them."
        )
    if flow.shows_table:
        return _("%(changes)s of %(readers)s readers changed their answer: %(rates)s.") % {
            "changes": grouped(flow.changes),
            "readers": grouped(flow.readers),
            "rates": ", ".join(_rates(flow)),
        }
    if flow.is_withheld and minimums.show_moves(flow.changes):
        return _(
            "%(changes)s of %(readers)s readers changed their answer. Which way they went is not "
            "shown: it would single out one or two of them."
        ) % {"changes": grouped(flow.changes), "readers": grouped(flow.readers)}
    sentence = ngettext(
        "%(n)s reader changed their answer. The breakdown appears from five.",
        "%(n)s readers changed their answer. The breakdown appears from five.",
        flow.changes,
    )
    return sentence % {"n": grouped(flow.changes)}


def _rates(flow: "Flow") -> Iterator[str]:
    """Yield for each answer how many of those who began with it left it."""
    for place, row in enumerate(flow.leaving):
        sentence = (
            _("%(left)s of %(base)s with %(word)s")
            if place
            else _("%(left)s of the %(base)s who began with %(word)s")
        )
        yield _with_share(sentence, row)


def left(row: "AnswerFlow") -> str:
    """Say how many of those who gave an answer first give another now."""
    return _with_share(_("%(left)s of %(base)s left %(word)s"), row)


def _with_share(sentence: str, row: "AnswerFlow") -> str:
    words = sentence % {
        "left": grouped(row.left),
        "base": grouped(row.first),
        "word": row.stance.word,
    }
    return f"{words} ({row.share}\u00a0%)" if row.share else words


def about_moves(flow: "Flow") -> str:
    """Say who is in the table of moves, where there is one."""
    if not flow.shows_table:
        return ""
    return _(
        "Each share is of the readers who began with an answer. A reader who came back has "
        "not moved, and a correction within minutes is no move. Answers taken back do not "
        "count."
    )


def about_drawing(flow: "Flow") -> str:
    """Say how to read the drawing of moves, where there is one."""
    if not flow.is_drawn:
        return ""
    if flow.hides_moves:
        return _("Faint bands are readers who stayed.")
    return _(
        "Strong bands moved, faint bands stayed. Each number counts readers, each colour is the "
        "answer at first."
    )


def left_out(flow: "Flow") -> str:
    """Say that it is not told from where to where readers moved, where that is hidden."""
    if not flow.shows_table or not flow.hides_moves:
        return ""
    return _(
        "We do not show which way each group moved, because one or two readers would be singled "
        "out."
    )


def trend(points: Sequence["Point"], stances: Sequence[Any]) -> str:
    """Say how many readers gave each of `stances` at the first and at the last of `points`."""
    if not points:
        return ""
    first, last = points[0], points[-1]
    style = "j F" if first.at.year == last.at.year else "j F Y"
    return _("From %(first)s to %(last)s: %(answers)s.") % {
        "first": date_format(localtime(first.at), style),
        "last": date_format(localtime(last.at), style),
        "answers": ", ".join(map(_between, stances, first.counts, last.counts)),
    }


def _between(stance: Any, before: int, after: int) -> str:
    """Return words for the readers of an answer at both ends of the trend."""
    if before == after:
        sentence = _("%(word)s %(after)s both times")
    else:
        sentence = _("%(word)s from %(before)s to %(after)s")
    return sentence % {
        "word": stance.word,
        "before": grouped(before),
        "after": grouped(after),
    }


def about_trend(points: Sequence["Point"], flow: "Flow") -> str:
    """Say how many had answered where the trend begins, and why the drawing of moves differs."""
    if not points:
        return ""
    readers = grouped(sum(points[0].counts))
    if not flow.is_drawn:
        return _("By the first date %(readers)s readers had answered.") % {"readers": readers}
    return _(
        "By the first date %(readers)s readers had answered, and some may have changed their "
        "answer before it, so the lines can begin at other numbers than “At first”. They end with "
        "the latest answer."
    ) % {"readers": readers}


def respect(openness: "Openness") -> str:
    """Say how many readers found a comment for an answer other than theirs well argued."""
    counted, crossed = openness.counted, openness.crossed
    if not openness.crossings:
        return ""
    if not crossed:
        return _(
            "Of the readers whose marks count here, nobody marked a comment for another answer."
        )
    if crossed == counted:
        sentence = _(
            "All %(counted)s readers whose marks count here marked a comment for an answer "
            "other than their own as well argued."
        )
    else:
        sentence = _(
            "%(crossed)s of the %(counted)s readers whose marks count here marked a comment for "
            "an answer other than their own as well argued."
        )
    return sentence % {"crossed": grouped(crossed), "counted": grouped(counted)}


def crossings_example(openness: "Openness") -> str:
    """Say what the figures of marks across answers count, where there are any."""
    if not openness.crossings:
        return ""
    cell = openness.crossings[0]
    return _(
        "For example: of the %(base)s readers who answer %(of)s and marked any comment here, %(n)s "
        "marked one for %(other)s. A dashed frame: comments for their own answer."
    ) % {
        "base": grouped(cell.base),
        "n": grouped(cell.readers),
        "of": cell.of.word,
        "other": cell.other.word,
    }


def not_counted(openness: "Openness", readers: int) -> str:
    """Say how many of all `readers` who answer are not in the figures of marks, and why."""
    others = readers - openness.counted
    if not openness.crossings or others < 1:
        return ""
    if openness.leaves_out:
        sentence = ngettext(
            "%(n)s other reader is not in it: they have marked nothing that counts since they "
            "chose their present answer, or fewer than five with that answer have.",
            "%(n)s other readers are not in it: they have marked nothing that counts since they "
            "chose their present answer, or fewer than five with that answer have.",
            others,
        )
    else:
        sentence = ngettext(
            "%(n)s other reader is not in it: they have marked nothing that counts since they "
            "chose their present answer.",
            "%(n)s other readers are not in it: they have marked nothing that counts since they "
            "chose their present answer.",
            others,
        )
    return sentence % {"n": grouped(others)}


def about_crossings(openness: "Openness") -> str:
    """Say who is in the figures of marks across answers, where there are any."""
    if not openness.crossings:
        return ""
    return _(
        "Each reader counts under the answer they give now. Marks from before they gave it do not "
        "count, nor do marks on comments less than a day old. An answer has a row from five "
        "readers with marks on."
    )


def case_for(word: str, *, is_firm: bool) -> str:
    """Name the best thread for an answer: `is_firm` if enough of its own readers approve of it."""
    return word if is_firm else _("A case for %(word)s") % {"word": word}


def about_cases(cases: Sequence["Strongest"]) -> str:
    """Say which comments are quoted as cases for the answers, where some are."""
    if not cases:
        return ""
    if all(case.is_firm for case in cases):
        return _("For each answer, the comment that its own readers find best argued.")
    return _(
        "For each answer, the comment that its own readers find best argued so far. “A case” "
        "means that too few of them have said so to call it the strongest."
    )
