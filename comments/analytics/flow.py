"""How answers moved: from each reader's first answer to the one they give now. Pure.

The correction of an answer is said in its place (`ranking.audience.history`). A reader who left and
came back has not moved; one who gives no answer now is in no figure (`minimums.standing`).
"""

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ..ranking.audience import HeldAnswer
from . import minimums

# Points of a line, at most.
TREND_POINTS = 53
WEEK = timedelta(weeks=1)


class Leaving(NamedTuple):
    """How many readers gave an answer first, and how many of them left it.

    None for `left` is hidden: it would tell a cell that the table hides.
    """

    stance: Any
    left: int | None
    base: int

    @property
    def share(self) -> str:
        """The share that left in a hundred, rounded; empty for too few readers."""
        return "" if self.left is None else minimums.share_of(self.left, self.base)


# The ids of a first answer and of a present one.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Flow:
    """From first answers to present ones; `cells` counts readers by both.

    `named` are the cells with a reader who says so in a comment, too: it identifies nobody.
    """

    stances: tuple[Any, ...]
    cells: Mapping[Pair, int]
    named: frozenset[Pair] = frozenset()

    @classmethod
    def of(
        cls,
        stances: Sequence[Any],
        journeys: Mapping[int, Sequence[HeldAnswer]],
        commenting: Container[int] = (),
    ) -> "Flow":
        """Return the flow of the answer histories of readers, by the ids of readers.

        `commenting` are the readers who have written a comment.
        """
        pairs = {reader: _ends(answers) for reader, answers in journeys.items()}
        named = frozenset(pair for reader, pair in pairs.items() if reader in commenting)
        return cls(tuple(stances), Counter(pairs.values()), named)

    @property
    def readers(self) -> int:
        """How many readers give an answer now."""
        return sum(self.cells.values())

    @property
    def changes(self) -> int:
        """How many readers give another answer now than at first."""
        return sum(count for (first, now), count in self.cells.items() if first != now)

    @property
    def shows_table(self) -> bool:
        """Whether there are enough changes for a table, and it gives nobody away."""
        return minimums.show_moves(self.changes) and not self.is_withheld

    @property
    def is_drawn(self) -> bool:
        """Whether there are enough changes for a chart, and it gives nobody away."""
        return minimums.draw_moves(self.changes) and not self.is_withheld

    @property
    def hides_cells(self) -> bool:
        """Whether some cell of the table is hidden."""
        return any(self.shown(pair) is None for pair in self.cells)

    @property
    def is_withheld(self) -> bool:
        """Whether nothing is told by answer: of two answers, the totals tell a hidden cell."""
        used = {answer for pair, readers in self.cells.items() if readers for answer in pair}
        return self.hides_cells and minimums.totals_tell_cells(len(used))

    @property
    def leaving(self) -> list[Leaving]:
        """Per answer: how many gave it first, and how many of them left."""
        first = {stance.pk: self._first(stance.pk) for stance in self.stances}
        return [
            Leaving(stance, self._left(stance.pk), first[stance.pk])
            for stance in self.stances
            if first[stance.pk]
        ]

    @property
    def rows(self) -> list[tuple[Any, list[int | None]]]:
        """The table: per first answer the readers of each answer now; None where it is hidden."""
        return [
            (stance, [self.shown((stance.pk, end.pk)) for end in self.stances])
            for stance in self.stances
        ]

    def shown(self, pair: Pair) -> int | None:
        """Return how many readers went from one answer to another; None if it is hidden."""
        count = self.cells.get(pair, 0)
        return None if minimums.hide_cell(count, has_commented=pair in self.named) else count

    def _left(self, stance: int) -> int | None:
        """Return how many left an answer; None if they are so few that a hidden cell follows."""
        pairs = [pair for pair in self.cells if pair[0] == stance != pair[1]]
        left = sum(self.cells[pair] for pair in pairs)
        named = all(self.shown(pair) is not None for pair in pairs)
        return None if minimums.hide_cell(left, has_commented=named) else left

    def _first(self, stance: int) -> int:
        return sum(count for (first, _now), count in self.cells.items() if first == stance)


def _ends(answers: Sequence[HeldAnswer]) -> Pair:
    """Return the first and the present answer of a reader who gives one."""
    return answers[0].stance or 0, answers[-1].stance or 0


class Point(NamedTuple):
    """How many readers gave each answer at a time, in the order of the stances."""

    at: datetime
    counts: tuple[int, ...]


def trend(stances: Sequence[Any], journeys: Collection[Sequence[HeldAnswer]]) -> list[Point]:
    """Return the answers at the end of each week; nothing while there are too few, or too soon.

    The last point is of the last answer, not of the end of its week, which may lie ahead. Points
    of few answers are left out, and one point alone is no trend.
    """
    times = [answer.since for answers in journeys for answer in answers]
    if not times or not minimums.show_trend(len(journeys), max(times) - min(times)):
        return []
    weeks = int((max(times) - min(times)) // WEEK.total_seconds()) + 1
    step = WEEK.total_seconds() * (1 + weeks // TREND_POINTS)
    points, current, end = [], Counter[int](), min(times) + step
    for at, before, after in _moves(journeys):
        while at > end:
            points.append(_point(end, stances, current))
            end += step
        current[before] -= 1
        current[after] += 1
    points.append(_point(max(times), stances, current))
    shown = [point for point in points if minimums.show_counts(sum(point.counts))]
    return shown if len(shown) > 1 else []


def _moves(journeys: Collection[Sequence[HeldAnswer]]) -> list[tuple[float, int, int]]:
    """Return the time of each answer, the answer before, and the new one; 0 for no answer."""
    moves = []
    for answers in journeys:
        before = 0
        for answer in answers:
            moves.append((answer.since, before, answer.stance or 0))
            before = answer.stance or 0
    return sorted(moves)


def _point(at: float, stances: Sequence[Any], current: Counter[int]) -> Point:
    return Point(datetime.fromtimestamp(at, UTC), tuple(current[stance.pk] for stance in stances))
