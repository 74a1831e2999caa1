"""A process that renders for us, and that we can kill when it does not come to an end.

No look at a text can prove that a parser will finish with it in time; a clock outside can. The
process stays for the next text, so that a render costs two messages, not a start.
"""

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from .refusal import MarkdownRefused, RefusalReason

logger = logging.getLogger(__name__)

# Seconds. A start takes 0.2 on an idle machine; a laden one gets plenty.
START_LIMIT = 20.0
STOP_LIMIT = 2.0

# All it may know of our environment: what reads strangers' text has no use for our secrets.
_KEPT = ("LD_LIBRARY_PATH", "PATH")


class RenderWorker:
    """Renders texts in a process of its own, one at a time. Safe with threads and after a fork."""

    def __init__(self, program: str = "core.markdown") -> None:
        """Prepare to run `program`, a module that talks as `core.markdown.__main__` does."""
        self._program = program
        self._forget()
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.close)

    def html(self, text: str, profile: str, limit: float) -> str:
        """Return `text` as HTML, or raise Refused, at the latest after `limit` seconds."""
        with self._lock:
            answer = self._ask(json.dumps([text, profile]).encode(), limit)
        if "html" in answer:
            return str(answer["html"])
        raise MarkdownRefused(RefusalReason(answer["refused"]))

    def close(self) -> None:
        """End the process, if there is one; the next text starts another."""
        with self._lock:
            self._stop()

    def _forget(self) -> None:
        # After a fork the process is our parent's child, and the lock may be held by a thread
        # that does not exist here.
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def _ask(self, question: bytes, limit: float) -> dict[str, str]:
        try:
            connection = self._ready()
            connection.send_bytes(question)
            if not connection.poll(limit):
                logger.warning("Killed a render of %d bytes after %s s", len(question), limit)
                raise MarkdownRefused(RefusalReason.TIME)
            answer: dict[str, str] = json.loads(connection.recv_bytes())
        except (EOFError, OSError) as error:
            logger.exception("The render process ended by itself")
            self._stop()
            raise MarkdownRefused(RefusalReason.BROKEN) from error
        except BaseException:
            # An answer that is still on its way must never reach whoever asks next.
            self._stop()
            raise
        return answer

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
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return subprocess.Popen(  # noqa: S603 - our own program, no shell
            # -P: no module of the folder we happen to be in.
            [sys.executable, "-P", "-m", self._program, str(channel)],
            env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
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
