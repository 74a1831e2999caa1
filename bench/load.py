"""Sending requests over kept connections, and what they cost the server."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import repeat
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

CONNECTIONS = 4
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Request:
    """One request to a path, and the status that says it was answered."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    status: int = 200


@dataclass
class Target:
    """What is measured: requests to the server at `url`, whose main process is `pid`.

    `each` gives the requests; where it is left out, `request` is sent again and again.
    """

    name: str
    size: int
    url: str
    pid: int
    request: Request
    each: Callable[[], Iterator[Request]] | None = None
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests in a second: the median of all runs."""
        return median(self.rates)

    @property
    def cost(self) -> float:
        """Milliseconds of the server's processors for a request: the median of all runs."""
        return median(self.costs)

    @property
    def spread(self) -> float:
        """How far the runs lie apart, as a share of their median."""
        return (max(self.rates) - min(self.rates)) / self.rate

    def measure(self, seconds: float) -> None:
        """Send requests for so many seconds, and keep their rate and their cost."""
        before, started = processor_seconds(self.pid), time.perf_counter()
        until = started + seconds
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            sent = sum(pool.map(self._send, repeat(until, CONNECTIONS)))
        elapsed = time.perf_counter() - started
        self.rates.append(sent / elapsed)
        self.costs.append((processor_seconds(self.pid) - before) * 1000 / sent)

    def _send(self, until: float) -> int:
        """Send requests over one connection `until` a moment; return how many were answered."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        requests = self.each() if self.each else repeat(self.request)
        sent = 0
        while time.perf_counter() < until:
            answer(connection, next(requests))
            sent += 1
        connection.close()
        return sent


def answer(connection: HTTPConnection, request: Request) -> bytes:
    """Send `request` and return the body of its answer; raises RuntimeError for a wrong status."""
    method = "GET" if request.body is None else "POST"
    connection.request(method, request.path, request.body, request.headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != request.status:
        raise RuntimeError(f"{method} {request.path} answered {response.status}")
    return body


def processor_seconds(pid: int) -> float:
    """Return the seconds of processor time that a process and all below it have used."""
    return sum(map(_own_seconds, family(pid)))


def family(pid: int) -> Iterator[int]:
    """Yield a process and all processes below it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def _own_seconds(pid: int) -> float:
    # After the name in brackets: user and system time are the 12th and 13th figures.
    figures = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(figures[11]) + int(figures[12])) / TICKS
