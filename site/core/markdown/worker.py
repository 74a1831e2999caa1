"""Render in a child process, which is killed if it exceeds its time limit.

No check of a text can prove that a parser finishes in time. The process is kept for the next text,
so that a render costs two messages instead of a start.
"""

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from .refusal import MarkdownRefused, RefusalReason

logger = logging.getLogger(__name__)

# Seconds. A start takes 0.2 on an idle machine, and longer on a busy one.
START_LIMIT = 20.0
STOP_LIMIT = 2.0

# Times the limit until the parent gives up. A render gets less of a busy machine than it uses.
PATIENCE = 5

# The only variables passed on: a process that reads untrusted text must not have secrets.
_ENVIRONMENT = ("LD_LIBRARY_PATH", "PATH")


class RenderWorker:
    """Renders texts in a child process, one at a time. Safe for threads and after a fork."""

    def __init__(self, program: str = "core.markdown") -> None:
        """Take the module to run, which must speak the protocol of `core.markdown.__main__`."""
        self._program = program
        self._reset()
        os.register_at_fork(after_in_child=self._reset)
        atexit.register(self.close)

    def html(self, text: str, profile: str, limit: float) -> str:
        """Return `text` as HTML, or raise MarkdownRefused.

        `limit` is in seconds of processor time; the answer comes within PATIENCE times as long.
        """
        with self._lock:
            answer = self._request(json.dumps([text, profile, limit]).encode(), limit)
        if "html" in answer:
            return str(answer["html"])
        raise MarkdownRefused(RefusalReason(answer["refused"]))

    def close(self) -> None:
        """Kill the process, if there is one; the next text starts another."""
        with self._lock:
            self._stop()

    def _reset(self) -> None:
        # After a fork the render process is a child of the parent, and the lock may be held by a
        # thread that does not exist here.
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def _request(self, message: bytes, limit: float) -> dict[str, str]:
        try:
            connection = self._ready()
            connection.send_bytes(message)
            if not connection.poll(limit * PATIENCE):
                raise MarkdownRefused(self._overdue(message))
            answer: dict[str, str] = json.loads(connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise MarkdownRefused(self._ended(message)) from error
        except BaseException:
            # A late answer must not be taken for the answer to the next text.
            self._stop()
            raise
        return answer

    def _overdue(self, message: bytes) -> RefusalReason:
        logger.warning("Killed the render of %d bytes", len(message))
        return RefusalReason.TIME

    def _ended(self, message: bytes) -> RefusalReason:
        """Return why the process ended by itself, and clear it away."""
        process = self._process
        self._stop()
        if process and process.returncode == -signal.SIGPROF:
            return self._overdue(message)
        logger.exception("The render process ended unexpectedly")
        return RefusalReason.BROKEN

    def _ready(self) -> Connection:
        if self._connection and self._process and self._process.poll() is None:
            return self._connection
        self._stop()
        self._connection, theirs = Pipe()
        with theirs:
            self._process = self._start(theirs.fileno())
        if not self._connection.poll(START_LIMIT):
            raise TimeoutError("The render process did not start")
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
