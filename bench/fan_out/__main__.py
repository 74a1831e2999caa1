"""Send one article to 100,000 followers while the worker is killed: `python -m bench.fan_out`.

Half the kills come while the audience is frozen, half while mails are sent. None may be lost; a
kill while a mail is sent may double that one, under the same Message-ID. The followers of the site
that have other reasons as well must get one mail all the same.
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
from ..mail_kill.mailboxes import Mailboxes, listening
from ..report.table import table

FOLLOWERS, KILLS, MINUTES = 100_000, 20, 240
PATIENCE = 300.0  # seconds without progress after which the worker counts as stuck
LOOKS = 0.5  # seconds between two looks at how far the audience is frozen
HEAD = (
    *("database", "followers", "kills", "mails", "lost", "doubled", "other ids", "not done"),
    *("frozen in s", "sent in s", "mails a s"),
)


@dataclass
class FanOutFindings:
    """What arrived of one article."""

    followers: int
    kills: int = 0
    mails: int = 0
    lost: int = 0
    doubled: int = 0
    other_ids: int = 0
    not_done: int = 0
    frozen: float = 0.0  # seconds
    sent: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is lost, and a kill doubled one mail at most."""
        wrong = self.lost or self.not_done or self.other_ids
        return not wrong and self.doubled <= self.kills


def main() -> int:
    """Run the trials and print one table; return 1 if a mail was lost or doubled too often."""
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    found = {}
    for name in options.database:
        with place(name, kill_database=False) as there:
            found[name] = trial(there.site, options.followers, options.kills, options.minutes)
    print(f"\none article to {options.followers:,} followers, kill -9 of the worker\n")
    print(table(HEAD, [row(name, findings) for name, findings in found.items()]))
    return 0 if all(findings.is_clean for findings in found.values()) else 1


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fan_out", description=__doc__)
    parser.add_argument(
        "--followers", type=int, default=FOLLOWERS, help=f"of the site ({FOLLOWERS:,})"
    )
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how often to kill ({KILLS})")
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help=f"after which to stop and count ({MINUTES})"
    )
    parser.add_argument("--database", choices=PLACES, nargs="+", default=PLACES[:1])
    options = parser.parse_args()
    if options.kills < 0 or options.followers <= options.kills:
        parser.error("--kills must not be negative, --followers above --kills")
    return options


def trial(site: BrowserSite, followers: int, kills: int, minutes: float) -> FanOutFindings:
    """Publish to `followers`, and kill the worker `kills` times until all mails are sent.

    After `minutes` it stops, and what is not sent until then is not done, and not lost.
    """
    port, mailboxes = free_port(), Mailboxes()
    mailing = site.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    site = replace(site, environment=mailing)
    run_module("bench.fan_out.followers", ["fill", str(followers)], site)
    server, worker = listening(mailboxes, port), worker_of(site)
    findings = FanOutFindings(followers=followers)
    server.start()
    try:
        started = time.monotonic()
        worker.start()
        while_freezing(findings, site, worker, kills // 2)
        findings.frozen = time.monotonic() - started
        while_sending(findings, mailboxes, worker, kills - kills // 2)
        wait_until_done(site, followers, started + 60 * minutes)
        findings.sent = time.monotonic() - started
    finally:
        worker.kill()
        server.stop()
    return compared(findings, mailboxes, site)


def while_freezing(
    findings: FanOutFindings, site: BrowserSite, worker: Program, kills: int
) -> None:
    """Kill the worker at equal shares of the audience; return when all are in it."""
    deadline = time.monotonic() + PATIENCE
    before = 0
    for number in range(1, kills + 2):
        share = findings.followers * number // (kills + 1)
        while (rows := sum(rows_of(site).values())) < share:
            if rows > before:
                before, deadline = rows, time.monotonic() + PATIENCE
            if time.monotonic() > deadline:
                return
            time.sleep(LOOKS)
        if number <= kills:
            kill(findings, worker)


def while_sending(
    findings: FanOutFindings, mailboxes: Mailboxes, worker: Program, kills: int
) -> None:
    """Kill the worker at about equal shares of the mails that are left."""
    done = mailboxes.accepted
    for number in range(1, kills + 1):
        between = random.uniform(0.2, 0.9)
        share = round((number - between) * (findings.followers - done) / (kills + 1))
        mailboxes.wait_for(done + share, PATIENCE)
        time.sleep(random.uniform(0, 0.02))
        kill(findings, worker)


def kill(findings: FanOutFindings, worker: Program) -> None:
    """Kill the worker and start it again."""
    worker.kill()
    worker.start()
    findings.kills += 1
    print(f"{findings.kills} kills", file=sys.stderr)


def wait_until_done(site: BrowserSite, followers: int, end: float) -> None:
    """Wait until every mail is sent or dropped, `end` (monotonic), or no progress for long."""
    before, deadline = 0, time.monotonic() + PATIENCE
    while time.monotonic() < min(deadline, end):
        state = rows_of(site)
        done = state.get("sent", 0) + state.get("dropped", 0)
        if done >= followers:
            return
        if done > before:
            before, deadline = done, time.monotonic() + PATIENCE
            print(f"{done:,} of {followers:,} sent", file=sys.stderr)
        time.sleep(5)


def compared(findings: FanOutFindings, mailboxes: Mailboxes, site: BrowserSite) -> FanOutFindings:
    """Return `findings` with what arrived, compared with what the site has recorded."""
    findings.mails = mailboxes.accepted
    sent = rows_of(site).get("sent", 0)
    findings.lost = max(0, sent - len(mailboxes.by_receiver))
    findings.doubled = mailboxes.doubled
    findings.other_ids = mailboxes.other_ids
    findings.not_done = findings.followers - sent
    return findings


def rows_of(site: BrowserSite) -> dict[str, int]:
    """Return how many mails of the article are in each state."""
    printed = run_module("bench.fan_out.followers", ["left"], site).strip().splitlines()[-1]
    found: dict[str, int] = json.loads(printed)
    return found


def worker_of(site: BrowserSite) -> Program:
    """Return the worker of `site`; it counts as started at once, the mails show that it works."""
    command = [sys.executable, "-m", "bench.fan_out.worker"]
    paths = {"PYTHONPATH": ".:site", "DJANGO_SETTINGS_MODULE": "config.settings"}
    log = site.folder / "worker.log"
    return Program(command, log, lambda: None, environment=site.environment | paths)


def row(name: str, found: FanOutFindings) -> tuple[str, ...]:
    """Return the line of the table for one database."""
    numbers = (
        *(found.followers, found.kills, found.mails, found.lost, found.doubled),
        *(found.other_ids, found.not_done),
    )
    rate = found.mails / max(found.sent, 1)
    return (
        name,
        *(f"{number:,}" for number in numbers),
        *(f"{found.frozen:.0f}", f"{found.sent:.0f}", f"{rate:.0f}"),
    )


if __name__ == "__main__":
    sys.exit(main())
