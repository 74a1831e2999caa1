"""Summarise the reactions to a comment: marks in all and by answer, changes of mind, verdicts.

Cards have the number of all marks, as it is now. What is told by answer follows the newest ranking,
which leaves out some marks, once it has something to compare; until then it is live, too.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.numbers import grouped

from ..ranking.stored_columns import NO_ANSWER, CountsByAnswer, SidesByAnswer, VerdictCount

# Summaries that a process remembers.
SUMMARIES = 2000


class SummaryPart(NamedTuple):
    """The reactions of readers of one answer to a comment; `chances` is None if it is not shown."""

    stance: Any
    approvals: int
    chances: int | None

    @property
    def width(self) -> str:
        """The length of its bar as a percentage of all who could have marked it."""
        return f"{100 * self.approvals / self.chances:.0f}%" if self.chances else "0%"


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


def unranked(well_argued: str, ranked: int) -> int:
    """Return how many marks with an answer the number at a comment counts, and the ranking not.

    `ranked` is how many the ranking counts. Below 0 the ranking counts more.
    """
    return total(well_argued) - without_answer(well_argued) - ranked


def marks_of(well_argued: str, stance: int) -> int:
    """Return the number of approvals by readers of one stance."""
    return CountsByAnswer.parse(well_argued).get(stance, 0)


def without_answer(well_argued: str) -> int:
    """Return the number of approvals by readers without an answer to the question."""
    return marks_of(well_argued, NO_ANSWER)


def total(counts: str) -> int:
    """Return the sum of a stored column of counts by answer."""
    return sum(CountsByAnswer.parse(counts).values())


@lru_cache(maxsize=SUMMARIES)
def moved_words(minds_moved: str, language: str) -> str:
    """Return in words how many minds a comment has changed."""
    number = total(minds_moved)
    return ngettext("Changed %(n)s mind", "Changed %(n)s minds", number) % {"n": grouped(number)}


@lru_cache(maxsize=SUMMARIES)
def fair_figures(verdicts: str, language: str) -> str:
    """Return the verdicts that call a text fair, of all verdicts, in words: "5 of 6"."""
    return _("%(fair)d of %(judges)d") % VerdictCount.parse(verdicts)._asdict()
