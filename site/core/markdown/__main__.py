"""The render process: `python -m core.markdown CHANNEL` renders until its channel is closed."""

import json
import logging
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from .pipeline import Pipeline
from .policy import Profile
from .refusal import MarkdownRefused, RefusalReason

# Bytes of address space. The process takes some 50 MB; no text may take the server's memory.
MEMORY_LIMIT = 1024**3

Render = Callable[[str, Profile], str]


def serve(channel: int, render: Render) -> None:
    """Render each text received on `channel`, a file descriptor, until it is closed.

    A text that takes more processor time than its limit, in seconds, ends the process.
    """
    # Ctrl-C in a terminal reaches this process as well; the server stops it itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    with Connection(channel) as connection, suppress(EOFError, OSError):
        connection.send_bytes(b"ready")
        while True:
            text, profile, limit = json.loads(connection.recv_bytes())
            # SIGPROF ends the process even within a regular expression, and whatever the machine
            # does beside it.
            signal.setitimer(signal.ITIMER_PROF, limit)
            answer = _answer(render, text, Profile(profile))
            signal.setitimer(signal.ITIMER_PROF, 0)
            connection.send_bytes(json.dumps(answer).encode())


def _answer(render: Render, text: str, profile: Profile) -> dict[str, str]:
    try:
        return {"html": render(text, profile)}
    except MarkdownRefused as refused:
        return {"refused": refused.reason.value}
    except Exception:
        logging.exception("A text of %d characters broke the renderer", len(text))
        return {"refused": RefusalReason.BROKEN.value}


def main() -> None:
    """Serve with a pipeline for each profile."""
    pipelines = {profile: Pipeline(profile) for profile in Profile}
    serve(int(sys.argv[1]), lambda text, profile: pipelines[profile].html(text))


if __name__ == "__main__":
    main()
