"""Start and kill the production server with all its processes, and PostgreSQL."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.browser.site import BrowserSite
from tests.services import ROOT, START_LIMIT, prepared_cluster

from ..harness.usage import family


class Program:
    """A program that can be started, killed without warning, and started again."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        is_ready: Callable[[], None],
        *,
        environment: dict[str, str] | None = None,
        user: str | None = None,
        folder: Path = ROOT,
    ) -> None:
        """Prepare `command`; `is_ready` raises OSError or a psycopg error until it is ready."""
        self._command = command
        self._log = log
        self._is_ready = is_ready
        self._environment = environment
        self._user = user
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The main process, or 0 while it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it and wait until it responds; raise RuntimeError with its log if it does not."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                user=self._user,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError, psycopg.Error):
                return self._is_ready()
            time.sleep(0.05)
        raise RuntimeError(f"{self._command} did not start:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """Send SIGKILL to the program and its descendants; return once all have ended."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        # Stopped first, so that a parent cannot start another child before its own end.
        process.send_signal(signal.SIGSTOP)
        pids = list(family(process.pid))
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        # Orphans end a little later, and until then hold locks, ports and shared memory.
        while any(map(is_alive, pids)):
            time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Return whether a process runs; an ended one may still be a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def site_server(site: BrowserSite) -> Program:
    """Return the documented server command for `site`."""

    def answers() -> None:
        urllib.request.urlopen(f"{site.url}/readyz", timeout=5).close()

    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    port = site.url.rpartition(":")[2]
    return Program(
        command, site.folder / "server.log", answers, environment=site.environment | {"PORT": port}
    )


def database_server(folder: Path) -> tuple[Program, str]:
    """Return a new PostgreSQL in `folder` with durable defaults, and its URL."""
    command, user, url = prepared_cluster(folder)

    def answers() -> None:
        psycopg.connect(f"{url}postgres", connect_timeout=5).close()

    program = Program(command, folder / "log", answers, user=user, folder=folder)
    return program, url
