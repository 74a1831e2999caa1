"""Serve the requests of `core.processes.parent` within limits of time and memory."""

import resource
import signal
import struct
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

_LIMIT = struct.Struct("!d")


def serve(channel: int, answer: Callable[[bytes], bytes], memory: int) -> None:
    """Answer each request received on `channel`, a file descriptor, until it is closed.

    A request that takes more processor time than its limit, in seconds, ends the process; one that
    takes more than `memory` bytes of address space meets a MemoryError.
    """
    # Ctrl-C in a terminal reaches this process as well; the server stops it itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with Connection(channel) as connection, suppress(EOFError, OSError):
        connection.send_bytes(b"ready")
        while True:
            message = connection.recv_bytes()
            # SIGPROF ends the process even within compiled code, and whatever the machine does
            # beside it.
            signal.setitimer(signal.ITIMER_PROF, *_LIMIT.unpack_from(message))
            answered = answer(message[_LIMIT.size :])
            signal.setitimer(signal.ITIMER_PROF, 0)
            connection.send_bytes(answered)
