"""How answers moved: from each reader's first answer to the one they give now. Pure.

The correction of an answer is said in its place (`ranking.audience.history`). A reader who left and
came back has not moved.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ..ranking.audience import HeldAnswer

# Changes: fewer in the table would identify people, fewer in the chart show nothing.
TABLE_FROM = 5
DRAWN_FROM = 10
# Readers: a share of fewer is mostly chance.
SHARE_FROM = 10
# The trend is shown from so many readers over so long.
TREND_FROM = 20
TREND_AFTER = timedelta(weeks=3)
# Points of a line, at most.
TREND_POINTS = 53
WEEK = timedelta(weeks=1)


class Leaving(NamedTuple):
    """How many readers gave an answer first, and how many of them left it."""

    stance: Any
    left: int
    base: int

    @property
    def share(self) -> str:
        """The share that left in a hundred, to a tenth; empty for too few readers."""
        return f"{100 * self.left / self.base:.1f}" if self.base >= SHARE_FROM else ""


@dataclass(frozen=True)
class Flow:
    """From first answers to present ones; `cells` counts readers by both, 0 for no answer."""

    stances: tuple[Any, ...]
    cells: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, stances: Sequence[Any], journeys: Iterable[Sequence[HeldAnswer]]) -> "Flow":
        """Return the flow of the answer histories of readers."""
        cells = Counter(
            (answers[0].stance or 0, answers[-1].stance or 0) for answers in journeys if answers
        )
        return cls(tuple(stances), cells)

    @property
    def changes(self) -> int:
        """How many readers give another answer now than at first."""
        return sum(count for (first, now), count in self.cells.items() if first and first != now)

    @property
    def shows_table(self) -> bool:
        """Whether there are enough changes for a table."""
        return self.changes >= TABLE_FROM

    @property
    def is_drawn(self) -> bool:
        """Whether there are enough changes for a chart."""
        return self.changes >= DRAWN_FROM

    @property
    def leaving(self) -> list[Leaving]:
        """Per answer: how many gave it first, and how many of them left."""
        first = {stance.pk: self._first(stance.pk) for stance in self.stances}
        stayed = {stance.pk: self.cells.get((stance.pk, stance.pk), 0) for stance in self.stances}
        return [
            Leaving(stance, first[stance.pk] - stayed[stance.pk], first[stance.pk])
            for stance in self.stances
            if first[stance.pk]
        ]

    @property
    def has_withdrawn(self) -> bool:
        """Whether a reader has withdrawn their answer."""
        return any(count for (first, now), count in self.cells.items() if first and not now)

    @property
    def rows(self) -> list[tuple[Any, list[int]]]:
        """The table: per first answer the readers of each answer now, and those without one."""
        ends = [stance.pk for stance in self.stances] + ([0] if self.has_withdrawn else [])
        return [
            (stance, [self.cells.get((stance.pk, end), 0) for end in ends])
            for stance in self.stances
        ]

    def _first(self, stance: int) -> int:
        return sum(count for (first, _now), count in self.cells.items() if first == stance)


class Point(NamedTuple):
    """How many readers gave each answer at a time, in the order of the stances."""

    at: datetime
    counts: tuple[int, ...]


def trend(stances: Sequence[Any], journeys: Sequence[Sequence[HeldAnswer]]) -> list[Point]:
    """Return the answers at the end of each week; nothing while there are too few, or too soon."""
    times = [answer.since for answers in journeys for answer in answers]
    if len(journeys) < TREND_FROM or max(times) - min(times) < TREND_AFTER.total_seconds():
        return []
    weeks = int((max(times) - min(times)) // WEEK.total_seconds()) + 1
    step = WEEK.total_seconds() * (1 + weeks // TREND_POINTS)
    moves: list[tuple[float, int, int]] = []
    for answers in journeys:
        before = 0
        for answer in answers:
            moves.append((answer.since, before, answer.stance or 0))
            before = answer.stance or 0
    moves.sort()
    points, current, end = [], Counter[int](), min(times) + step
    for at, before, after in moves:
        while at > end:
            points.append(_point(end, stances, current))
            end += step
        current[before] -= 1
        current[after] += 1
    return [*points, _point(end, stances, current)]


def _point(at: float, stances: Sequence[Any], current: Counter[int]) -> Point:
    return Point(datetime.fromtimestamp(at, UTC), tuple(current[stance.pk] for stance in stances))
