"""Run `make kill-test`: kill -9 in the middle of acknowledged writes, on SQLite and PostgreSQL."""

import argparse
import contextlib
import signal
import sys

from ..report.table import table
from .trial import WRITERS, Findings, KillSite, on_postgresql, on_sqlite, trial

KILLS, WRITES = 50, 20_000  # of one trial, by default
PLACES = ("sqlite", "postgresql")
HEAD = (
    *("database", "kills", "acknowledged", "sent again", "kept unanswered"),
    *("lost", "doubled", "faults", "seconds"),
)


def main() -> int:
    """Run the trials and print one table; return 1 if a reply was lost, doubled or wrong."""
    options = arguments()
    # An exception stops the servers, which SIGTERM alone would leave running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    found = {name: run(name, options) for name in options.database}
    print(f"\nkill -9 of {killed(options)}, {options.writers} writers at once\n")
    print(table(HEAD, [row(name, findings) for name, findings in found.items()]))
    for name, findings in found.items():
        for fault in findings.faults[:20]:
            print(f"{name}: {fault}", file=sys.stderr)
    return 0 if all(findings.is_clean for findings in found.values()) else 1


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how often to kill ({KILLS})")
    parser.add_argument("--writes", type=int, default=WRITES, help=f"replies in all ({WRITES:,})")
    parser.add_argument("--writers", type=int, default=WRITERS, help=f"at once ({WRITERS})")
    parser.add_argument("--database", choices=PLACES, nargs="+", default=PLACES)
    parser.add_argument(
        "--kill-database", action="store_true", help="kill PostgreSQL with it, each time"
    )
    options = parser.parse_args()
    if options.kills < 1 or options.writers < 1 or options.writes <= options.kills:
        parser.error("--kills and --writers must be above 0, --writes above --kills")
    return options


def run(name: str, options: argparse.Namespace) -> Findings:
    """Run one trial with a line on stderr after each kill; stop at the first fault."""
    findings = Findings()
    with place(name, kill_database=options.kill_database) as there:
        for findings in trial(there, options.kills, options.writes, options.writers):
            print(
                f"{name}: {findings.kills} of {options.kills} kills, "
                f"{findings.acknowledged:,} acknowledged, "
                f"{'all is well' if findings.is_clean else 'NOT WELL'}, {findings.seconds:.0f} s",
                file=sys.stderr,
            )
            if not findings.is_clean:
                break
    return findings


def place(name: str, *, kill_database: bool) -> contextlib.AbstractContextManager[KillSite]:
    """Return the site of a trial on the database `name`."""
    return on_sqlite() if name == "sqlite" else on_postgresql(kill_it=kill_database)


def killed(options: argparse.Namespace) -> str:
    """Return the names of the killed servers."""
    return "the server and of PostgreSQL" if options.kill_database else "the server"


def row(name: str, findings: Findings) -> tuple[str, ...]:
    """Return the line of the table for one database."""
    numbers = (
        *(findings.kills, findings.acknowledged, findings.sent_again, findings.kept_unanswered),
        *(findings.lost, findings.doubled, len(findings.faults)),
    )
    return (name, *(f"{number:,}" for number in numbers), f"{findings.seconds:.0f}")


if __name__ == "__main__":
    sys.exit(main())
