"""`make bench`: what our pages and writes cost beside their limits, as ratios of one run."""

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import markup, memory, pages
from .load import CONNECTIONS, WRITERS
from .options import arguments
from .place import READER, Discussion, Place, cookie, fill, prepared_place, run_module, told_by
from .ratios import compared, growth, page_table
from .table import table
from .weight import view, weigh


@dataclass
class Results:
    """Everything that was measured, for the tables and for the file."""

    measured_at: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H-%M-%S"))
    processors: int | None = field(default_factory=os.cpu_count)
    kind: dict[str, Any] = field(default_factory=dict)
    pages: list[dict[str, Any]] = field(default_factory=list)
    growth: dict[str, dict[str, float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    queries: dict[str, dict[str, int]] = field(default_factory=dict)
    views: dict[str, dict[str, int]] = field(default_factory=dict)
    weights: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list)


def main() -> int:
    """Measure, print, keep; return 1 if a text took too long to render."""
    options = arguments()
    results = Results()
    results.kind = {"database": options.database, "sizes": list(options.sizes)}
    try:
        with prepared_place(options.database) as place:
            measure(place, options, results)
    finally:
        keep(results, options.json)
    return report_slow(results)


def measure(place: Place, options: argparse.Namespace, results: Results) -> None:
    """Measure what `options` ask for, and print each part as it is done."""
    wanted = set(options.only)
    read: list[Discussion] = []
    if wanted - {"markup"}:
        read = [Discussion(size, f"bench-{size}") for size in options.sizes]
        say(f"Filling discussions of {', '.join(f'{size:,}' for size in options.sizes)} comments …")
        fill(place.site, read)
    if "memory" in wanted:
        measure_memory(place, read, results)
    if "weight" in wanted:
        weigh_pages(place, read, results)
    if wanted & {"reads", "writes"}:
        measure_pages(place, read, options, results)
    if "reads" in wanted:
        count_queries(place, read, results)
    if "markup" in wanted:
        time_texts(place, options.pathological, results)


def say(text: str) -> None:
    """Print at once, since the next part takes its time."""
    print(text, flush=True)


def measure_memory(place: Place, read: list[Discussion], results: Results) -> None:
    """Measure the memory of the workers before and after the largest discussion."""
    results.memory = memory.measure(place, read)
    say("\nMemory of both workers and their parent\n")
    say(table(("what", "MB", "x bare"), memory.table_rows(results.memory)))


def measure_pages(
    place: Place, read: list[Discussion], options: argparse.Namespace, results: Results
) -> None:
    """Measure pages and replies beside their limits, and print them."""
    wanted = {"reads": "reads" in options.only, "writes": "writes" in options.only}
    targets = pages.measure(place, read, options.runs, options.seconds, **wanted)
    results.pages = compared(targets)
    results.growth = growth(results.pages)
    say(
        f"\nPages and writes on {results.processors} processors, {options.database}; medians of "
        f"{options.runs} runs: {options.seconds:g} s over {CONNECTIONS} connections, or a batch "
        f"over {WRITERS}\n"
    )
    say(page_table(results.pages))
    say("\nGrowth of CPU from the smallest size to the largest\n")
    rows = [
        (name, f"{by['ratio']:.2f}", f"{by['exponent']:+.3f}")
        for name, by in results.growth.items()
    ]
    say(table(("what", "times", "exponent"), rows))
    say("Client: our own cost of a request. Others: processors that other programs kept busy.")
    say("Every reply that was answered is kept, and check_integrity finds no fault.")


def count_queries(place: Place, read: list[Discussion], results: Results) -> None:
    """Count the queries of each page at each size."""
    results.queries = told_by("bench.queries", [each.slug for each in read], place.site)
    rows = [
        (what, *(results.queries[each.slug][what] for each in read))
        for what in results.queries[read[0].slug]
    ]
    say("\nQueries of a page built afresh\n")
    say(table(("what", *(f"{each.size:,} comments" for each in read)), rows))


def weigh_pages(place: Place, read: list[Discussion], results: Results) -> None:
    """Weigh the HTML, and a first visit, in public and signed in, to each discussion."""
    site = place.site
    results.views = {f"{each.size}": view(site.url, each.path) for each in read}
    say("\nBytes of the first view\n")
    lines = [
        (
            size,
            f"{of['html']:,}",
            of["shown"],
            f"{of['html'] / of['shown']:,.0f}",
            f"{of['wire']:,}",
        )
        for size, of in results.views.items()
    ]
    say(table(("comments", "html", "shown", "a comment shown", "as sent"), lines))
    people = {"public page": {}, "signed-in page": cookie(site, READER)}
    results.weights = {
        f"{what}, {each.size:,}": weigh(f"{site.url}{each.path}", headers)
        for each in read
        for what, headers in people.items()
    }
    say("\nBytes of a first visit, each file by gzip -6, as a proxy may send it; fonts as is\n")
    rows = [
        (what, *(f"{n:,}" for n in weights.values()), f"{total_weight(weights):,}")
        for what, weights in results.weights.items()
    ]
    say(table(("what, comments", "html", "css", "js", "fonts", "without fonts"), rows))


def total_weight(weights: dict[str, int]) -> int:
    """Return the bytes of all but the typefaces."""
    return sum(weights.values()) - weights["fonts"]


def time_texts(place: Place, more: list[Path], results: Results) -> None:
    """Time the hardest texts, and print all, the slowest first."""
    files = [str(path.resolve()) for path in [markup.TEXTS, *more]]
    results.texts = json.loads(run_module("bench.markup", files, place.site))
    say(markup.report(results.texts))


def report_slow(results: Results) -> int:
    """Say on stderr which texts took too long; return the exit code that this means."""
    slow = markup.slow_texts(results.texts)
    for text in slow:
        print(
            f"bench: {text['name']} ({text['profile']}) took {text['milliseconds']:.0f} ms, "
            f"above {markup.SLOWEST}",
            file=sys.stderr,
        )
    return 1 if slow else 0


def keep(results: Results, path: Path | None) -> None:
    """Write what there is to `path`, by default a new file among those of earlier runs."""
    if not (results.pages or results.weights or results.texts):
        return
    folder = Path(os.environ.get("DATA_DIR") or "var") / "bench"
    path = path or folder / f"{results.measured_at}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vars(results), indent=1))
    say(f"\nKept in {path}")


if __name__ == "__main__":
    sys.exit(main())
