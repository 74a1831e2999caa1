"""Charts of how answers moved: shapes in units of an SVG, which templates render. Pure.

Each has a table beside it that says the same; the drawings can be told apart without colour.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .flow import Flow, Point

# The flow: two columns of bars with bands between them.
FLOW_HEIGHT, FLOW_BAR, FLOW_GAP = 300, 10, 24
FLOW_LEFT, FLOW_RIGHT = 120, 480
# The trend: lines over the weeks, shares to the left of them, words to the right, dates below.
TREND_WIDTH, TREND_HEIGHT = 600, 250
TREND_LEFT, TREND_RIGHT, TREND_TOP, TREND_BOTTOM = 66, 430, 12, 206
# As many dates, and lines for shares, as there is room for on the narrowest screen.
TREND_DATES = 4
TREND_SHARES = (0, 50, 100)
# Lines that differ without colour: whole, dashed, dotted, and two more.
DASHES = ("", "9 5", "2 4", "14 4 2 4", "1 7")
# In units of the drawing, for the letters of the narrowest screen, which are the largest.
LABEL_ROOM = 23.0


class Bar(NamedTuple):
    """The readers of an answer, as a bar with its label."""

    stance: Any
    readers: int
    x: float
    y: float
    height: float
    label_y: float


class Band(NamedTuple):
    """Readers who went from one answer to another, or stayed, as a band between two bars."""

    stance: Any
    path: str
    stays: bool


class FlowDrawing(NamedTuple):
    """The flow: bars of first answers, bars of present ones, and the bands between."""

    left: list[Bar]
    right: list[Bar]
    bands: list[Band]


def draw_flow(flow: Flow) -> FlowDrawing:
    """Return `flow` as bars and bands; where the table hides a number there is no band."""
    keys = [stance.pk for stance in flow.stances]
    pairs = flow.cells
    total = sum(pairs.values()) or 1
    unit = (FLOW_HEIGHT - FLOW_GAP * (len(keys) - 1)) / total
    starts = {key: sum(n for (first, _now), n in pairs.items() if first == key) for key in keys}
    ends = {key: sum(n for (_first, now), n in pairs.items() if now == key) for key in keys}
    left = _bars(flow.stances, starts, unit, FLOW_LEFT)
    right = _bars(flow.stances, ends, unit, FLOW_RIGHT)
    return FlowDrawing(left, right, _bands(flow, left, right, unit))


def _bars(stances: Sequence[Any], counts: dict[int, int], unit: float, x: float) -> list[Bar]:
    bars, y = [], 0.0
    for stance in stances:
        height = counts[stance.pk] * unit
        bars.append(
            Bar(
                stance,
                counts[stance.pk],
                x,
                round(y, 1),
                round(height, 1),
                round(max(y + height / 2 + 5, 12.0), 1),
            )
        )
        y += height + FLOW_GAP
    return bars


def _bands(
    flow: Flow,
    left: list[Bar],
    right: list[Bar],
    unit: float,
) -> list[Band]:
    out = {bar.stance.pk: bar.y for bar in left}
    into = {bar.stance.pk: bar.y for bar in right}
    bands = []
    for stance in flow.stances:
        for other in flow.stances:
            pair = stance.pk, other.pk
            height = flow.cells.get(pair, 0) * unit
            if flow.shown(pair):
                path = _band(out[stance.pk], into[other.pk], height)
                bands.append(Band(stance, path, stays=stance.pk == other.pk))
            out[stance.pk] += height
            into[other.pk] += height
    return bands


def _band(start: float, end: float, height: float) -> str:
    """Return the outline of a band from the left bars to the right ones."""
    x, other, middle = FLOW_LEFT + FLOW_BAR, FLOW_RIGHT, (FLOW_LEFT + FLOW_BAR + FLOW_RIGHT) / 2
    return (
        f"M{x} {start:.1f}C{middle} {start:.1f} {middle} {end:.1f} {other} {end:.1f}"
        f"V{end + height:.1f}C{middle} {end + height:.1f} {middle} {start + height:.1f} "
        f"{x} {start + height:.1f}Z"
    )


class Date(NamedTuple):
    """A time on the axis; `names_year` if the trend is longer than a year."""

    at: datetime
    x: float
    names_year: bool


class Share(NamedTuple):
    """A level line: a share in a hundred."""

    share: int
    y: float


class Line(NamedTuple):
    """The share of one answer over time, with the position of its label."""

    stance: Any
    points: str
    dash: str
    share: int
    x: float
    y: float


class TrendDrawing(NamedTuple):
    """The trend: a line for each answer, over level lines and dates."""

    lines: list[Line]
    shares: list[Share]
    dates: list[Date]


def draw_trend(stances: Sequence[Any], points: Sequence[Point]) -> TrendDrawing:
    """Return the trend of `points`, from the first at the left to the last at the right."""
    shares = [Share(share, round(_height(share), 1)) for share in TREND_SHARES]
    return TrendDrawing(_lines(stances, points), shares, _dates(points))


def _dates(points: Sequence[Point]) -> list[Date]:
    """Return the first time, the last one, and some between."""
    last, gaps = len(points) - 1, TREND_DATES - 1
    places = sorted({round(last * number / gaps) for number in range(TREND_DATES)})
    names_year = points[0].at.year != points[-1].at.year
    return [
        Date(points[place].at, round(_across(place, points), 1), names_year) for place in places
    ]


def _across(place: int, points: Sequence[Point]) -> float:
    return TREND_LEFT + (TREND_RIGHT - TREND_LEFT) * place / max(len(points) - 1, 1)


def _lines(stances: Sequence[Any], points: Sequence[Point]) -> list[Line]:
    """Return a line for each answer; its labels keep clear of each other."""
    lines = []
    for place, stance in enumerate(stances):
        shares = [_share(point.counts, place) for point in points]
        drawn = [
            f"{_across(number, points):.1f},{_height(share):.1f}"
            for number, share in enumerate(shares)
        ]
        end = _height(shares[-1])
        dash = DASHES[place % len(DASHES)]
        lines.append(Line(stance, " ".join(drawn), dash, round(shares[-1]), TREND_RIGHT + 8, end))
    return _apart(lines)


def _apart(lines: list[Line]) -> list[Line]:
    """Move labels down until each has room of its own."""
    placed: dict[int, Line] = {}
    last = -LABEL_ROOM
    for place, line in sorted(enumerate(lines), key=lambda pair: pair[1].y):
        last = max(line.y + 4, last + LABEL_ROOM)
        placed[place] = line._replace(y=round(last, 1))
    return [placed[place] for place in range(len(lines))]


def _share(counts: Sequence[int], place: int) -> float:
    total = sum(counts)
    return 100 * counts[place] / total if total else 0.0


def _height(share: float) -> float:
    return TREND_BOTTOM - (TREND_BOTTOM - TREND_TOP) * share / 100
