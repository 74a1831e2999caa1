"""Print results as text."""

import argparse
from typing import Any

from ..browser.interaction import FEW, MANY
from ..harness.load import CONNECTIONS, WRITERS
from . import ratios
from .results import Results
from .table import table


def say(text: str) -> None:
    """Print `text` without buffering, since the next measurement may take minutes."""
    print(text, flush=True)


def pages(results: Results, options: argparse.Namespace) -> None:
    """Print what pages and replies cost compared with their limits, and how costs grow."""
    say(
        f"\nPages and writes on {results.kind['processors']} processors, {options.database}; "
        f"medians of {options.runs} runs: {options.seconds:g} s over {CONNECTIONS} connections, "
        f"or a batch over {WRITERS}\n"
    )
    say(ratios.page_table(results.pages))
    say(
        "\nclient: CPU ms of the client for a request. others: processors busy with other programs."
    )
    say("Every acknowledged reply is stored, and check_integrity finds no fault.")
    rows = [
        (name, f"{by['ratio']:.2f}", f"{by['exponent']:+.3f}")
        for name, by in results.growth.items()
    ]
    if rows:
        say("\nCPU from the smallest size to the largest\n")
        say(table(("what", "times", "exponent"), rows))


def grown(how: str, rows: list[dict[str, Any]]) -> None:
    """Print how costs grow, measured in turn; `how` names the two sizes."""
    lines = [
        (
            each["what"],
            f"{each['small']:.2f}",
            f"{each['large']:.2f}",
            f"{each['ratio']:.3f}",
            f"{each['low']:.2f} to {each['high']:.2f}",
            f"{each['exponent']:+.3f}",
        )
        for each in rows
    ]
    say(f"\nCPU ms {how}, measured in turn\n")
    say(table(("what", "small", "large", "times", "half of the pairs", "exponent"), lines))


def memory(figures: dict[str, float], processes: list[dict[str, float]]) -> None:
    """Print megabytes, their ratios to the bare view's, and those of each of `processes`."""
    bare = figures["bare view"]
    rows = [(what, f"{mb:.1f}", f"{mb / bare:.2f}") for what, mb in figures.items()]
    say("\nMemory of both workers and their parent\n")
    say(table(("what", "MB", "x bare"), rows))
    lines = [
        ("parent" if number == 0 else f"worker {number}", *(f"{mb:.1f}" for mb in each.values()))
        for number, each in enumerate(processes)
    ]
    say("\nIn the end: MB that a process has alone, maps beside others, and counts in the sum\n")
    say(table(("process", "alone", "shared", "counted"), lines))


def paints(rows: list[dict[str, Any]]) -> None:
    """Print the times of pages' paints, and the requests and bytes they load."""
    seconds = ("first paint", "first content", "largest content")
    lines = [
        (
            row["what"],
            row["visit"],
            *(f"{row[name]:.2f}" for name in seconds),
            f"{row['shift']:.4f}",
            f"{row['bytes']:,.0f}",
            f"{row['requests']:.0f}",
        )
        for row in rows
    ]
    say("\nSeconds until a page is painted on a phone, through 1.6 Mbit/s and 150 ms\n")
    say(table(("page", "", *seconds, "CLS", "bytes", "requests"), lines))


def interaction(acts: dict[str, dict[str, float]]) -> None:
    """Print the times of interactions in the browser, with few and with many loaded comments."""
    rows = [
        (act, f"{of['few']:.1f}", f"{of['many']:.1f}", f"{of['ratio']:.2f}")
        for act, of in acts.items()
    ]
    head = ("act", f"ms, {FEW:,} loaded", f"ms, {MANY:,} loaded", "times")
    say("\nUntil an act is painted, on a phone\n")
    say(table(head, rows))


def queries(counted: dict[str, dict[str, int]]) -> None:
    """Print the queries of each page."""
    rows = [(slug, *counts.values()) for slug, counts in counted.items()]
    say("\nQueries of a page built afresh\n")
    say(table(("post", *next(iter(counted.values()))), rows))


def views(figures: dict[str, dict[str, int]]) -> None:
    """Print the bytes of first views and of their parts."""
    rows = [
        (
            size,
            f"{of['html']:,}",
            of["shown"],
            *(f"{of[part] / of['shown']:,.0f}" for part in ("html", "words", "cards", "rest")),
            f"{of['wire']:,}",
        )
        for size, of in figures.items()
    ]
    say("\nBytes of the first view\n")
    head = ("comments", "html", "shown", "a comment shown", "words", "card", "rest", "as sent")
    say(table(head, rows))


def weights(figures: dict[str, dict[str, int]]) -> None:
    """Print the bytes of first visits."""
    rows: list[tuple[Any, ...]] = [
        (what, *(f"{n:,}" for n in kinds.values()), f"{sum(kinds.values()) - kinds['fonts']:,}")
        for what, kinds in figures.items()
    ]
    say("\nBytes of a first visit, each file by gzip -6, as a proxy may send it; fonts as is\n")
    say(table(("what, comments", "html", "css", "js", "fonts", "without fonts"), rows))
