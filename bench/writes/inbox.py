"""Measure the inbox at 10 and 100,000 notifications: `python -m bench.writes.inbox`.

Prints for each database the milliseconds and queries of the page, of marking all as read, of the
job that marks the older ones, and of undoing both. Each page is the median of `ROUNDS`.
"""

from collections.abc import Iterator
from typing import Any

from ..kill.trial import run_on_post
from ..report.table import table
from .places import PLACES, options_of

SIZES = (10, 100_000)
HEAD = ("database", "notifications", "what", "queries", "ms")


def main() -> int:
    """Measure and print one table; return 1 if queries grow with the notifications."""
    options = options_of("inbox", __doc__, "sizes", SIZES)
    rows: list[tuple[str, ...]] = []
    grew: list[str] = []
    for name in options.database:
        with PLACES[name]() as place:
            measured = [
                run_on_post("bench.writes.inbox_work", place.site, str(size))
                for size in options.sizes
            ]
        rows += (line for acts in measured for line in lines(name, acts))
        grew += (
            f"{name}: {what} takes {acts['acts'][what][0]} queries, {first} of few notifications"
            for acts in measured
            for what, (first, _ms) in measured[0]["acts"].items()
            if what.startswith("page") and acts["acts"][what][0] > first
        )
    print(table(HEAD, rows))
    print("\n".join(grew))
    return 1 if grew else 0


def lines(name: str, measured: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield a line of the table for each act."""
    for what, (queries, ms) in measured["acts"].items():
        yield name, f"{measured['size']:,}", what, str(queries), f"{ms:.1f}"


if __name__ == "__main__":
    raise SystemExit(main())
