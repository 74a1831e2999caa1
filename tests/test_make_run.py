"""Test `make run` on a new checkout: a site with the demonstration, at the printed address."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.made_once import DATABASE, demonstration
from tests.services import ROOT, START_LIMIT, free_port

ACCOUNTS = [f"{name}@example.org" for name in ("reader", "author", "moderator", "admin")]


class MakeRun:
    """A `make run` in the foreground of a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder.with_suffix(".out")

    def fill(self) -> None:
        """Put the demonstration into its folder, as an earlier run would have left it."""
        shutil.copytree(demonstration(), self.folder)

    def start(self, *options: str) -> None:
        """Start it, with `options` of make, and return once the front page answers."""
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "DATA_DIR": str(self.folder),
            "DEMO_PASSWORD": "for-this-test-only",
            "PYTHONUNBUFFERED": "1",
        }
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                ["make", *options, "run"], cwd=ROOT, env=environment, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_LIMIT
        while self.status("localhost") is None:
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)

    def status(self, host: str) -> int | None:
        """Return the status of the front page at `host`, or None while nobody answers there."""
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}/", timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return None

    def caching(self, path: str) -> str:
        """Return how long browsers may keep what is at `path`."""
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=60) as answer:
            return str(answer.headers["Cache-Control"])

    def readiness(self) -> str:
        """Return what the site says of itself and of its worker."""
        with urllib.request.urlopen(f"http://localhost:{self.port}/readyz", timeout=60) as answer:
            return str(answer.read().decode())

    def comments(self) -> list[tuple[int, str]]:
        """Return the comments of the site. The size of its file changes with rounds."""
        with contextlib.closing(sqlite3.connect(self.folder / DATABASE)) as database:
            rows = database.execute("SELECT id, created_at FROM comments_comment ORDER BY id")
            return rows.fetchall()

    def processes(self, word: str = "") -> list[int]:
        """Return what is left of it, newest last: processes of its session that have `word`."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                session = (folder / "stat").read_text().rpartition(")")[2].split()[3]
                if int(session) == self.process.pid and word in (folder / "cmdline").read_text():
                    found.append(int(folder.name))
        return sorted(found)

    def printed(self) -> str:
        """Return what it printed so far."""
        return self.output.read_text()

    def interrupt(self) -> None:
        """Press Ctrl-C: the terminal sends it to every process of the session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(START_LIMIT)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[MakeRun]:
    """Yield a `make run` on an empty folder, stopped after the block."""
    running = MakeRun(tmp_path / "state")
    try:
        yield running
    finally:
        running.interrupt()


def test_it_serves_the_demonstration_and_keeps_it(run: MakeRun) -> None:
    """Respond at both host names, print the accounts, end on Ctrl-C, load nothing again.

    The second start has a worker, too, and ends with it; starts are dear.
    """
    run.start()
    assert [run.status("localhost"), run.status("127.0.0.1")] == [200, 200]
    assert [account for account in ACCOUNTS if account not in run.printed()] == []
    assert "for-this-test-only" in run.printed()
    assert "max-age=0" in run.caching("/static/css/site.css")
    run.interrupt()
    assert run.status("127.0.0.1") is None
    assert run.processes() == []

    before = run.comments()
    assert before
    run.start()
    assert run.status("localhost") == 200
    assert run.comments() == before
    ends_with_its_worker(run)


def ends_with_its_worker(run: MakeRun) -> None:
    """Check that the worker is reported as running, and that the site ends when it is killed."""
    assert run.readiness().startswith("ok\n")
    wait_until(lambda: "worker: seen" in run.readiness())
    os.kill(run.processes("worker\0")[-1], signal.SIGKILL)
    assert run.process.wait(START_LIMIT) != 0
    assert run.status("127.0.0.1") is None
    assert run.processes() == []


def test_the_site_ends_and_takes_the_worker_along(run: MakeRun) -> None:
    """Leave no process in the background where the site ends first.

    What `make setup` does is over by then, and left out.
    """
    run.fill()
    run.start("-o", "setup")
    os.kill(run.processes("runserver\0")[0], signal.SIGTERM)
    assert run.process.wait(START_LIMIT) != 0
    assert run.processes() == []


def wait_until(what: Callable[[], bool]) -> None:
    """Return once `what()` is true; fail when it takes too long."""
    deadline = time.monotonic() + START_LIMIT
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)
