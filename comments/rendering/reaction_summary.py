"""Summarise the reactions to a comment in words: the tally by answer, changes of mind, verdicts.

Tallies are live; the numbers of readers who had a chance to read come from the newest ranking.
Cards use this, and the page about one comment.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import grouped

from ..ranking.stored_columns import NO_ANSWER, CountsByAnswer, SidesByAnswer, VerdictCount

# Tallies that a process remembers; those of a page all differ, and change rarely.
TALLIES = 2000


class SummaryPart(NamedTuple):
    """The reactions of readers of one answer to a comment; `chances` is None if it is not shown."""

    stance: Any
    approvals: int
    chances: int | None

    @property
    def figures(self) -> str:
        """The numbers as they are shown."""
        approvals = grouped(self.approvals)
        return approvals if self.chances is None else f"{approvals}/{grouped(self.chances)}"


def parts(well_argued: str, sides: str | None, stances: Mapping[int, Any]) -> list[SummaryPart]:
    """Return the tally by answer, in the author's order, without answers that have no readers.

    All parts of a line have the same base: where an answer has more approvals than the newest
    ranking knows readers, none has chances.
    """
    counts, known = CountsByAnswer.parse(well_argued), SidesByAnswer.parse(sides or "")
    figures = {
        key: (counts.get(key, 0), known[key].chances if key in known else 0) for key in stances
    }
    if any(approvals > chances for approvals, chances in figures.values()):
        return [
            SummaryPart(stances[key], approvals, None)
            for key, (approvals, _chances) in figures.items()
            if approvals
        ]
    return [
        SummaryPart(stances[key], approvals, chances)
        for key, (approvals, chances) in figures.items()
        if chances
    ]


def without_answer(well_argued: str) -> int:
    """Return the number of approvals by readers without an answer to the question."""
    return CountsByAnswer.parse(well_argued).get(NO_ANSWER, 0)


def total(well_argued: str) -> int:
    """Return the number of all approvals."""
    return sum(CountsByAnswer.parse(well_argued).values())


@lru_cache(maxsize=TALLIES)
def tally_words(
    well_argued: str, sides: str | None, stances: tuple[tuple[int, Any], ...], language: str
) -> str:
    """Return the tally in a line: "Different 16/40, Same 6/12, Overlap 5/8"."""
    found = parts(well_argued, sides, dict(stances))
    words = [f"{part.stance.word} {part.figures}" for part in found]
    others = without_answer(well_argued)
    if others:
        sentence = ngettext("%(n)s without an answer", "%(n)s without an answer", others)
        words.append(sentence % {"n": grouped(others)})
    return ", ".join(words)


@lru_cache(maxsize=TALLIES)
def moved_words(minds_moved: str, stances: tuple[tuple[int, Any], ...], language: str) -> str:
    """Return the number of readers a comment has moved, and from which answers, in words."""
    counts, labels = CountsByAnswer.parse(minds_moved), dict(stances)
    total = sum(counts.values())
    if not total:
        return ""
    each = [
        _("%(n)s from %(word)s") % {"n": grouped(counts[key]), "word": labels[key].word}
        for key in sorted(counts, key=lambda key: (-counts[key], key))
        if key in labels
    ]
    return ngettext("Moved %(n)s reader: %(from)s", "Moved %(n)s readers: %(from)s", total) % {
        "n": grouped(total),
        "from": ", ".join(each),
    }


@lru_cache(maxsize=TALLIES)
def fair_figures(verdicts: str, language: str) -> str:
    """Return the verdicts that call a text fair, of all verdicts, in words: "5 of 6"."""
    return _("%(fair)d of %(judges)d") % VerdictCount.parse(verdicts)._asdict()
