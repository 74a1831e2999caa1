"""Put a mixed load on the whole fleet while parts of it fail in turn: `python -m bench.chaos`.

The load is public pages through nginx, signed-in pages, threads and replies with form keys;
meanwhile a process, a host, Redis, the replica and the primary fail. Prints for each fault what
readers saw, and exits with 1 if a rule was broken: a page older than a second, another person's
page, an acknowledged comment lost or stored twice, or no recovery without help.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import psycopg

from bench.harness.fill import ANSWERS
from bench.report.table import table
from deploy.fleet.machine import Fleet, fleet
from tests.services import ROOT, Missing

from .faults import FAULTS, InjectedFault, wait_for_replica, wait_for_servers
from .ledger import ChaosLedger, LedgerRow
from .people import ChaosWriter, Person, PublicReader, SignedIn, invited

SLUG = "chaos"
# Seconds: how long each fault is watched; how soon after every server responds all responses have
# to be right; and how long they have to stay right.
WATCHED, WATCHED_SHORT, SETTLED, STAYS = 15.0, 5.0, 3.0, 2.0
POLL = 0.1
COMMENTS = 300
PUBLIC_READERS, SIGNED_IN, WRITERS = 2, 2, 4
# A rate limit above the speed of the writers here.
FREELY = {"RATE_READER": "100000/1"}


def main() -> int:
    """Run every fault, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="watch each fault for a shorter time")
    parser.add_argument("--only", choices=[f.name for f in FAULTS], nargs="+", help="which faults")
    parser.add_argument("--json", type=Path, help="file to store the figures in")
    options = parser.parse_args()
    try:
        with fleet(settings=FREELY) as one:
            faults = [fault for fault in FAULTS if fault.name in (options.only or [fault.name])]
            rows, broken = rehearse(one, faults, WATCHED_SHORT if options.quick else WATCHED)
    except Missing as missing:
        print(f"chaos: {missing}", file=sys.stderr)
        return 1
    print(report(rows))
    if options.json:
        options.json.write_text(json.dumps([figures(row) for row in rows], indent=1))
    for sentence in broken:
        print(f"chaos: {sentence}", file=sys.stderr)
    return 1 if broken else 0


def rehearse(
    one: Fleet, faults: Iterable[InjectedFault], watched: float, settled: float = SETTLED
) -> tuple[list[LedgerRow], list[str]]:
    """Use the site during all `faults`; return a row for each, and the rules broken.

    Each fault is watched for at least `watched` seconds, and at most until all responses have been
    right for a while; they have to be so `settled` seconds after every server responds.
    """
    publish(one)
    ledger = ChaosLedger()
    people = gather(one, ledger)
    broken: list[str] = []
    for person in people:
        person.start()
    try:
        time.sleep(SETTLED)  # every process has opened its connections
        rows = [_strike(one, fault, ledger, (watched, settled), broken) for fault in faults]
    finally:
        for person in people:
            person.stopping.set()
        for person in people:
            person.join()
    stored = stored_texts(one)
    for row in rows:
        row.count_stored(ledger, stored)
        broken += row.faults(STAYS)
    return rows, broken + integrity(one)


def _strike(
    one: Fleet,
    fault: InjectedFault,
    ledger: ChaosLedger,
    seconds: tuple[float, float],
    broken: list[str],
) -> LedgerRow:
    watched, settled = seconds
    began = time.monotonic()
    broken += fault.strike(one)
    wait_for_servers(one)
    deadline = time.monotonic() + settled + STAYS
    time.sleep(max(STAYS, began + watched - time.monotonic()))
    while not ledger.is_right_since(time.monotonic() - STAYS) and time.monotonic() < deadline:
        time.sleep(POLL)
    row = LedgerRow.of(fault.name, began, time.monotonic(), ledger)
    fault.mend(one)
    wait_for_replica(one)
    print(f"chaos: {fault.name}: {len(row.answers)} answers", file=sys.stderr, flush=True)
    return row


def publish(one: Fleet) -> None:
    """Publish the post for the readers' comments, and fill its discussion."""
    article = one.folder / "chaos.md"
    article.write_text(f"# {SLUG}\n\n{(ROOT / 'posts/importing/data/article.md').read_text()}")
    taken = ["--author", "author", "--publish", "--again", "--answers", ANSWERS]
    one.manage("publish", str(article), *taken)
    one.manage("generate_discussion", SLUG, "--comments", str(COMMENTS))


def gather(one: Fleet, ledger: ChaosLedger) -> list[Person]:
    """Return the readers and writers who will use the site."""
    sessions, stance = invited(one, SLUG, SIGNED_IN + WRITERS)
    people: list[Person] = [PublicReader(one, SLUG, ledger) for _ in range(PUBLIC_READERS)]
    people += [SignedIn(one, SLUG, ledger, each) for each in sessions[:SIGNED_IN]]
    people += [ChaosWriter(one, SLUG, ledger, each, stance) for each in sessions[SIGNED_IN:]]
    return people


def stored_texts(one: Fleet) -> Counter[str]:
    """Return how often each text that was sent is stored on the primary."""
    with psycopg.connect(one.primary_url()) as connection:
        found = connection.execute("SELECT body FROM comments_comment WHERE body LIKE 'Chaos, %'")
        return Counter(body for (body,) in found)


def integrity(one: Fleet) -> list[str]:
    """Return the faults that check_integrity finds."""
    try:
        one.manage("check_integrity")
    except Missing as found:
        return [str(found)]
    return []


def figures(row: LedgerRow) -> dict[str, object]:
    """Return the figures of a row by their names."""
    return {
        "fault": row.fault,
        "answers": len(row.answers),
        "right after s": round(row.right_after, 2),
        "slowest s": round(row.slowest, 2),
        "errors": ", ".join(f"{n} x {s or 'cut off'}" for s, n in sorted(row.errors.items())),
        "stale": row.broken["stale"],
        "wrong": row.broken.total() - row.broken["stale"],
        "lost": row.lost,
        "doubled": row.doubled,
    }


def report(rows: list[LedgerRow]) -> str:
    """Return the table of all rows."""
    lines = [figures(row) for row in rows]
    return table(tuple(lines[0]), [tuple(map(str, line.values())) for line in lines])


if __name__ == "__main__":
    sys.exit(main())
