"""Draw the verdicts as an SVG chart: one bar for each goal, as long as the figure is off it.

The line in the middle is the goal. Bars that end left of it are met and filled, others are hatched,
so that the chart needs no colour, on paper and in both themes.
"""

import math
from typing import Any
from xml.sax.saxutils import escape

WIDTH, ROW, TOP = 900, 26, 70  # pixels: of the chart, of a bar's row, above the bars
NAMES, SCALE = 350, 380  # pixels for the names, and for the bars
DECADES = (-1.0, 2.0)  # powers of ten: the scale goes from a tenth of the goal to 100 times it
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #222 }
.small { font-size: 11px }
.met { fill: #333 }
.missed { fill: url(#hatch); stroke: #333 }
.line { stroke: #888; stroke-dasharray: 2 4 }
.goal { stroke: #000; stroke-width: 2 }
"""
HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
    '<line x1="0" y1="0" x2="0" y2="6" stroke="#333" stroke-width="3"/></pattern>'
)


def picture(verdicts: list[dict[str, Any]], title: str) -> str:
    """Return an SVG of `verdicts`, as `goals.GoalVerdict.stored` returns them, under a `title`."""
    height = TOP + ROW * len(verdicts) + 20
    summary = f"{sum(each['met'] for each in verdicts)} of {len(verdicts)} goals met"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-label="{escape(title)}: {summary}">',
            f"<style>{STYLE}</style><defs>{HATCH}</defs>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            f'<text x="12" y="24">{escape(title)}; {summary}</text>',
            *_scale(height),
            *(_bar(each, TOP + ROW * place) for place, each in enumerate(verdicts)),
            "</svg>",
            "",
        ]
    )


def position(shortfall: float) -> float:
    """Return the pixels from the left at which a bar `shortfall` times the goal ends."""
    low, high = DECADES
    power = math.log10(shortfall) if shortfall > 0 else low
    return NAMES + SCALE * (min(max(power, low), high) - low) / (high - low)


def _scale(height: int) -> list[str]:
    lines = []
    for power in range(int(DECADES[0]), int(DECADES[1]) + 1):
        x = position(10.0**power)
        kind, name = ("goal", "goal") if power == 0 else ("line", f"{10.0**power:g} x goal")
        lines.append(f'<line class="{kind}" x1="{x:.0f}" y1="56" x2="{x:.0f}" y2="{height - 14}"/>')
        lines.append(f'<text class="small" x="{x:.0f}" y="50" text-anchor="middle">{name}</text>')
    return lines


def _bar(verdict: dict[str, Any], y: int) -> str:
    kind = "met" if verdict["met"] else "missed"
    sign = "≥" if verdict["at least"] else "≤"
    name = escape(f"{verdict['what']}: {verdict['measure']}")
    end = position(verdict["shortfall"])
    figure = verdict["figure"]
    written = f"{figure:.3g}" if figure < 1_000 else f"{figure:,.0f}"
    said = f"{written} ({sign} {verdict['goal']:,g})"
    return (
        f'<text x="12" y="{y + 14}">{name}</text>'
        f'<rect class="{kind}" x="{NAMES}" y="{y + 3}" width="{end - NAMES:.1f}" height="14"/>'
        f'<text x="{NAMES + SCALE + 12}" y="{y + 14}">{escape(said)}</text>'
    )
