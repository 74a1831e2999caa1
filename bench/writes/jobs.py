"""Measure the time to queue a mail, and the time until an idle worker has delivered it.

    python -m bench.writes.jobs
    python -m tests.services run python -m bench.writes.jobs      on PostgreSQL

A local mail server accepts the mail; a worker process runs beside it, as on a real site.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django

from tests.notifications.mail_server import MailServer, mail_server
from tests.services import ROOT

from ..report.table import table

MAILS = 300  # queued, then delivered as a backlog
DELIVERIES = 30  # of single mails to an idle worker
TEXT = "Your code is ABCD-EFGH. " * 20


def main() -> None:
    """Measure and print one table."""
    with (
        tempfile.TemporaryDirectory(prefix="counterpoint-bench-") as folder,
        mail_server() as server,
    ):
        _configure(Path(folder), server)
        enqueued = [_milliseconds_to_send() for _mail in range(MAILS)]
        with _worker(Path(folder)):
            _deliver_backlog(server)
            delivered = [_milliseconds_to_deliver(server) for _mail in range(DELIVERIES)]
    rows = [_row("queue a mail", enqueued), _row("from there to the mail server", delivered)]
    print(table(["ms", "median", "p90", "most"], rows))


def _configure(folder: Path, server: MailServer) -> None:
    """Make an empty site whose mail goes to `server`, and set this process up for it."""
    os.environ |= {
        "DEBUG": "1",
        "DATA_DIR": str(folder),
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    for command in ("migrate", "createcachetable"):
        subprocess.run([sys.executable, "manage.py", command, "-v0"], cwd=ROOT, check=True)
    sys.path.insert(1, str(ROOT / "site"))
    django.setup()


@contextlib.contextmanager
def _worker(folder: Path) -> Iterator[None]:
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            worker.terminate()
            worker.wait()


def _milliseconds_to_send() -> float:
    from django.core.mail import send_mail

    start = time.perf_counter()
    send_mail("Your code", TEXT, None, ["robin@example.org"])
    return (time.perf_counter() - start) * 1000


def _deliver_backlog(server: MailServer) -> None:
    """Wait until the queued mails are delivered, and print the rate of one worker."""
    while not server.taken:
        time.sleep(0.001)
    start, before = time.perf_counter(), len(server.taken)
    while len(server.taken) < MAILS:
        time.sleep(0.01)
    rate = (MAILS - before) / (time.perf_counter() - start)
    print(f"a backlog: {rate:.0f} mails a second by one worker")


def _milliseconds_to_deliver(server: MailServer) -> float:
    """Send one mail to an idle worker, at varying times between two of its queries."""
    time.sleep(0.2 + 0.017 * (len(server.taken) % DELIVERIES))
    server.arrived.clear()
    start = time.perf_counter()
    _milliseconds_to_send()
    server.arrived.wait(30)
    return (time.perf_counter() - start) * 1000


def _row(name: str, times: list[float]) -> list[str]:
    p90 = statistics.quantiles(times, n=10)[-1]
    return [name, *(f"{ms:.1f}" for ms in (statistics.median(times), p90, max(times)))]


if __name__ == "__main__":
    main()
