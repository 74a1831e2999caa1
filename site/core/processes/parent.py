"""Send requests to a child process, which is killed if it exceeds its time limit."""

import atexit
import logging
import os
import signal
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

logger = logging.getLogger(__name__)

# Seconds. A start takes 0.2 on an idle machine, and longer on a busy one.
START_LIMIT = 20.0
STOP_LIMIT = 2.0

# Times the limit until the parent gives up. A request gets less of a busy machine than it uses.
PATIENCE = 5

# The only variables passed on: a process that reads untrusted input must not have secrets.
_ENVIRONMENT = ("LD_LIBRARY_PATH", "PATH")


class Overdue(Exception):
    """A request took longer than its limit, and its process was killed."""


class Ended(Exception):
    """The process did not start, or ended before it answered."""


class ChildProcess:
    """Answers requests in a child process, one at a time. Safe for threads and after a fork."""

    def __init__(self, program: str) -> None:
        """Take the module to run, which must call `core.processes.child.serve`."""
        self._program = program
        self._reset()
        os.register_at_fork(after_in_child=self._reset)
        atexit.register(self.close)

    def ask(self, request: bytes, limit: float) -> bytes:
        """Return the answer to `request`; raise Overdue or Ended.

        `limit` is in seconds of processor time; the answer comes within PATIENCE times as long.
        """
        with self._lock:
            return self._ask(request, limit)

    def close(self) -> None:
        """Kill the process, if there is one; the next request starts another."""
        with self._lock:
            self._stop()

    def _reset(self) -> None:
        # After a fork the process is a child of the parent, and the lock may be held by a thread
        # that does not exist here.
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def _ask(self, request: bytes, limit: float) -> bytes:
        try:
            connection = self._ready()
            connection.send_bytes(struct.pack("!d", limit) + request)
            if not connection.poll(limit * PATIENCE):
                raise self._overdue(request)
            return connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._ended(request) from error
        except BaseException:
            # A late answer must not be taken for the answer to the next request.
            self._stop()
            raise

    def _overdue(self, request: bytes) -> Overdue:
        logger.warning("Killed %s at a request of %d bytes", self._program, len(request))
        return Overdue()

    def _ended(self, request: bytes) -> Overdue | Ended:
        """Clear a process away that ended by itself, and return the reason."""
        process = self._process
        self._stop()
        if process and process.returncode == -signal.SIGPROF:
            return self._overdue(request)
        logger.exception("The process of %s ended unexpectedly", self._program)
        return Ended()

    def _ready(self) -> Connection:
        if self._connection and self._process and self._process.poll() is None:
            return self._connection
        self._stop()
        self._connection, theirs = Pipe()
        with theirs:
            self._process = self._start(theirs.fileno())
        if not self._connection.poll(START_LIMIT):
            raise TimeoutError("The process did not start")
        self._connection.recv_bytes()
        return self._connection

    def _start(self, channel: int) -> "subprocess.Popen[bytes]":
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        return subprocess.Popen(  # noqa: S603 - our own program, no shell
            # -P: import no module from the current folder.
            [sys.executable, "-P", "-m", self._program, str(channel)],
            env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=[channel],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def _stop(self) -> None:
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_LIMIT)
        self._connection = self._process = None
