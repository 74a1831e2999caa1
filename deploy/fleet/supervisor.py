"""Supervise servers: start them in order, restart those that end, stop them in reverse."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from tests.services import ROOT, START_LIMIT, STOP_LIMIT, Missing

# The same as `RestartSec` in counterpoint.service.
RESTART_SECONDS = 2.0
WATCH_SECONDS = 0.1


@dataclass
class Server:
    """A program that runs until it is stopped. `ready()` raises until it answers."""

    name: str
    command: list[str]
    folder: Path  # of its log
    ready: Callable[[], object]
    environment: dict[str, str] | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    cwd: Path = ROOT
    starts: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """The id of the main process; raises Missing if it is not running."""
        if self.process is None or self.process.poll() is not None:
            raise Missing(f"{self.name} is not running")
        return self.process.pid

    def start(self) -> None:
        """Start the program and append its output to its log."""
        self.starts += 1
        with (self.folder / f"{self.name}.log").open("ab") as log:
            # A session of its own, so that Ctrl-C does not reach it and `kill` ends all of it. If
            # this process is killed, the kernel stops it.
            setpriv = ["setpriv", "--pdeathsig", self.stop_signal.name.removeprefix("SIG"), "--"]
            self.process = subprocess.Popen(
                [*setpriv, *self.command],
                cwd=self.cwd,
                env=self.environment,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it answers; raise Missing with the end of its log if it does not."""
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                self.ready()
            except (OSError, psycopg.Error, redis.RedisError) as error:
                ended = self.process is None or self.process.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise Missing(f"{self.name} did not start: {error}\n{self.log()}") from error
                time.sleep(0.1)
            else:
                return

    def answers(self) -> bool:
        """Return whether it answers now."""
        try:
            self.ready()
        except (OSError, psycopg.Error, redis.RedisError):
            return False
        return True

    def kill(self) -> None:
        """Kill it and all processes it has started, as in a power failure."""
        os.killpg(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop it by its signal, then kill it and all processes it has started."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_LIMIT)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> str:
        """Return the last 2,000 characters of its log."""
        path = self.folder / f"{self.name}.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""


class Supervisor:
    """Starts servers in order and restarts them from a thread when they end."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.servers: dict[str, Server] = {}
        self._on_change = on_change
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self, server: Server) -> None:
        """Start a server, wait until it answers, and supervise it."""
        self.servers[server.name] = server
        server.start()
        server.wait()

    def watch(self) -> None:
        """Start restarting servers that end."""
        self._watcher.start()

    def stop(self) -> None:
        """Stop all servers, the last one started first."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for server in reversed(self.servers.values()):
            server.stop()

    def _watch(self) -> None:
        ended: dict[str, float] = {}
        while not self._stopping.wait(WATCH_SECONDS):
            for server in self.servers.values():
                if server.process is None or server.process.poll() is None:
                    continue
                since = ended.setdefault(server.name, time.monotonic())
                if time.monotonic() - since >= RESTART_SECONDS:
                    del ended[server.name]
                    server.start()
                    self._on_change()
