"""Charts of how answers moved: shapes and labels in an SVG, which templates render. Pure.

Shapes are in units of a drawing that is stretched to the width of the page; labels are not, so
their places are percentages. A table beside each chart says the same, and both can be told apart
without colour: a label has the answer's word where it fits, else its glyph.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil, inf
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from django.utils.timezone import localtime

from core.numbers import grouped

from .flow import Flow
from .trend import Point

# Pixels of the narrowest drawing, on a screen of 320; labels are placed so that they fit there.
NARROWEST = 280
# Pixels of a letter of a label on average, of a glyph with its space, and between two labels.
LETTER, GLYPH, SPACE = 6.6, 26.0, 8.0
# Pixels that a band is wider than the number in it, at least.
NUMBER_SPACE = 3.0

# The flow: bars of first answers above, of present ones below, and bands between them. The unit of
# widths is a thousandth of the drawing, of heights a pixel.
FLOW_WIDTH, FLOW_HEIGHT, FLOW_BAR, FLOW_GAP = 1000, 180, 10, 12
# Pixels from the upper edge to the base line of the number in a band, where no bands cross yet.
FLOW_NUMBER = 27
# Moves that are not told apart meet in a bar half way: its upper edge, its height, and the base
# line of its number.
POOL_TOP, POOL_HEIGHT, POOL_NUMBER = 78, 24, 95

# The trend: lines over the weeks, numbers to the left of them, words to the right, dates below.
TREND_WIDTH, TREND_HEIGHT = 1000, 180
# Percent of the whole chart: where the lines begin and end, and where their labels begin.
TREND_LEFT, TREND_RIGHT, TREND_LABELS = 9, 72, 74
# Pixels between two lines of labels, and for a label at the end of a line, partly in the margin.
LINE_ROOM, WORD_ROOM = 18.0, 85.0
# As many dates as there is room for on the narrowest screen, without and with years.
TREND_DATES, TREND_YEARS = 4, 3
# The share of the whole time before the last date in which no other has room: of days, of months.
DAY_ROOM, MONTH_ROOM = 0.16, 0.28
# The distance of two levels, times a power of ten; there are at most LEVELS_MOST above zero.
LEVEL_STEPS, LEVELS_MOST = (1, 2, 5), 4
# Lines that differ without colour: whole, dashed, dotted, and two more.
DASHES = ("", "9 5", "2 4", "14 4 2 4", "1 7")


class Label(NamedTuple):
    """The number of readers of an answer beside a shape, by its word or, if that is too long, not.

    `x` is a percentage of the width, `y` in pixels.
    """

    stance: Any
    readers: int
    has_word: bool
    x: float
    y: float = 0.0


class Bar(NamedTuple):
    """The readers of an answer, as a part of a bar."""

    stance: Any
    readers: int
    x: float
    width: float


class Band(NamedTuple):
    """Readers who went from one answer to another, or stayed, as a band between two bars.

    `x` is the middle of its number at the upper end in percent, None where that has no room.
    """

    stance: Any
    readers: int
    path: str
    stays: bool
    x: float | None


class Pool(NamedTuple):
    """Readers whose moves are not told apart: a bar half way, and the paths to it and from it."""

    readers: int
    x: float
    width: float
    paths: list[str]


class FlowDrawing(NamedTuple):
    """The flow: bars of first answers, bars of present ones, and the bands between."""

    first: list[Bar]
    now: list[Bar]
    bands: list[Band]
    pool: Pool | None
    first_labels: list[Label]
    now_labels: list[Label]

    @property
    def needs_legend(self) -> bool:
        """Whether some label lacks its word."""
        return not all(label.has_word for label in [*self.first_labels, *self.now_labels])


def draw_flow(flow: Flow) -> FlowDrawing:
    """Return `flow` as bars and bands; moves that the table hides meet in the middle."""
    unit = (FLOW_WIDTH - FLOW_GAP * (len(flow.stances) - 1)) / (flow.readers or 1)
    first = _bars([(answer.stance, answer.first) for answer in flow.answers], unit)
    now = _bars([(answer.stance, answer.now) for answer in flow.answers], unit)
    bands = (_stays if flow.hides_moves else _bands)(flow, first, now, unit)
    pool = _pool(flow, first, now, unit) if flow.hides_moves else None
    return FlowDrawing(first, now, bands, pool, _bar_labels(first), _bar_labels(now))


def _bars(counts: Iterable[tuple[Any, int]], unit: float) -> list[Bar]:
    bars, x = [], 0.0
    for stance, readers in counts:
        width = readers * unit
        bars.append(Bar(stance, readers, round(x, 1), round(width, 1)))
        x += width + FLOW_GAP
    return bars


def _bar_labels(bars: Sequence[Bar]) -> list[Label]:
    """Return the labels of the bars that have readers, none over another."""
    shown = [bar for bar in bars if bar.readers]
    rooms = [bar.width * NARROWEST / FLOW_WIDTH for bar in shown]
    has_word = [
        _length(bar.readers, str(bar.stance.word)) <= room + SPACE
        for bar, room in zip(shown, rooms, strict=True)
    ]
    sizes = [
        (_length(bar.readers, str(bar.stance.word) if named else "") + SPACE) * 100 / NARROWEST
        for bar, named in zip(shown, has_word, strict=True)
    ]
    places = _apart([bar.x * 100 / FLOW_WIDTH for bar in shown], sizes, 100 + sizes[-1] * 0.1)
    return [
        Label(bar.stance, bar.readers, named, round(x, 1))
        for bar, named, x in zip(shown, has_word, places, strict=True)
    ]


def _length(readers: int, word: str) -> float:
    """Return the pixels that a label takes with its word, or with a glyph in place of none."""
    letters = len(grouped(readers))
    wide = sum(east_asian_width(letter) in "WF" for letter in word)
    return LETTER * (letters + 1 + len(word) + wide) if word else GLYPH + LETTER * letters


def _bands(flow: Flow, first: list[Bar], now: list[Bar], unit: float) -> list[Band]:
    out = {bar.stance.pk: bar.x for bar in first}
    into = {bar.stance.pk: bar.x for bar in now}
    bands = []
    for stance in flow.stances:
        for other in flow.stances:
            pair = stance.pk, other.pk
            readers = flow.cells.get(pair, 0)
            if readers:
                stays = stance.pk == other.pk
                bands.append(
                    _band(stance, readers, out[stance.pk], into[other.pk], unit, stays=stays)
                )
            out[stance.pk] += readers * unit
            into[other.pk] += readers * unit
    return bands


def _stays(flow: Flow, first: list[Bar], now: list[Bar], unit: float) -> list[Band]:
    """Return the bands of those who stayed, each at the beginning of its bars."""
    return [
        _band(answer.stance, answer.stayed, above.x, below.x, unit, stays=True)
        for answer, above, below in zip(flow.answers, first, now, strict=True)
        if answer.stayed
    ]


def _pool(flow: Flow, first: list[Bar], now: list[Bar], unit: float) -> Pool:
    """Return the bar of all others, and the paths between it and the bars above and below."""
    readers = flow.readers - sum(answer.stayed for answer in flow.answers)
    x = (FLOW_WIDTH - readers * unit) / 2
    paths = []
    for bars, top, bottom in (
        (first, FLOW_BAR, POOL_TOP),
        (now, FLOW_HEIGHT - FLOW_BAR, POOL_TOP + POOL_HEIGHT),
    ):
        place = x
        for answer, bar in zip(flow.answers, bars, strict=True):
            width = (bar.readers - answer.stayed) * unit
            if width:
                paths.append(_outline(bar.x + bar.width - width, place, width, top, bottom))
            place += width
    return Pool(readers, round(x, 1), round(readers * unit, 1), paths)


def _band(stance: Any, readers: int, start: float, end: float, unit: float, *, stays: bool) -> Band:
    """Return the band of `readers` from `start` on a bar above to `end` on one below."""
    width = readers * unit
    path = _outline(start, end, width, FLOW_BAR, FLOW_HEIGHT - FLOW_BAR)
    has_room = width * NARROWEST / FLOW_WIDTH >= LETTER * len(grouped(readers)) + NUMBER_SPACE
    x = round((start + width / 2) * 100 / FLOW_WIDTH, 1) if has_room else None
    return Band(stance, readers, path, stays, x)


def _outline(start: float, end: float, width: float, top: float, bottom: float) -> str:
    """Return the path around a band of `width` from one height to another."""
    middle = (top + bottom) / 2
    return (
        f"M{start:.0f} {top:.0f}C{start:.0f} {middle:.0f} {end:.0f} {middle:.0f} {end:.0f} "
        f"{bottom:.0f}H{end + width:.0f}C{end + width:.0f} {middle:.0f} {start + width:.0f} "
        f"{middle:.0f} {start + width:.0f} {top:.0f}Z"
    )


class Date(NamedTuple):
    """A time on the axis, `x` in percent.

    It is told with its year if the trend passes a new year, else with its month where that changes.
    """

    at: datetime
    x: float
    names_year: bool
    names_month: bool


class Level(NamedTuple):
    """A level line: a number of readers."""

    readers: int
    y: float


class Line(NamedTuple):
    """The readers of one answer over time, where the line ends, and its label."""

    stance: Any
    points: str
    dash: str
    end: float
    label: Label


class TrendDrawing(NamedTuple):
    """The trend: a line for each answer, over level lines and dates."""

    lines: list[Line]
    levels: list[Level]
    dates: list[Date]

    @property
    def needs_legend(self) -> bool:
        """Whether some label lacks its word."""
        return not all(line.label.has_word for line in self.lines)


def draw_trend(stances: Sequence[Any], points: Sequence[Point]) -> TrendDrawing:
    """Return the trend of `points`, from the first at the left to the last at the right."""
    most = max(max(point.counts) for point in points)
    step = _level_step(most)
    top = max(ceil(most / step), 1) * step
    levels = [Level(number, round(_height(number, top), 1)) for number in range(0, top + 1, step)]
    return TrendDrawing(_lines(stances, points, top), levels, _dates(points))


def _level_step(most: int) -> int:
    """Return the distance of two levels, of which few reach to `most` readers or above."""
    power = 1
    while True:
        for step in LEVEL_STEPS:
            if most <= step * power * LEVELS_MOST:
                return step * power
        power *= 10


def _dates(points: Sequence[Point]) -> list[Date]:
    """Return the first time, the last one, and some between."""
    names_year = points[0].at.year != points[-1].at.year
    last, gaps = len(points) - 1, (TREND_YEARS if names_year else TREND_DATES) - 1
    places = sorted({round(last * number / gaps) for number in range(gaps + 1)})
    width, since = TREND_RIGHT - TREND_LEFT, _elapsed(points)
    room = MONTH_ROOM if names_year else DAY_ROOM
    shown = [each for each in places if each in {0, last} or since[each] <= 1 - room]
    months = [localtime(points[place].at).month for place in shown]
    return [
        Date(
            points[place].at,
            round(TREND_LEFT + width * since[place], 1),
            names_year,
            number == 0 or months[number] != months[number - 1],
        )
        for number, place in enumerate(shown)
    ]


def _elapsed(points: Sequence[Point]) -> list[float]:
    """Return for each point how much of the time from the first to the last has passed: 0 to 1."""
    first, whole = points[0].at, (points[-1].at - points[0].at).total_seconds()
    return [(point.at - first).total_seconds() / whole if whole else 0.0 for point in points]


def _lines(stances: Sequence[Any], points: Sequence[Point], top: int) -> list[Line]:
    """Return a line for each answer; their labels keep clear of each other."""
    since = _elapsed(points)
    ends = [_height(count, top) for count in points[-1].counts]
    places = _apart(ends, [LINE_ROOM] * len(ends), TREND_HEIGHT + LINE_ROOM)
    lines = []
    for place, stance in enumerate(stances):
        drawn = (
            f"{TREND_WIDTH * since[number]:.0f},{_height(point.counts[place], top):.1f}"
            for number, point in enumerate(points)
        )
        readers = points[-1].counts[place]
        has_word = _length(readers, str(stance.word)) <= WORD_ROOM
        label = Label(stance, readers, has_word, TREND_LABELS, round(places[place], 1))
        dash = DASHES[place % len(DASHES)]
        lines.append(Line(stance, " ".join(drawn), dash, round(ends[place], 1), label))
    return lines


def _height(readers: int, top: int) -> float:
    return TREND_HEIGHT * (1 - readers / top)


def _apart(wanted: Sequence[float], sizes: Sequence[float], end: float) -> list[float]:
    """Return places close to the `wanted` ones where none of `sizes` overlap or go past `end`."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed, free = list(wanted), -inf
    for each in order:
        placed[each] = max(wanted[each], free)
        free = placed[each] + sizes[each]
    for each in reversed(order):
        placed[each] = min(placed[each], end - sizes[each])
        end = placed[each]
    return placed
