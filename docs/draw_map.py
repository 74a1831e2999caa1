"""Draw docs/map.svg: the apps, the folders inside them, and which imports which.

    python docs/draw_map.py        (or make map)

Rows are the layers of the import contracts in pyproject.toml, arrows come from the imports
themselves. An arrow that follows from others is left out: where `a` imports `b` and `b` imports
`c`, none leads from `a` to `c`. The same imports always give the same drawing.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT / "docs/map.svg"
# The apps from top to bottom, each with what it is for.
APPS = {
    "config": "settings, backup",
    "comments": "the discussion",
    "posts": "what is published",
    "notifications": "and outgoing mail",
    "accounts": "people",
    "publication": "the site profile",
    "pictures": "uploaded",
    "core": "tools without models",
}
# Wiring that Django finds by its name; every app has it.
LEFT_OUT = {"apps", "urls", "management", "migrations"}

# Lengths in units of the drawing, of which WIDTH are meant to be a pixel each.
WIDTH = 800
NAMES = 148  # the column of the apps' names
MARGIN = 10
EDGE = 758  # the right edge of the bands; arrows that pass bands lie behind it
SIDE, SIDE_LANE = 14, 9  # how far from a band's corner they begin and end, and from each other
BOX = 26  # height of a box
PITCH = 50  # from row to row where arrows lie between them
CLOSE_PITCH = 36  # and where none do
GAP = 16  # between the boxes of a row, at least
LANE = 12  # what an arrow takes that passes a row
LETTER = 7.1  # width of a letter, generously
PADDING = 10
BAND_TOP, BAND_BOTTOM, BETWEEN = 14, 18, 24

# Sweeps down and up in which boxes move to their neighbours; after these nothing moves any more.
ROUNDS = 12

LEGEND = 28  # height of the line below the bands
LEGEND_TEXT = (
    "An arrow leads to what is imported. Solid: a folder. Dashed: a module beside the folders."
)

STYLE = """
svg { color-scheme: light dark; }
text { font: 13px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: #1f2328; }
.app { font-weight: 700; font-size: 15px; }
.about { fill: #57606a; font-size: 12px; }
.band { fill: #f6f8fa; stroke: #d0d7de; }
.folder { fill: #ffffff; stroke: #57606a; }
.module { fill: none; stroke: #8c959f; stroke-dasharray: 3 2; }
.arrow { fill: none; stroke: #6e7781; }
.head { fill: #6e7781; }
.between { fill: none; stroke: #1f2328; stroke-width: 2; }
.between-head { fill: #1f2328; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .about { fill: #9198a1; }
  .band { fill: #161b22; stroke: #30363d; }
  .folder { fill: #0d1117; stroke: #9198a1; }
  .module { stroke: #6e7681; }
  .arrow { stroke: #8b949e; }
  .head { fill: #8b949e; }
  .between { stroke: #e6edf3; }
  .between-head { fill: #e6edf3; }
}
"""

Edges = dict[str, set[str]]


@dataclass
class Place:
    """A box, or the lane of an arrow that passes a row."""

    name: str
    width: float
    x: float = 0.0  # of its middle
    above: list["Place"] = field(default_factory=list)
    below: list["Place"] = field(default_factory=list)

    @property
    def is_box(self) -> bool:
        """Return whether this is a box."""
        return self.name != ""


def import_graph() -> grimp.ImportGraph:
    """Return the imports of all apps, without those that only name types."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    return grimp.build_graph(*APPS, exclude_type_checking_imports=True, cache_dir=None)


def layers() -> dict[str, list[list[str]]]:
    """Return the rows of each app that has an import contract of its own, from the top."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {
        contract["id"]: [
            [name.strip() for name in row.replace(":", "|").split("|")]
            for row in contract["layers"]
        ]
        for contract in contracts["contracts"]
        if contract["id"] in APPS
    }


def parts_edges(graph: grimp.ImportGraph, app: str) -> Edges:
    """Return which parts of `app`, folders and modules beside them, import which."""
    edges: Edges = {}
    for module in sorted(graph.find_descendants(app)):
        part = module.split(".")[1]
        for imported in graph.find_modules_directly_imported_by(module):
            names = imported.split(".")
            if names[0] == app and len(names) > 1 and names[1] != part:
                edges.setdefault(part, set()).add(names[1])
    return edges


def app_edges(graph: grimp.ImportGraph) -> Edges:
    """Return which apps import which."""
    edges: Edges = {app: set() for app in APPS}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            edges[module.split(".")[0]].add(imported.split(".")[0])
    return {app: found - {app} for app, found in edges.items()}


def reduced(edges: Edges) -> Edges:
    """Return `edges` without those that follow from others."""

    def beyond(name: str) -> set[str]:
        found: set[str] = set()
        for following in edges.get(name, ()):
            found |= {following} | beyond(following)
        return found

    return {
        name: {each for each in found if not any(each in beyond(other) for other in found)}
        for name, found in edges.items()
    }


def arrange(rows: list[list[str]], edges: Edges) -> list[list[Place]]:
    """Return a row of places for each row of names, with lanes for arrows that pass rows."""
    level = {name: number for number, row in enumerate(rows) for name in row}
    places = {name: Place(name, len(name) * LETTER + 2 * PADDING) for name in level}
    grid = [[places[name] for name in row] for row in rows]
    for name in level:
        for target in sorted(edges.get(name, set()) & set(level)):
            _join(places[name], places[target], grid[level[name] + 1 : level[target]])
    for row in grid:
        step = (EDGE - NAMES) / (len(row) + 1)
        for number, place in enumerate(row, 1):
            place.x = NAMES + step * number
    for _round in range(ROUNDS):
        for row in grid[1:]:
            row.sort(key=lambda place: _middle(place.above, place))
            _spread(row)
        for row in reversed(grid[:-1]):
            row.sort(key=lambda place: _middle(place.below, place))
            _spread(row)
    _centre(grid)
    return grid


def _join(start: Place, end: Place, passed: list[list[Place]]) -> None:
    """Lead an arrow from `start` to `end`, by a lane in each row that it passes."""
    for row in passed:
        lane = Place("", LANE)
        row.append(lane)
        start.below.append(lane)
        lane.above.append(start)
        start = lane
    start.below.append(end)
    end.above.append(start)


def _middle(neighbours: list[Place], place: Place) -> float:
    return sum(each.x for each in neighbours) / len(neighbours) if neighbours else place.x


def _spread(row: list[Place]) -> None:
    """Put the places of a row side by side, each as near to its neighbours as there is room.

    One pass moves what overlaps to the right, one to the left; the mean of both overlaps nowhere.
    """
    left, right = NAMES + GAP, EDGE - GAP
    wanted = [_middle([*place.above, *place.below], place) for place in row]
    to_right, edge = [], float(left)
    for place, x in zip(row, wanted, strict=True):
        to_right.append(max(x, edge + place.width / 2))
        edge = to_right[-1] + place.width / 2 + GAP
    to_left, edge = [], float(right)
    for place, x in zip(reversed(row), reversed(wanted), strict=True):
        to_left.append(min(x, edge - place.width / 2))
        edge = to_left[-1] - place.width / 2 - GAP
    for place, one, other in zip(row, to_right, reversed(to_left), strict=True):
        place.x = (one + other) / 2


def _centre(grid: list[list[Place]]) -> None:
    """Move all places so that as much room is left beside them on both sides."""
    places = [place for row in grid for place in row]
    start = min(place.x - place.width / 2 for place in places)
    end = max(place.x + place.width / 2 for place in places)
    shift = (NAMES + EDGE - start - end) / 2
    for place in places:
        place.x += shift


def band(top: float, grid: list[list[Place]], folders: set[str], pitch: float) -> Iterator[str]:
    """Yield the boxes and arrows of an app whose band begins at `top`, its rows `pitch` apart."""
    middle = {
        id(place): top + BAND_TOP + BOX / 2 + pitch * n
        for n, row in enumerate(grid)
        for place in row
    }
    for row in grid:
        for place in row:
            if place.is_box:
                yield from _arrows(place, middle)
    for row in grid:
        for place in filter(lambda each: each.is_box, row):
            y = middle[id(place)]
            kind = "folder" if place.name in folders else "module"
            x = place.x - place.width / 2
            yield (
                f'<rect class="{kind}" x="{x:.1f}" y="{y - BOX / 2:.1f}" '
                f'width="{place.width:.1f}" height="{BOX}" rx="4"/>'
            )
            yield _text(place.name, place.x, y + 4.5, anchor="middle")


def _arrows(start: Place, middle: dict[int, float]) -> Iterator[str]:
    """Yield the arrows that begin at a box, each to the box where its lanes end."""
    for number, first in enumerate(start.below):
        place, x = first, _port(start, start.below, number)
        path = [f"M{x:.1f} {middle[id(start)] + BOX / 2:.1f}"]
        y = middle[id(start)] + BOX / 2
        before = start
        while True:
            end = middle[id(place)] - BOX / 2
            target = place.x
            if place.is_box:
                target = _port(place, place.above, place.above.index(before))
                end -= 5
            half = (y + end) / 2
            path.append(f"C{x:.1f} {half:.1f} {target:.1f} {half:.1f} {target:.1f} {end:.1f}")
            if place.is_box:
                break
            y, x = middle[id(place)] + BOX / 2, target
            path.append(f"V{y:.1f}")
            before, place = place, place.below[0]
        yield f'<path class="arrow" d="{"".join(path)}"/>'
        yield f'<path class="head" d="M{target:.1f} {end + 5:.1f}l-3.5 -6.5h7z"/>'


def _port(place: Place, neighbours: list[Place], number: int) -> float:
    """Return where the arrow to or from the neighbour `number` meets the edge of a box."""
    order = sorted(range(len(neighbours)), key=lambda each: (neighbours[each].x, each))
    room = min(place.width - 2 * PADDING, 14.0 * (len(neighbours) - 1))
    step = room / (len(neighbours) - 1) if len(neighbours) > 1 else 0.0
    return place.x - room / 2 + step * order.index(number)


def _text(words: str, x: float, y: float, *, kind: str = "", anchor: str = "start") -> str:
    attributes = f' class="{kind}"' if kind else ""
    return (
        f'<text{attributes} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def wrapped(words: Iterable[str], width: float) -> list[list[str]]:
    """Return `words` in rows whose boxes are at most so wide."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for word in words:
        size = len(word) * LETTER + 2 * PADDING + GAP
        if rows[-1] and used + size > width:
            rows.append([])
            used = 0.0
        rows[-1].append(word)
        used += size
    return rows


def _row(names: list[str]) -> list[Place]:
    """Return boxes side by side from the left, without arrows."""
    row, x = [], float(NAMES + GAP)
    for name in names:
        width = len(name) * LETTER + 2 * PADDING
        row.append(Place(name, width, x + width / 2))
        x += width + GAP
    return row


def draw() -> str:
    """Return the whole map as SVG."""
    graph, contracts = import_graph(), layers()
    between = reduced(app_edges(graph))
    drawn: list[str] = []
    tops: dict[str, tuple[float, float]] = {}
    y = float(MARGIN)
    for app, about in APPS.items():
        parts = {module.split(".")[1] for module in graph.find_descendants(app)} - LEFT_OUT
        folders = {part for part in parts if graph.find_children(f"{app}.{part}")}
        if app in contracts:
            rows = [[name for name in row if name in parts] for row in contracts[app]]
            grid = arrange([row for row in rows if row], reduced(parts_edges(graph, app)))
            pitch = PITCH
        else:
            grid = [_row(row) for row in wrapped(sorted(parts), EDGE - NAMES - 2 * GAP)]
            pitch = CLOSE_PITCH
        height = BAND_TOP + BOX + pitch * (len(grid) - 1) + BAND_BOTTOM
        tops[app] = (y, y + height)
        drawn.append(
            f'<rect class="band" x="{MARGIN}" y="{y:.1f}" width="{EDGE - MARGIN}" '
            f'height="{height:.1f}" rx="8"/>'
        )
        drawn.append(_text(app, MARGIN + 12, y + BAND_TOP + 13, kind="app"))
        drawn += [
            _text(line, MARGIN + 12, y + BAND_TOP + 30 + 15 * number, kind="about")
            for number, line in enumerate(_lines(about))
        ]
        drawn += band(y, grid, folders, pitch)
        y += height + BETWEEN
    drawn += _between(between, tops)
    y += LEGEND - BETWEEN
    drawn.append(_text(LEGEND_TEXT, MARGIN + 12, y - 6, kind="about"))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + MARGIN:.0f}" '
        f'role="img" aria-label="The apps and their folders; arrows lead to what is imported">'
    )
    return "\n".join([head, f"<style>{STYLE}</style>", *drawn, "</svg>"]) + "\n"


def _lines(about: str) -> list[str]:
    """Return a few words in lines that fit beside the boxes."""
    lines = [""]
    for word in about.split():
        if len(lines[-1]) + len(word) > 17:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _between(edges: Edges, tops: dict[str, tuple[float, float]]) -> Iterator[str]:
    """Yield the arrows between bands: to the next one straight, past others along the right."""
    order = list(tops)
    lanes: list[float] = []  # how far down each lane is taken
    for above, app in enumerate(order):
        for below in sorted(order.index(name) for name in edges[app]):
            start, end = tops[app][1], tops[order[below]][0]
            if below == above + 1:
                x = MARGIN + 60
                yield f'<path class="between" d="M{x} {start:.1f}V{end - 7:.1f}"/>'
                yield f'<path class="between-head" d="M{x} {end:.1f}l-6 -10h12z"/>'
                continue
            free = (number for number, taken in enumerate(lanes) if taken < start - SIDE)
            lane = next(free, len(lanes))
            lanes[lane:] = [end + SIDE, *lanes[lane + 1 :]]
            x = EDGE + 12 + lane * SIDE_LANE
            path = f"M{EDGE} {start - SIDE:.1f}H{x}V{end + SIDE:.1f}H{EDGE + 8}"
            yield f'<path class="between" d="{path}"/>'
            yield f'<path class="between-head" d="M{EDGE} {end + SIDE:.1f}l10 -6v12z"/>'


if __name__ == "__main__":
    MAP.write_text(draw())
