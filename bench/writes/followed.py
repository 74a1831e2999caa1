"""Measure a reply under an article with 1 and 100,000 followers: `python -m bench.writes.followed`.

Prints for each database the queries and the milliseconds of processor time of a reply, the least
of many since other work on the machine only adds, and the ratio to an article that one reader
follows. Telling followers is a job of its own, so both should stay as they are.
"""

from ..kill.trial import run_on_post
from ..report.table import table
from .places import PLACES, options_of

FOLLOWERS = (1, 100_000)
HEAD = ("database", "followers", "queries", "ms of processor", "times one follower")


def main() -> int:
    """Measure and print one table; return 1 if queries grow with the followers."""
    options = options_of("followed", __doc__, "followers", FOLLOWERS)
    rows: list[tuple[str, ...]] = []
    grew = False
    for name in options.database:
        with PLACES[name]() as place:
            numbers = map(str, options.followers)
            measured = run_on_post("bench.writes.followed_work", place.site, *numbers)
        (_fewest, least, quickest), *_more = measured
        grew |= any(queries > least for _followers, queries, _ms in measured)
        rows += (
            (name, f"{followers:,}", str(queries), f"{ms:.1f}", f"{ms / quickest:.2f}")
            for followers, queries, ms in measured
        )
    print(table(HEAD, rows))
    return 1 if grew else 0


if __name__ == "__main__":
    raise SystemExit(main())
