"""Compute ratios of figures: to each target's limit, and from the smallest size to the largest."""

import math
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..harness.load import Target, spread
from ..limits.running import BARE, UNCACHED
from ..pages.measure import ONE_BY_ONE
from ..pages.rebuilt import AFRESH, AT_ONCE
from .table import table

Row = dict[str, Any]


def compared(targets: list[Target]) -> list[Row]:
    """Return a row for each target: its medians, and their ratios to its limit, to D and to P."""
    found = {(each.name, each.size): each for each in targets}
    return [row(each, found) for each in targets]


def row(target: Target, found: dict[tuple[str, int], Target]) -> Row:
    """Return the row of one target; `found` has all targets by name and size."""
    figures = target.medians()
    mode = way_of_asking(target.name)
    limit = nearest(found, target.limit or f"{BARE}{mode}", target.size)
    ratios = {
        "limit": limit,
        "D": nearest(found, f"{BARE}{mode}", target.size),
        "P": nearest(found, f"{UNCACHED}{mode}", target.size),
    }
    return {
        "what": target.name,
        "comments": target.size,
        "path": target.request.path,
        **figures,
        **{
            f"{figure} to {name}": figures[figure] / other.medians()[figure]
            for name, other in ratios.items()
            if other
            for figure in ("rate", "cost")
            if other.medians()[figure]
        },
        "limit spread": spread(limit.all("cost")) if limit else 0,
        "rate spread": spread(target.all("rate")),
        "cost spread": spread(target.all("cost")) if figures["cost"] else 0,
        "runs": {name: target.all(name) for name in ("rate", "cost", "p50", "p99")},
    }


def way_of_asking(name: str) -> str:
    """Return the suffix of the limits that are requested in the same way as the target `name`."""
    if name.startswith("afresh") or name.endswith(ONE_BY_ONE):
        return ONE_BY_ONE
    return AT_ONCE if name == AFRESH or name.endswith(AT_ONCE) else ""


def nearest(found: dict[tuple[str, int], Target], name: str, size: int) -> Target | None:
    """Return the target `name` of the size nearest to `size`, or None."""
    sizes = [other for what, other in found if what == name]
    return found[name, min(sizes, key=lambda other: abs(other - size))] if sizes else None


def growth(rows: list[Row]) -> dict[str, dict[str, float]]:
    """Return how the processor time of each page grows: largest to smallest, and the exponent."""
    by_name = itemgetter("what")
    groups = groupby(sorted(rows, key=lambda each: (each["what"], each["comments"])), by_name)
    sizes = {name: [each for each in group if each["cost"]] for name, group in groups}
    return {
        name: {
            "ratio": group[-1]["cost"] / group[0]["cost"],
            "exponent": exponent([(each["comments"], each["cost"]) for each in group]),
        }
        for name, group in sizes.items()
        if len(group) > 1
    }


def exponent(points: list[tuple[float, float]]) -> float:
    """Return the exponent of the power law that best fits `points` of size and cost."""
    logs = [(math.log(size), math.log(cost)) for size, cost in points]
    mean_x = sum(x for x, _y in logs) / len(logs)
    mean_y = sum(y for _x, y in logs) / len(logs)
    across = sum((x - mean_x) ** 2 for x, _y in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / across


def page_table(rows: list[Row]) -> str:
    """Return the table of everything that was measured."""
    head = ("what", "comments", "req/s", "±", "of D", "CPU ms", "±", "x D", "x P", "p50", "p99")
    lines = [
        (
            each["what"],
            f"{each['comments']:,}" if each["comments"] else "",
            f"{each['rate']:,.0f}",
            f"{each['rate spread']:.0%}",
            number(each, "rate to D", 3),
            f"{each['cost']:.2f}" if each["cost"] else "",
            f"{each['cost spread']:.0%}" if each["cost"] else "",
            number(each, "cost to D", 2),
            number(each, "cost to P", 2),
            f"{each['p50']:.1f}",
            f"{each['p99']:.1f}",
        )
        for each in rows
    ]
    return table(
        (*head, "client", "others"),
        [
            (*line, f"{each['client_cost']:.2f}", f"{each['others']:.2f}")
            for line, each in zip(lines, rows, strict=True)
        ],
    )


def number(each: Row, name: str, digits: int) -> str:
    """Return a figure as text, empty where it was not measured."""
    return f"{each[name]:.{digits}f}" if name in each and each["cost"] else ""
