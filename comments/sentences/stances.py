"""The sentences of the stance page: where readers stand, how answers moved, the strongest cases."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

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
    from ..analytics.cross_reactions import Crossing, Openness
    from ..analytics.flow import Flow, Leaving, Point
    from ..analytics.page import Strongest
    from ..analytics.totals import Totals


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
        "Each reader counts once, with the latest answer. The pale band is what chance "
        "leaves open (%(ranges)s). In 8 of 10 discussions like this, the share among a "
        "larger public would lie in it. That holds for readers drawn by lot; these chose to "
        "answer."
    ) % {"ranges": ", ".join(f"{share.stance.word} {share.range.words}" for share in totals.shares)}


def moves(flow: "Flow") -> str:
    """Say how many readers changed their answer; from enough changes on, of which answers."""
    if not minimums.show_counts(flow.readers):
        return ""
    if not flow.changes:
        return _("All who answer now give the answer they gave first.")
    if flow.is_withheld and minimums.show_moves(flow.changes):
        return _(
            "%(changes)s of %(readers)s readers changed their answer. Which way they went is not "
            "shown: it would single out one or two of them."
        ) % {"changes": grouped(flow.changes), "readers": grouped(flow.readers)}
    if not flow.shows_table:
        sentence = ngettext(
            "%(n)s reader changed their answer. The breakdown appears from five.",
            "%(n)s readers changed their answer. The breakdown appears from five.",
            flow.changes,
        )
        return sentence % {"n": grouped(flow.changes)}
    return _("%(changes)s of %(readers)s readers changed their answer: %(rates)s.") % {
        "changes": grouped(flow.changes),
        "readers": grouped(flow.readers),
        "rates": ", ".join(_rates(flow)),
    }


def _rates(flow: "Flow") -> Iterator[str]:
    """Yield for each answer how many of those who began with it left it."""
    for place, row in enumerate(flow.leaving):
        sentence = (
            _("%(left)s of %(base)s with %(word)s")
            if place
            else _("%(left)s of the %(base)s who began with %(word)s")
        )
        yield _with_share(sentence, row)


def left(row: "Leaving") -> str:
    """Say how many of those who gave an answer first give another now."""
    return _with_share(_("%(left)s of %(base)s left %(word)s"), row)


def _with_share(sentence: str, row: "Leaving") -> str:
    few = _("fewer than %(n)d") % {"n": minimums.CELL_FROM}
    words = sentence % {
        "left": few if row.left is None else grouped(row.left),
        "base": grouped(row.base),
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
    return _("Dark bands are readers who moved.")


def left_out(flow: "Flow") -> str:
    """Say that small groups are hidden, where some are."""
    if not flow.shows_table or not flow.hides_cells:
        return ""
    return _(
        "We leave out groups of one or two readers, so that nobody is singled out, unless a "
        "comment says it anyway."
    )


def trend(points: Sequence["Point"]) -> str:
    """Say what the lines over time show, and how many answers there were at both ends."""
    if not points:
        return ""
    first, last = points[0], points[-1]
    style = "j F" if first.at.year == last.at.year else "j F Y"
    return _(
        "How many readers gave each answer, week by week: %(before)s in all on %(first)s, "
        "%(after)s on %(last)s."
    ) % {
        "before": grouped(sum(first.counts)),
        "first": date_format(localtime(first.at), style),
        "after": grouped(sum(last.counts)),
        "last": date_format(localtime(last.at), style),
    }


def respect(openness: "Openness") -> str:
    """Say for which answers readers of others found comments well argued."""
    crossings = openness.crossings
    if not crossings:
        return ""
    marked = {row.other.pk for row in crossings if row.readers}
    if not marked:
        return _("Of the readers counted here, nobody marked a comment for another answer.")
    if marked == {stance.pk for stance in openness.stances}:
        return _("Each answer has comments that readers of the others marked as well argued.")
    words = words_of([stance for stance in openness.stances if stance.pk in marked])
    return _("Readers of other answers marked comments for %(words)s as well argued.") % {
        "words": words
    }


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


def about_crossings(crossings: Sequence["Crossing"]) -> str:
    """Say who is in the figures of marks across answers, where there are any."""
    if not crossings:
        return ""
    return _(
        "We count readers who marked something and still give that answer, from five of them "
        "on. Marks count once the comment is a day old. Dashed boxes are comments for their "
        "own answer."
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
