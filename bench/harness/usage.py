"""Read what processes and their descendants use: processor time and memory."""

import math
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # of processor time in a second, as /proc counts it
KB_PER_MB = 1024
# Seconds: a server is idle if it worked for less than IDLE between two readings, LOOK_AGAIN apart.
IDLE, LOOK_AGAIN = 0.001, 0.02


@dataclass(frozen=True)
class Usage:
    """Seconds of processor time so far: the servers', this process's, and the whole machine's."""

    server: float
    client: float
    machine: float

    @classmethod
    def of(cls, pids: tuple[int, ...]) -> "Usage":
        """Return the usage so far; `pids` are the servers' main processes."""
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        client = time.process_time() + ended.ru_utime + ended.ru_stime
        return cls(sum(map(processor_seconds, pids)), client, machine_seconds())


def processor_seconds(pid: int) -> float:
    """Return the seconds of processor time that a process and its descendants have used."""
    while True:
        try:
            return sum(map(_own_seconds, family(pid)))
        except (FileNotFoundError, ProcessLookupError):
            # One ended during the count; its time now counts as its parent's.
            Path(f"/proc/{pid}/stat").stat()


def settle(pids: tuple[int, ...], limit: float = 10.0) -> None:
    """Wait until the servers are idle: a client may leave before a slow response is built."""
    deadline = time.monotonic() + limit
    before = math.inf
    while time.monotonic() < deadline:
        now = sum(map(processor_seconds, pids))
        if abs(now - before) < IDLE:
            return
        before = now
        time.sleep(LOOK_AGAIN)


def machine_seconds() -> float:
    """Return the seconds that all processors have worked since the machine started."""
    user, nice, system, _idle, _waiting, *interrupts = map(
        int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    )
    return (user + nice + system + sum(interrupts)) / TICKS


def memory(pid: int) -> float:
    """Return the megabytes of a process and its descendants, shared pages divided among users."""
    return sum(map(_proportional_kb, family(pid))) / KB_PER_MB


def family(pid: int) -> Iterator[int]:
    """Yield a process and all its descendants."""
    yield pid
    for task in _tasks(pid):
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def _tasks(pid: int) -> Iterator[Path]:
    return Path(f"/proc/{pid}/task").iterdir()


def _own_seconds(pid: int) -> float:
    # After the name in brackets, figures 12 to 15 are user and system time of the process, and of
    # its ended children: a worker that gunicorn replaced still counts.
    figures = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system, *ended = (int(figure) / TICKS for figure in figures[11:15])
    # Exact to the microsecond for sleeping threads, but without those that ended.
    threads = sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(pid)) / 1e9
    return max(threads, user + system) + sum(ended)


def processes(pid: int) -> list[dict[str, float]]:
    """Return for a process and each descendant its private, shared and proportional megabytes."""
    return [
        {
            "private": (figures["Private_Clean"] + figures["Private_Dirty"]) / KB_PER_MB,
            "shared": (figures["Shared_Clean"] + figures["Shared_Dirty"]) / KB_PER_MB,
            "counted": figures["Pss"] / KB_PER_MB,
        }
        for figures in map(_kilobytes, family(pid))
    ]


def _proportional_kb(pid: int) -> int:
    return _kilobytes(pid)["Pss"]


def _kilobytes(pid: int) -> dict[str, int]:
    _head, *lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
