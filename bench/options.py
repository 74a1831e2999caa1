"""Parse the command line of `python -m bench`."""

import argparse
from pathlib import Path

from .harness.site import POSTGRESQL, SQLITE
from .markdown.hard_texts import BadList, texts_in

PARTS = ("reads", "writes", "memory", "weight", "paint", "browser", "markup")
# Runs of each measurement, seconds of each run, comments of each discussion.
RUNS, SECONDS, SIZES = 5, 2.0, (100, 10_000, 100_000)
QUICK_RUNS, QUICK_SECONDS, QUICK_SIZES = 2, 1.0, (100, 2_000)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Return the parsed options `given`, by default the command line's; exit on a bad one."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the site beside its limits, as ratios of one run.",
    )
    parser.add_argument("--runs", type=int, help=f"runs of each measurement ({RUNS})")
    parser.add_argument("--seconds", type=float, help=f"seconds of each run ({SECONDS:g})")
    parser.add_argument("--sizes", type=sizes, help="comments of each discussion, with commas")
    parser.add_argument(
        "--quick", action="store_true", help="fewer and shorter runs, smaller discussions"
    )
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="what to measure")
    parser.add_argument(
        "--site", type=int, default=0, metavar="N", help="measure again in a site of N comments"
    )
    parser.add_argument("--profile", action="store_true", help="profile the slowest request")
    parser.add_argument("--svg", type=Path, help="draw the goals as a chart into this file")
    parser.add_argument(
        "--fail-if-worse", action="store_true", help="exit with 1 if something got worse"
    )
    parser.add_argument("--json", type=Path, help="file to store the results in")
    parser.add_argument(
        "--pathological", type=Path, nargs="*", default=[], help="more files of pathological texts"
    )
    options = parser.parse_args(given)
    options.runs = options.runs or (QUICK_RUNS if options.quick else RUNS)
    options.seconds = options.seconds or (QUICK_SECONDS if options.quick else SECONDS)
    options.sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    if options.runs < 1 or options.seconds <= 0:
        parser.error("--runs and --seconds must be above 0")
    try:
        for path in options.pathological:
            texts_in(path)
    except BadList as problem:
        parser.error(str(problem))
    return options


def sizes(text: str) -> tuple[int, ...]:
    """Return the numbers of comments listed in `text`, ascending; raise ValueError on a bad one."""
    found = tuple(sorted({int(part.replace("_", "")) for part in text.split(",")}))
    if found[0] < 1:
        raise ValueError(text)
    return found
