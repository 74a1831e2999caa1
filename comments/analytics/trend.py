"""How many readers gave each answer at the end of each week. Pure.

Readers who give no answer now are in no figure (`minimums.standing`).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from ..ranking.audience import HeldAnswer
from . import minimums

# Points of a line, at most.
TREND_POINTS = 53
WEEK = timedelta(weeks=1)


class Point(NamedTuple):
    """How many readers gave each answer at a time, in the order of the stances."""

    at: datetime
    counts: tuple[int, ...]


def trend(stances: Sequence[Any], journeys: Collection[Sequence[HeldAnswer]]) -> list[Point]:
    """Return the answers at the end of each week; nothing while there are too few, or too soon.

    The last point is of the last answer, not of the end of its week, which may lie ahead, and in
    place of the end of a week on the same day. Points of few answers are left out, and one point
    alone is no trend.
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
    points = [last for _day, (*_earlier, last) in groupby(points, _day_of)]
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


def _day_of(point: Point) -> date:
    """Return the day as pages tell it."""
    return localtime(point.at).date()


def _point(at: float, stances: Sequence[Any], current: Counter[int]) -> Point:
    return Point(datetime.fromtimestamp(at, UTC), tuple(current[stance.pk] for stance in stances))
