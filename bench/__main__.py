"""`make bench`: what our pages and writes cost beside a bare Django view, as ratios of one run."""

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.site import Site
from tests.services import ROOT

from . import pages
from .markup import LENGTH, SLOWEST, BadList, texts_in
from .place import READER, Discussion, cookie, discussions, prepared_site, run_module
from .replies import BATCH
from .table import table
from .weight import weigh

RUNS, SECONDS = 5, 3.0
QUICK_RUNS, QUICK_SECONDS = 2, 1.0
PARTS = ("reads", "writes", "weight", "markup")
TEXTS = ROOT / "tests/data/pathological.json"


@dataclass
class Results:
    """Everything that was measured, for the table and for the file."""

    measured_at: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H-%M-%S"))
    processors: int | None = field(default_factory=os.cpu_count)
    pages: list[dict[str, Any]] = field(default_factory=list)
    queries: dict[str, dict[str, int]] = field(default_factory=dict)
    weights: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list)


def main() -> int:
    """Measure, print, keep; return 1 if a text took too long to render."""
    options = arguments()
    results = Results()
    try:
        with prepared_site() as site:
            measure(site, options, results)
    finally:
        keep(results, options.json)
    return report_slow(results)


def measure(site: Site, options: argparse.Namespace, results: Results) -> None:
    """Measure what `options` ask for, and print each part as it is done."""
    wanted = set(options.only)
    read = discussions(site, "read") if wanted - {"markup"} else []
    if wanted & {"reads", "writes"}:
        measure_pages(site, read, options, results)
    if "reads" in wanted:
        count_queries(site, read, results)
    if "weight" in wanted:
        weigh_pages(site, read, results)
    if "markup" in wanted:
        time_texts(site, options.pathological, results)


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, help=f"how often to measure each ({RUNS})")
    parser.add_argument("--seconds", type=float, help=f"how long to read each time ({SECONDS:g})")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="what to measure")
    parser.add_argument("--json", type=Path, help="where to keep the results")
    parser.add_argument(
        "--pathological", type=Path, nargs="*", default=[], help="more files of hard texts"
    )
    options = parser.parse_args()
    options.runs = options.runs or (QUICK_RUNS if options.quick else RUNS)
    options.seconds = options.seconds or (QUICK_SECONDS if options.quick else SECONDS)
    if options.runs < 1 or options.seconds <= 0:
        parser.error("--runs and --seconds must be above 0")
    try:
        for path in options.pathological:
            texts_in(path)
    except BadList as problem:
        parser.error(str(problem))
    return options


def measure_pages(
    site: Site, read: list[Discussion], options: argparse.Namespace, results: Results
) -> None:
    """Measure pages and replies beside the bare view, and print them."""
    results.pages = pages.measure(
        site,
        read,
        options.runs,
        options.seconds,
        reads="reads" in options.only,
        writes="writes" in options.only,
    )
    print(
        f"\nPages and writes on {results.processors} processors, SQLite; medians of "
        f"{options.runs} runs of {options.seconds:g} s, of {BATCH} replies\n"
    )
    print(pages.page_table(results.pages))
    growth = ", ".join(f"{what} {by:.2f}" for what, by in pages.growth(results.pages).items())
    print(f"\nCPU ms at the larger size, times the smaller: {growth}")
    print("Client: our own cost of a request. Others: processors that other programs kept busy.")
    if "writes" in options.only:
        print("Every reply that was answered is kept, and check_integrity finds no fault.")


def count_queries(site: Site, read: list[Discussion], results: Results) -> None:
    """Count the queries of each page at each size."""
    paths = [each.path for each in read]
    results.queries = json.loads(run_module("bench.queries", paths, site))
    rows = [
        (what, *(results.queries[path][what] for path in paths))
        for what in results.queries[paths[0]]
    ]
    print("\nQueries\n")
    print(table(("what", *(f"{each.size:,} comments" for each in read)), rows))


def weigh_pages(site: Site, read: list[Discussion], results: Results) -> None:
    """Weigh a first visit, in public and signed in, to each discussion."""
    people = {"public page": {}, "signed-in page": cookie(site, READER)}
    results.weights = {
        f"{what}, {each.size:,}": weigh(f"{site.url}{each.path}", headers)
        for each in read
        for what, headers in people.items()
    }
    print("\nBytes of a first visit, each file by gzip -6, as a proxy may send it; fonts as is\n")
    rows = [
        (what, *(f"{n:,}" for n in weights.values()), f"{total_weight(weights):,}")
        for what, weights in results.weights.items()
    ]
    print(table(("what, comments", "html", "css", "js", "fonts", "without fonts"), rows))


def total_weight(weights: dict[str, int]) -> int:
    """Return the bytes of all but the typefaces."""
    return sum(weights.values()) - weights["fonts"]


def time_texts(site: Site, more: list[Path], results: Results) -> None:
    """Time the hardest texts, and print all, the slowest first."""
    files = [str(path.resolve()) for path in [TEXTS, *more]]
    results.texts = json.loads(run_module("bench.markup", files, site))
    refused = sum(bool(text["refused"]) for text in results.texts)
    print(
        f"\nHard Markdown of {LENGTH:,} characters: {len(results.texts)} renders, "
        f"{refused} refused, {len(slow_texts(results))} above {SLOWEST} ms\n"
    )
    slowest_first = sorted(results.texts, key=lambda text: -text["milliseconds"])
    rows = [
        (
            text["name"][:60],
            text["profile"],
            f"{text['milliseconds']:.0f}",
            f"refused: {text['refused']}" if text["refused"] else "rendered",
            "TOO SLOW" if text["milliseconds"] > SLOWEST else "",
        )
        for text in slowest_first
    ]
    print(table(("text", "profile", "ms", "outcome", ""), rows))


def slow_texts(results: Results) -> list[dict[str, Any]]:
    """Return the texts that took too long."""
    return [text for text in results.texts if text["milliseconds"] > SLOWEST]


def report_slow(results: Results) -> int:
    """Say on stderr which texts took too long; return the exit code that this means."""
    for text in slow_texts(results):
        print(
            f"bench: {text['name']} ({text['profile']}) took {text['milliseconds']:.0f} ms, "
            f"above {SLOWEST}",
            file=sys.stderr,
        )
    return 1 if slow_texts(results) else 0


def keep(results: Results, path: Path | None) -> None:
    """Write what there is to `path`, by default a new file among those of earlier runs."""
    if not (results.pages or results.weights or results.texts):
        return
    folder = Path(os.environ.get("DATA_DIR") or "var") / "bench"
    path = path or folder / f"{results.measured_at}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vars(results), indent=1))
    print(f"\nKept in {path}")


if __name__ == "__main__":
    sys.exit(main())
