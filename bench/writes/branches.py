"""Measure replies in a thread while a huge branch is moderated: `python -m bench.writes.branches`.

Locks, removes, restores and moves a branch while readers reply to the root of its thread. Prints
for each action its seconds, its longest batch and the slowest reply, compared with undisturbed
replies.
"""

import argparse
import contextlib
import threading
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.browser.site import BrowserSite

from ..kill.trial import COOKIE, SLUG, KillSite, run_on_post
from ..kill.writers import CSRF, STANCES
from ..report.table import table
from .places import PLACES

COMMENTS = 100_000  # of the branch, by default
WRITERS = 4
QUIET = 10.0  # seconds of undisturbed replies before the first action
THINKING = 0.2  # seconds between two replies of one writer
POSTED, CLOSED = 302, 403
HEAD = ("database", "what", "rows", "batches", "seconds", "longest batch s", "slowest reply s")


@dataclass(frozen=True)
class TimedReply:
    """The response to a reply: the time it was sent, the seconds it took, and its status."""

    at: float
    took: float
    status: int


def main() -> int:
    """Measure and print one table; return 1 if a reply failed or `check_integrity` is not clean."""
    parser = argparse.ArgumentParser(prog="python -m bench.writes.branches", description=__doc__)
    parser.add_argument("--comments", type=int, default=COMMENTS, help=f"({COMMENTS:,})")
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    options = parser.parse_args()
    rows: list[tuple[str, ...]] = []
    wrong: list[str] = []
    for name in options.database:
        with PLACES[name]() as place:
            lines, faults = measured(place, options.comments)
        rows += [(name, *line) for line in lines]
        wrong += [f"{name}: {fault}" for fault in faults]
    print(table(HEAD, rows))
    print("\n".join(wrong))
    return 1 if wrong else 0


def measured(
    place: KillSite, comments: int, quiet: float = QUIET
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the lines of the table for one database, and a sentence for each failure.

    `quiet` is the seconds of undisturbed replies before the first action.
    """
    sessions = run_on_post("bench.harness.readers", place.site, str(WRITERS))["sessions"]
    root = run_on_post("bench.writes.branch_work", place.site, "make", str(comments))["root"]
    place.server.start()
    sent: list[TimedReply] = []
    done = threading.Event()
    people = [
        threading.Thread(target=write, args=(place.site, key, root, sent, done)) for key in sessions
    ]
    try:
        for person in people:
            person.start()
        time.sleep(quiet)
        undisturbed = slowest(sent, 0, time.time())
        acts = run_on_post("bench.writes.branch_work", place.site, "work")
    finally:
        done.set()
        for person in people:
            person.join()
        place.server.kill()
    lines: list[tuple[str, ...]] = [("nothing", "", "", f"{quiet:.1f}", "", f"{undisturbed:.2f}")]
    lines += [line(act, sent) for act in acts["acts"]]
    locked, unlocked = (next(a for a in acts["acts"] if a["what"] == w) for w in ("lock", "unlock"))
    failed: list[str] = [
        f"a reply was answered with {one.status}"
        for one in sent
        if one.status != POSTED
        and not (one.status == CLOSED and locked["start"] - one.took < one.at < unlocked["end"])
    ]
    return lines, failed + acts["faults"]


def line(act: dict[str, Any], sent: list[TimedReply]) -> tuple[str, ...]:
    """Return the line of the table for one action."""
    return (
        act["what"],
        f"{act['rows']:,}",
        f"{len(act['batches']):,}",
        f"{act['end'] - act['start']:.1f}",
        f"{max(act['batches'], default=0):.2f}",
        f"{slowest(sent, act['start'], act['end']):.2f}",
    )


def slowest(sent: list[TimedReply], start: float, end: float) -> float:
    """Return the seconds of the slowest reply that was in progress between two times."""
    return max((one.took for one in sent if one.at < end and one.at + one.took > start), default=0)


def write(
    site: BrowserSite, key: str, root: int, sent: list[TimedReply], done: threading.Event
) -> None:
    """Reply to `root` repeatedly as one reader, until `done` is set."""
    headers = {
        "Cookie": f"{COOKIE}={key}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    fields = {"csrfmiddlewaretoken": CSRF, "parent": root, "stance": STANCES[0], "wish": "post"}
    with contextlib.closing(HTTPConnection(urlsplit(site.url).netloc, timeout=120)) as connection:
        while not done.wait(THINKING):
            fresh = {"form_key": str(uuid.uuid4()), "body": f"A reason, sent at {time.time()}."}
            at = time.time()
            address = f"/posts/{SLUG}/answer/"
            connection.request("POST", address, urlencode(fields | fresh), headers)
            response = connection.getresponse()
            response.read()
            sent.append(TimedReply(at, time.time() - at, response.status))


if __name__ == "__main__":
    raise SystemExit(main())
