"""Run `make bench`: compare pages and writes with their limits, as ratios within one run."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .browser import interaction, paint
from .harness.site import (
    READER,
    MeasuredDiscussion,
    MeasuredSite,
    cookie,
    fill,
    prepared_site,
    run_for_json,
    run_module,
)
from .harness.usage import processes
from .limits.running import PUBLIC, SIGNED_IN
from .markdown import hard_texts
from .options import arguments
from .pages import growth as growing
from .pages import measure as page_costs
from .pages import memory, profiling
from .pages.kinds import KINDS, REPLY
from .pages.weight import view, weigh
from .report import chart, goals, history, summary
from .report.ratios import Row, compared, growth
from .report.results import Results
from .report.summary import say


def main() -> int:
    """Measure, print and store; return 1 for a slow text, or on request for a worse figure."""
    options = arguments()
    results = Results.of_kind(
        database=options.database,
        sizes=list(options.sizes),
        seconds=options.seconds,
        site=options.site,
    )
    try:
        with prepared_site(options.database) as place:
            measure(place, options, results)
    finally:
        conclude(results, options)
    return 1 if is_slow(results) or (options.fail_if_worse and results.worse) else 0


def measure(place: MeasuredSite, options: argparse.Namespace, results: Results) -> None:
    """Measure the parts that `options` name, and print each as soon as it is done."""
    wanted = set(options.only)
    read: list[MeasuredDiscussion] = []
    if wanted - {"markup"}:
        say(f"Filling discussions of {', '.join(f'{size:,}' for size in options.sizes)} comments …")
        read = fill(
            place.site, [MeasuredDiscussion(size, f"bench-{size}") for size in options.sizes]
        )
    if "memory" in wanted:
        results.memory = memory.measure(place, read)
        results.processes = processes(place.site.pid)
        summary.memory(results.memory, results.processes)
    if "weight" in wanted:
        weigh_pages(place, read, results)
    if "paint" in wanted:
        results.paints = paint.measure(place.site, read[0])
        summary.paints(results.paints)
    if "browser" in wanted:
        results.interaction = interaction.measure(place.site, read[0])
        summary.interaction(results.interaction)
    if "reads" in wanted:
        results.queries = run_for_json(
            "bench.pages.queries", [each.slug for each in read], place.site
        )
        summary.queries(results.queries)
    if "markup" in wanted:
        time_texts(place, options.pathological, results)
    if wanted & {"reads", "writes"}:
        measure_pages(place, read, options, results)
        explain_times(place, read[-1], results)


def measure_pages(
    place: MeasuredSite,
    read: list[MeasuredDiscussion],
    options: argparse.Namespace,
    results: Results,
) -> None:
    """Measure pages and replies beside their limits, and print them."""
    results.pages = compared(measured(place, read, options))
    results.growth = growth(results.pages)
    summary.pages(results, options)
    if len(read) > 1:
        results.size_growth = growing.with_size(place, read)
        summary.grown(f"from {read[0].size:,} to {read[-1].size:,} comments", results.size_growth)
    if options.site:
        say(f"\nFilling a site up to {options.site:,} comments …")
        smallest = MeasuredDiscussion(read[0].size, f"{read[0].slug}-of-site")
        results.site_growth = growing.with_site(place, options.database, smallest, options.site)
        sites = f"from a site of {growing.SMALL_SITE:,} comments to one of {options.site:,}"
        summary.grown(sites, results.site_growth)
    if options.profile:
        print_profile(place, results.pages)


def measured(
    place: MeasuredSite, read: list[MeasuredDiscussion], options: argparse.Namespace
) -> list[Any]:
    """Return all targets that `options` name, measured."""
    wanted = {"reads": "reads" in options.only, "writes": "writes" in options.only}
    return page_costs.measure(place, read, options.runs, options.seconds, **wanted)


def print_profile(place: MeasuredSite, rows: list[Row]) -> None:
    """Profile the slowest request to the site, and print where its time goes."""
    row = profiling.slowest(rows)
    if row:
        say(f"\nProfile of “{row['what']}” at {row['comments']:,} comments, {row['path']}\n")
        arguments = [profiling.kind_of(row), row["path"]]
        say(run_module("bench.pages.profiling", arguments, place.site, RATE_READER="1000/1"))


def explain_times(place: MeasuredSite, discussion: MeasuredDiscussion, results: Results) -> None:
    """Print where the time of a request goes, for each goal about time that is missed."""
    missed = {each.goal.time_of for each in goals.verdicts(vars(results)) if not each.met}
    for kind in filter(missed.__contains__, KINDS):
        path = f"{discussion.path}answer/" if kind == REPLY else discussion.path
        say(f"\nWhere the time of one request goes: {kind}, {path}\n")
        say(run_module("bench.pages.shares", [kind, path], place.site, RATE_READER="1000/1"))


def weigh_pages(place: MeasuredSite, read: list[MeasuredDiscussion], results: Results) -> None:
    """Measure the bytes of a first view and of a first visit, public and signed in."""
    site = place.site
    results.views = {f"{each.size}": view(site.url, each.path) for each in read}
    summary.views(results.views)
    people = {PUBLIC: {}, SIGNED_IN: cookie(site, READER)}
    results.weights = {
        f"{what}, {each.size:,}": weigh(f"{site.url}{each.path}", headers)
        for each in read
        for what, headers in people.items()
    }
    summary.weights(results.weights)


def time_texts(place: MeasuredSite, more: list[Path], results: Results) -> None:
    """Time the pathological texts, and print all, the slowest first."""
    files = [str(path.resolve()) for path in [hard_texts.TEXTS, *more]]
    results.texts = json.loads(run_module("bench.markdown.hard_texts", files, place.site))
    say(hard_texts.report(results.texts))


def conclude(results: Results, options: argparse.Namespace) -> None:
    """Print the goals and what got worse, draw the chart, and store all results."""
    measured_any = (results.pages, results.weights, results.texts, results.memory)
    if not any((*measured_any, results.paints, results.interaction)):
        return
    found = goals.verdicts(vars(results))
    results.goals = [each.stored() for each in found]
    if found:
        say("\nGoals\n")
        say(goals.goal_table(found))
    before = history.last_of_its_kind(vars(results), history.folder())
    if before:
        results.worse = [str(each) for each in history.worse(vars(results), before)]
        since = f"since the run of {before['measured_at']}"
        say("\n".join([f"\nWorse {since}: {len(results.worse)}", *results.worse]))
    if options.svg:
        title = f"Counterpoint beside its limits, {options.database}, up to {max(options.sizes):,}"
        options.svg.write_text(chart.picture(results.goals, f"{title} comments"))
    path = options.json or history.folder() / f"{results.measured_at}.json"
    history.keep(vars(results), path)
    say(f"\nKept in {path}")


def is_slow(results: Results) -> bool:
    """Name on stderr the texts that took too long; return whether there is one."""
    slow = hard_texts.slow_texts(results.texts)
    for text in slow:
        print(
            f"bench: {text['name']} ({text['profile']}) took {text['milliseconds']:.0f} ms, "
            f"above {hard_texts.SLOWEST}",
            file=sys.stderr,
        )
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
