"""Show which modules take the time of a request: `python -m bench.pages.shares KIND PATH`.

Run on the data of a site, in one process, with the KINDs of `bench.pages.profiling`. Prints a table
of shares in the processor time of several requests. A profiler overstates small functions, so the
shares rank the modules rather than measure them.
"""

import cProfile
import pstats
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.services import ROOT

from ..report.table import table
from .profiling import prepared

REQUESTS = 3  # each after a change of answer, which a reader may make ten times
LEAST = 0.03  # share of the time below which a module gets no line
IN_C = "~"  # the profiler's file name for functions in C


def main(kind: str, path: str) -> None:
    """Print the shares of modules in requests of this `kind` to `path`."""
    before, ask = prepared(kind, path)
    profiler = cProfile.Profile(time.thread_time)
    for _request in range(REQUESTS):
        before()
        profiler.runcall(ask)
    times = by_part(pstats.Stats(profiler))
    print(share_table(times))


def by_part(statistics: pstats.Stats) -> Counter[str]:
    """Return the seconds spent in each module itself; functions in C count to their callers."""
    times: Counter[str] = Counter()
    for (file, _line, name), figures in statistics.stats.items():  # type: ignore[attr-defined]
        own, callers = figures[2], figures[4]
        if file != IN_C:
            times[part_of(file)] += own
        elif "sqlite3" in name or "psycopg" in name:
            times["the database's driver"] += own
        else:
            for (caller, _caller_line, _caller_name), by in callers.items():
                times[part_of(caller)] += by[2]
    return times


def part_of(file: str) -> str:
    """Return the name of a file's part: our module, a package of Django, a library, Python."""
    path = Path(file)
    if "site-packages" in path.parts:
        package = path.parts[path.parts.index("site-packages") + 1 :]
        return ".".join(package[:2]) if package[0] == "django" else package[0].removesuffix(".py")
    if path.is_relative_to(ROOT):
        inside = path.relative_to(ROOT).with_suffix("").parts
        return ".".join(inside[1:] if inside[0] == "site" else inside)
    return "Python"


def share_table(times: Counter[str]) -> str:
    """Return the table of the largest parts, each with its share of the time."""
    total = sum(times.values())
    large = [(part, own / total) for part, own in times.most_common() if own / total >= LEAST]
    rest: list[Any] = [("everything else", 1 - sum(share for _part, share in large))]
    return table(("part", "share"), [(part, f"{share:.0%}") for part, share in large + rest])


if __name__ == "__main__":
    main(*sys.argv[1:])
