"""Send requests over persistent connections, and measure what they cost server and client."""

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from http.client import HTTPConnection
from itertools import chain, repeat
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from . import wrk
from .usage import Usage, settle
from .wrk import WrkResult

# Connections: enough to keep both workers busy. Writers: as many as the goals are stated for.
CONNECTIONS, WRITERS = 16, 8
# Responses for each connection. wrk leaves without its last response; of fewer than these, the
# missing one would distort the rate.
FEW = 20


@dataclass
class Request:
    """One request to a path, and the status of its expected response."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    status: int = 200


@dataclass(frozen=True)
class Run:
    """The figures of one run: requests a second, and milliseconds of a request.

    `cost` is processor time of the servers, `client_cost` of this process; `others` is how many
    processors other programs kept busy meanwhile.
    """

    rate: float
    cost: float
    p50: float
    p99: float
    client_cost: float
    others: float

    @classmethod
    def of(cls, sent: WrkResult, before: Usage, after: Usage) -> "Run":
        """Return the figures of the requests `sent` between two readings of usage."""
        server, client = after.server - before.server, after.client - before.client
        others = max(0.0, after.machine - before.machine - server - client)
        return cls(
            rate=sent.answered / sent.seconds,
            cost=server * 1000 / sent.answered,
            p50=sent.p50,
            p99=sent.p99,
            client_cost=client * 1000 / sent.answered,
            others=others / sent.seconds,
        )


@dataclass
class Target:
    """A measurement: requests to the server at `url`, whose main processes are `pids`.

    `request` is repeated for a time; or `batch` returns the requests of a run, each sent once, as
    long as that takes. `limit` names the target that it is compared with.
    """

    name: str
    size: int
    url: str
    pids: tuple[int, ...]
    request: Request
    batch: Callable[[], list[Request]] | None = None
    limit: str = ""
    runs: list[Run] = field(default_factory=list)
    answered: int = 0

    def all(self, figure: str) -> list[float]:
        """Return the figure named `figure` of every run."""
        return [getattr(run, figure) for run in self.runs]

    def medians(self) -> dict[str, float]:
        """Return the median of every figure over all runs, by its name."""
        return {name: median(self.all(name)) for name in asdict(self.runs[0])}

    def measure(self, seconds: float) -> None:
        """Send requests, for `seconds` unless they come in a batch, and add a run."""
        for send in self._ways(seconds):
            settle(self.pids)
            before = Usage.of(self.pids)
            sent = send()
            if sent is not None:
                self.answered += sent.answered
                self.runs.append(Run.of(sent, before, Usage.of(self.pids)))
                return

    def _ways(self, seconds: float) -> Iterator[Callable[[], WrkResult | None]]:
        """Yield functions that send the requests, of which the last always succeeds."""
        if self.batch:
            yield partial(self._by_python, iter(self.batch()), WRITERS, math.inf)
            return
        if program := wrk.program():
            yield partial(self._by_wrk, program, seconds)
        yield partial(self._by_python, repeat(self.request), CONNECTIONS, seconds)

    def _by_wrk(self, program: Path, seconds: float) -> WrkResult | None:
        """Send by wrk; return None if there were too few responses for an exact rate."""
        url, headers = f"{self.url}{self.request.path}", self.request.headers
        sent = wrk.outcome(wrk.send(program, url, headers, CONNECTIONS, seconds))
        return sent if sent.answered >= FEW * CONNECTIONS else None

    def _by_python(
        self, requests: Iterator[Request], connections: int, seconds: float
    ) -> WrkResult:
        started = time.perf_counter()
        send = partial(self._send, until=started + seconds)
        with ThreadPoolExecutor(connections) as pool:
            taken = sorted(chain.from_iterable(pool.map(send, repeat(requests, connections))))
        elapsed = time.perf_counter() - started
        return WrkResult(len(taken), elapsed, percentile(taken, 50), percentile(taken, 99))

    def _send(self, requests: Iterator[Request], until: float) -> list[float]:
        """Send requests over one connection until the time `until`; return their milliseconds."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        taken = []
        while (started := time.perf_counter()) < until and (request := next(requests, None)):
            answer(connection, request)
            taken.append((time.perf_counter() - started) * 1000)
        connection.close()
        return taken


def percentile(ordered: list[float], share: int) -> float:
    """Return the figure that `share` per cent of the `ordered` figures do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def spread(figures: list[float]) -> float:
    """Return half the range of `figures`, as a share of their median."""
    return (max(figures) - min(figures)) / 2 / median(figures)


def answer(connection: HTTPConnection, request: Request) -> bytes:
    """Send `request` and return the response's body; raise RuntimeError on a wrong status."""
    method = "GET" if request.body is None else "POST"
    connection.request(method, request.path, request.body, request.headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != request.status:
        raise RuntimeError(f"{method} {request.path} answered {response.status}")
    return body
