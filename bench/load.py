"""Sending requests over kept connections, and what they cost the server and us."""

import math
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
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

    `request` is sent again and again for a time; or `batch` gives the requests of a run, each
    sent once, as long as that takes.
    """

    name: str
    size: int
    url: str
    pid: int
    request: Request
    batch: Callable[[], list[Request]] | None = None
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    client_costs: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    answered: int = 0

    @property
    def rate(self) -> float:
        """Requests in a second: the median of all runs."""
        return median(self.rates)

    @property
    def cost(self) -> float:
        """Milliseconds of the server's processors for a request: the median of all runs."""
        return median(self.costs)

    @property
    def client_cost(self) -> float:
        """Milliseconds of our own processor for a request: the median of all runs."""
        return median(self.client_costs)

    @property
    def disturbance(self) -> float:
        """How many processors other programs kept busy meanwhile: the median of all runs."""
        return median(self.others)

    def warm_up(self, seconds: float) -> None:
        """Measure once and keep nothing of it but how much was answered."""
        self.measure(seconds)
        self.rates, self.costs, self.client_costs, self.others = [], [], [], []

    def measure(self, seconds: float) -> None:
        """Send requests, for so many seconds unless they come in a batch; keep what they took."""
        requests = iter(self.batch()) if self.batch else repeat(self.request)
        started, before = time.perf_counter(), Usage.of(self.pid)
        until = math.inf if self.batch else started + seconds
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            sent = sum(pool.map(partial(self._send, until=until), repeat(requests, CONNECTIONS)))
        elapsed, used = time.perf_counter() - started, Usage.of(self.pid)
        server, client = used.server - before.server, used.client - before.client
        self.answered += sent
        self.rates.append(sent / elapsed)
        self.costs.append(server * 1000 / sent)
        self.client_costs.append(client * 1000 / sent)
        self.others.append(max(0.0, used.machine - before.machine - server - client) / elapsed)

    def _send(self, requests: Iterator[Request], until: float) -> int:
        """Send requests over one connection `until` a moment; return how many were answered."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        sent = 0
        while time.perf_counter() < until and (request := next(requests, None)):
            answer(connection, request)
            sent += 1
        connection.close()
        return sent


@dataclass
class Usage:
    """Seconds of processor time so far: the server's, our own, and the whole machine's."""

    server: float
    client: float
    machine: float

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Return the usage at this moment; `pid` is the server's main process."""
        return cls(processor_seconds(pid), time.process_time(), machine_seconds())


def spread(figures: list[float]) -> float:
    """Return how far figures lie to either side of their middle, as a share of the median."""
    return (max(figures) - min(figures)) / 2 / median(figures)


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
    """Return the seconds of processor time that a process and all below it have ever used."""
    while True:
        try:
            return sum(map(_own_seconds, family(pid)))
        except (FileNotFoundError, ProcessLookupError):
            # One ended while we counted; its parent has its time now.
            Path(f"/proc/{pid}/stat").stat()


def machine_seconds() -> float:
    """Return the seconds that all processors have worked since the machine started."""
    user, nice, system, _idle, _waiting, *interrupts = map(
        int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    )
    return (user + nice + system + sum(interrupts)) / TICKS


def family(pid: int) -> Iterator[int]:
    """Yield a process and all processes below it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def _own_seconds(pid: int) -> float:
    # After the name in brackets, the 12th to 15th figures are its own user and system time, and
    # those of its children that have ended: a worker that gunicorn replaced still counts.
    figures = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, figures[11:15])) / TICKS
