"""`make bench`: what our pages and writes cost beside a bare Django view, as ratios of one run."""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.site import Site, real_environment
from tests.services import ROOT

from .load import Request, Target
from .place import (
    READER,
    Discussion,
    bare_site,
    cookie,
    prepared_site,
    public_page,
    reading,
    replying,
)
from .table import table
from .weight import weigh

RUNS = 5
SECONDS = 3.0
WARM_UP = 1.0
SLOWEST_TEXT = 250  # milliseconds for 10,000 characters
TEXTS = ROOT / "tests/data/pathological.json"


@dataclass
class Results:
    """Everything that was measured, for the table and for the file."""

    measured_at: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H-%M-%S"))
    pages: list[dict[str, Any]] = field(default_factory=list)
    queries: dict[str, dict[str, int]] = field(default_factory=dict)
    weights: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list)


def main() -> int:
    """Measure, print, keep; return 1 if a text took too long to render."""
    options = arguments()
    results = Results()
    with prepared_site() as (site, discussions):
        measure_pages(site, discussions, options, results)
        count_queries(site, discussions, results)
        weigh_pages(site, discussions, results)
        time_texts(site, options.pathological, results)
    keep(results, options.json)
    return 1 if slow_texts(results) else 0


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="how often to measure each")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each time")
    parser.add_argument("--json", type=Path, help="where to keep the results")
    parser.add_argument(
        "--pathological", type=Path, nargs="*", default=[], help="more files of hard texts"
    )
    return parser.parse_args()


def measure_pages(
    site: Site, discussions: list[Discussion], options: argparse.Namespace, results: Results
) -> None:
    """Measure every target in turn, several times over, and print them beside the bare view."""
    pages = {f"page-{each.size}": public_page(site, each) for each in discussions}
    with bare_site(site, pages) as (url, pid):
        groups = [
            [
                Target("bare view (D)", each.size, url, pid, Request(f"/page-{each.size}")),
                reading(site, each),
                reading(site, each, READER),
                replying(site, each),
            ]
            for each in discussions
        ]
        targets = [target for group in groups for target in group]
        for target in targets:
            target.measure(WARM_UP)
            target.rates.clear()
            target.costs.clear()
        for _run in range(options.runs):
            for target in targets:
                target.measure(options.seconds)
    results.pages = [row for bare, *others in groups for row in compared(bare, others)]
    print(f"\nPages and writes, medians of {options.runs} runs of {options.seconds:g} s\n")
    print(page_table(results.pages))


def compared(bare: Target, others: list[Target]) -> list[dict[str, Any]]:
    """Return rates and costs, each also as a ratio to the bare view's."""
    return [
        {
            "what": each.name,
            "comments": each.size,
            "rate": each.rate,
            "rate to D": each.rate / bare.rate,
            "cost": each.cost,
            "cost to D": each.cost / bare.cost,
            "spread": each.spread,
        }
        for each in [bare, *others]
    ]


def page_table(rows: list[dict[str, Any]]) -> str:
    """Return the table of pages and writes."""
    head = ("what", "comments", "requests/s", "of D", "CPU ms", "times D", "spread")
    return table(
        head,
        [
            (
                row["what"],
                f"{row['comments']:,}",
                f"{row['rate']:,.0f}",
                f"{row['rate to D']:.3f}",
                f"{row['cost']:.2f}",
                f"{row['cost to D']:.1f}",
                f"±{row['spread'] / 2:.0%}",
            )
            for row in rows
        ],
    )


def count_queries(site: Site, discussions: list[Discussion], results: Results) -> None:
    """Count the queries of each page at each size."""
    paths = [each.path for each in discussions]
    results.queries = json.loads(run_module("bench.queries", paths, site))
    rows = [
        (what, *(results.queries[path][what] for path in paths))
        for what in results.queries[paths[0]]
    ]
    print("\nQueries\n")
    print(table(("what", *(f"{each.size:,} comments" for each in discussions)), rows))


def weigh_pages(site: Site, discussions: list[Discussion], results: Results) -> None:
    """Weigh a first visit, in public and signed in, to the smallest discussion."""
    address = f"{site.url}{discussions[0].path}"
    results.weights = {
        "public page": weigh(address, {}),
        "signed-in page": weigh(address, cookie(site, READER)),
    }
    print("\nBytes of a first visit, each file by gzip -6\n")
    rows = [
        (what, *(f"{n:,}" for n in weights.values()), f"{total_weight(weights):,}")
        for what, weights in results.weights.items()
    ]
    print(table(("what", "html", "css", "js", "fonts", "without fonts"), rows))


def total_weight(weights: dict[str, int]) -> int:
    """Return the bytes of all but the typefaces."""
    return sum(weights.values()) - weights["fonts"]


def time_texts(site: Site, more: list[Path], results: Results) -> None:
    """Time the hardest texts, and print the slowest."""
    files = [str(path.resolve()) for path in [TEXTS, *more]]
    results.texts = json.loads(run_module("bench.markup", files, site))
    slowest = sorted(results.texts, key=lambda text: -text["milliseconds"])[:10]
    refused = sum(bool(text["refused"]) for text in results.texts)
    print(
        f"\nHard Markdown of 10,000 characters: {len(results.texts)} renders, {refused} refused, "
        f"{len(slow_texts(results))} above {SLOWEST_TEXT} ms; the slowest\n"
    )
    rows = [
        (t["name"][:50], t["profile"], f"{t['milliseconds']:.0f}", t["refused"] or "rendered")
        for t in slowest
    ]
    print(table(("text", "profile", "ms", "outcome"), rows))


def slow_texts(results: Results) -> list[dict[str, Any]]:
    """Return the texts that took too long."""
    return [text for text in results.texts if text["milliseconds"] > SLOWEST_TEXT]


def run_module(module: str, arguments: list[str], site: Site) -> str:
    """Run a module on the data of `site` in a process of its own; return what it printed."""
    environment = real_environment(site.folder, site.url) | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    done.check_returncode()
    return done.stdout


def keep(results: Results, path: Path | None) -> None:
    """Write the results to `path`, by default a new file among those of earlier runs."""
    folder = Path(os.environ.get("DATA_DIR") or "var") / "bench"
    path = path or folder / f"{results.measured_at}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vars(results), indent=1))
    print(f"\nKept in {path}")


if __name__ == "__main__":
    sys.exit(main())
