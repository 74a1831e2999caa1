"""Pages and replies beside the bare view: measured in turn, reported as ratios of one run."""

import itertools
from operator import itemgetter
from typing import Any

from tests.browser.site import Site

from .load import Request, Target, spread
from .place import READER, Discussion, bare_site, discussions, public_page, reading
from .replies import Writers, check_kept, replying
from .table import table

WARM_UP = 1.0  # seconds
BARE = "bare view (D)"


def measure(
    site: Site, read: list[Discussion], runs: int, seconds: float, *, reads: bool, writes: bool
) -> list[dict[str, Any]]:
    """Return the figures of every target at every size, measured in turn `runs` times over.

    Replies go to discussions of their own, so that those which are `read` keep their size.
    """
    written = discussions(site, "reply") if writes else []
    pages = {f"page-{each.size}": public_page(site, each) for each in read}
    with bare_site(site, pages) as (url, pid):
        bare = [Target(BARE, each.size, url, pid, Request(f"/page-{each.size}")) for each in read]
        public = [reading(site, each) for each in read] if reads else []
        signed_in = [reading(site, each, READER) for each in read] if reads else []
        writers = Writers(site, written, runs) if writes else None
        replies = [replying(site, each, writers) for each in written] if writers else []
        columns = [bare, *filter(None, (public, signed_in, replies))]
        groups = [list(group) for group in zip(*columns, strict=True)]
        _take_turns([target for group in groups for target in group], runs, seconds)
    for discussion, target in zip(written, replies, strict=True):
        check_kept(site, discussion, target)
    if written:
        site.manage("check_integrity")
    return [row for first, *others in groups for row in compared(first, others)]


def _take_turns(targets: list[Target], runs: int, seconds: float) -> None:
    for target in targets:
        target.warm_up(WARM_UP)
    for _run in range(runs):
        for target in targets:
            target.measure(seconds)


def compared(bare: Target, others: list[Target]) -> list[dict[str, Any]]:
    """Return rates and costs, each also as a ratio to the bare view's."""
    return [
        {
            "what": each.name,
            "comments": each.size,
            "rate": each.rate,
            "rate to D": each.rate / bare.rate,
            "rate spread": spread(each.rates),
            "cost": each.cost,
            "cost to D": each.cost / bare.cost,
            "cost spread": spread(each.costs),
            "client cost": each.client_cost,
            "others": each.disturbance,
            "rates": each.rates,
            "costs": each.costs,
        }
        for each in [bare, *others]
    ]


def page_table(rows: list[dict[str, Any]]) -> str:
    """Return the table of pages and replies."""
    head = (
        "what",
        "comments",
        "requests/s",
        "",
        "of D",
        "CPU ms",
        "",
        "times D",
        "client ms",
        "others",
    )
    return table(
        head,
        [
            (
                row["what"],
                f"{row['comments']:,}",
                f"{row['rate']:,.0f}",
                f"±{row['rate spread']:.0%}",
                f"{row['rate to D']:.4f}",
                f"{row['cost']:.2f}",
                f"±{row['cost spread']:.0%}",
                f"{row['cost to D']:.1f}",
                f"{row['client cost']:.2f}",
                f"{row['others']:.2f}",
            )
            for row in rows
        ],
    )


def growth(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return how many times the processor time of each grows from its smallest to its largest."""
    by_name = itemgetter("what")
    groups = itertools.groupby(sorted(rows, key=by_name), by_name)
    sizes = {name: sorted(group, key=lambda row: row["comments"]) for name, group in groups}
    return {name: group[-1]["cost"] / group[0]["cost"] for name, group in sizes.items()}
