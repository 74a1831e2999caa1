"""Run `make mail-kill-test`: kill -9 of the worker while it sends, on SQLite and PostgreSQL.

SMTP has no way to send a mail exactly once, so what is asked is that none is lost, that one kill
doubles one mail at most, and that both copies have one Message-ID.
"""

import argparse
import json
import random
import signal
import sys
import time
from dataclasses import dataclass, replace

from tests.browser.site import BrowserSite
from tests.services import free_port

from ..harness.site import run_module
from ..kill.__main__ import PLACES, place
from ..kill.server import Program
from ..report.table import table
from .mailboxes import Mailboxes, listening

KILLS, EVENTS = 100, 10_000
PATIENCE = 300.0  # seconds without the mail awaited before the worker counts as stuck
HEAD = (
    "database",
    "kills",
    "events",
    "mails",
    "lost",
    "doubled",
    "other ids",
    "not done",
    "seconds",
)


@dataclass
class MailFindings:
    """What arrived of the events."""

    kills: int = 0
    events: int = 0
    mails: int = 0
    lost: int = 0
    doubled: int = 0
    most_doubled: int = 0  # by one kill
    other_ids: int = 0
    not_done: int = 0
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is lost, and no kill doubled more than one mail."""
        return not (self.lost or self.not_done or self.other_ids) and self.most_doubled <= 1


def main() -> int:
    """Run the trials and print one table; return 1 if a mail was lost or doubled too often."""
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    found = {}
    for name in options.database:
        with place(name, kill_database=False) as there:
            found[name] = trial(there.site, options.kills, options.events)
    print(f"\nkill -9 of the worker, {options.events:,} events\n")
    print(table(HEAD, [row(name, findings) for name, findings in found.items()]))
    return 0 if all(findings.is_clean for findings in found.values()) else 1


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail_kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how often to kill ({KILLS})")
    parser.add_argument("--events", type=int, default=EVENTS, help=f"mails in all ({EVENTS:,})")
    parser.add_argument("--database", choices=PLACES, nargs="+", default=PLACES)
    options = parser.parse_args()
    if options.kills < 1 or options.events <= options.kills:
        parser.error("--kills must be above 0, --events above --kills")
    return options


def trial(site: BrowserSite, kills: int, events: int) -> MailFindings:
    """Kill the worker of `site` `kills` times while it sends `events` mails."""
    port, mailboxes = free_port(), Mailboxes()
    # Only the trial's own server: mail to it is queued, as on a real site.
    mailing = site.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    site = replace(site, environment=mailing)
    run_module("bench.mail_kill.events", ["fill", str(events)], site)
    server, worker = listening(mailboxes, port), worker_of(site)
    findings, started = MailFindings(events=events), time.monotonic()
    server.start()
    try:
        worker.start()
        for number in range(1, kills + 1):
            between = random.uniform(0.2, 0.9)
            mailboxes.wait_for(round((number - between) * events / (kills + 1)), PATIENCE)
            time.sleep(random.uniform(0, 0.02))
            before = mailboxes.doubled
            worker.kill()
            worker.start()
            findings.kills = number
            print(f"{number} of {kills} kills, {mailboxes.accepted:,} mails", file=sys.stderr)
            findings.most_doubled = max(findings.most_doubled, mailboxes.doubled - before)
        wait_until_done(site)
    finally:
        worker.kill()
        server.stop()
    return compared(findings, mailboxes, site, started)


def wait_until_done(site: BrowserSite) -> None:
    """Wait until no row of the outbox waits, or nothing has changed for long."""
    before, deadline = 0, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        state = rows_of(site)
        done = state.get("sent", 0) + state.get("dropped", 0)
        if done == sum(state.values()):
            return
        if done > before:
            before, deadline = done, time.monotonic() + PATIENCE
        time.sleep(1)


def compared(
    findings: MailFindings, mailboxes: Mailboxes, site: BrowserSite, started: float
) -> MailFindings:
    """Return `findings` with what arrived, compared with what the site has recorded."""
    state = rows_of(site)
    findings.mails = mailboxes.accepted
    findings.lost = findings.events - len(mailboxes.by_receiver)
    findings.doubled = mailboxes.doubled
    findings.other_ids = mailboxes.other_ids
    findings.not_done = findings.events - state.get("sent", 0)
    findings.most_doubled = max(findings.most_doubled, int(findings.doubled > findings.kills) * 2)
    findings.seconds = time.monotonic() - started
    return findings


def rows_of(site: BrowserSite) -> dict[str, int]:
    """Return how many rows of the outbox are in each state."""
    printed = run_module("bench.mail_kill.events", ["left"], site).strip().splitlines()[-1]
    found: dict[str, int] = json.loads(printed)
    return found


def worker_of(site: BrowserSite) -> Program:
    """Return the worker of `site`; it counts as started at once, the mails show that it works."""
    command = [sys.executable, "-m", "bench.mail_kill.worker"]
    log = site.folder / "worker.log"
    paths = {"PYTHONPATH": ".:site", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return Program(command, log, lambda: None, environment=site.environment | paths)


def row(name: str, found: MailFindings) -> tuple[str, ...]:
    """Return the line of the table for one database."""
    numbers = (
        *(found.kills, found.events, found.mails, found.lost, found.doubled),
        *(found.other_ids, found.not_done),
    )
    return (name, *(f"{number:,}" for number in numbers), f"{found.seconds:.0f}")


if __name__ == "__main__":
    sys.exit(main())
