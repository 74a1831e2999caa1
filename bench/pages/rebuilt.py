"""Pages built afresh: what it costs to answer once after somebody has written to a discussion.

It knows nothing of any cache but the rule: no page is more than a second behind a write. So each
round writes a reply to every discussion, waits longer than that second, and asks for each page
once, one at a time, in a new order each round. Many small discussions, asked for all at once, say
what the same costs under load.
"""

import contextlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from itertools import cycle
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from ..harness.captured import GZIP
from ..harness.load import Request, Run, Target, answer
from ..harness.site import MeasuredDiscussion, MeasuredSite, run_for_json
from ..harness.usage import processor_seconds
from ..writes.replies import Answering

ROUNDS = 5  # in each run
READ_BEFORE, READERS = 16, 8  # times, so that each of two workers has had every page
MOST = 100  # addresses of each kind of slice; then they come round again
STALE = 1.15  # seconds after a write; no page may then be older than it
AT_REST = 0.003  # seconds until a thread that has answered sleeps, and its time is written down
FIRST_VIEW = "first view"
AFRESH_FIRST = f"afresh: {FIRST_VIEW}"
AFRESH = "public page, built afresh"
AT_ONCE = ", at once"
# The orders in which the comments of one stance can be asked for.
STANCE_SORTS = {"": "", ", newest": "&sort=newest", ", most replied": "&sort=replies"}
LEADING_ON = re.compile(r"https?://[^/]+")


@dataclass(frozen=True)
class TimedRequest:
    """One page of a discussion; `paths` gives an address at a time."""

    target: Target
    paths: Iterator[str]


class Afresh:
    """All pages that are asked for after a write, and those who write."""

    def __init__(
        self,
        place: MeasuredSite,
        read: list[MeasuredDiscussion],
        answering: dict[MeasuredDiscussion, Answering],
    ) -> None:
        """Look for the slices of those to `read`; `answering` has the forms to write with."""
        self.place = place
        self.forms = [answering[each] for each in read]
        found = run_for_json(
            "bench.pages.slices", [str(MOST), *(each.slug for each in read)], place.site
        )
        self.first = [self._asked(each, FIRST_VIEW, [each.path]) for each in read]
        self.slices = [
            self._asked(each, name, paths)
            for each in read
            for name, paths in addresses(each.path, found[each.slug]).items()
        ]
        self.random = Random(1)

    @property
    def targets(self) -> list[Target]:
        """What is measured: the first views, then all other slices."""
        return [asked.target for asked in [*self.first, *self.slices]]

    def measure(self, beside: list[Target]) -> None:
        """Add one run to all targets, and to those `beside`, which nobody writes to."""
        costs: dict[int, list[float]] = defaultdict(list)
        taken: dict[int, list[float]] = defaultdict(list)
        for _round in range(ROUNDS):
            write(self.place, self.forms)
            time.sleep(STALE)
            for target, path in self._order(beside):
                milliseconds, cost = ask_once(target, path)
                taken[id(target)].append(milliseconds)
                costs[id(target)].append(cost)
        for target in [*self.targets, *beside]:
            target.runs.append(run_of(taken[id(target)], costs[id(target)]))

    def _asked(self, discussion: MeasuredDiscussion, name: str, paths: list[str]) -> TimedRequest:
        request = Request(paths[0], GZIP)
        url, pids = self.place.site.url, self.place.pids
        target = Target(f"afresh: {name}", discussion.size, url, pids, request)
        return TimedRequest(target, cycle(paths))

    def _order(self, beside: list[Target]) -> list[tuple[Target, str]]:
        """Return what to ask for: first views before the slices of the same discussions.

        What is `beside` is asked for among the first views, each once, as they are: after a pause a
        server is slower, and what is asked for again and again is not after a pause.
        """
        first = [(asked.target, next(asked.paths)) for asked in self.first]
        first += [(target, target.request.path) for target in beside]
        slices = [(asked.target, next(asked.paths)) for asked in self.slices]
        self.random.shuffle(first)
        self.random.shuffle(slices)
        return [*first, *slices]


def first_views(
    place: MeasuredSite,
    small: list[MeasuredDiscussion],
    answering: dict[MeasuredDiscussion, Answering],
) -> Target:
    """Return the asking for the first views of many discussions, each written to just before."""
    forms = [answering[each] for each in small]

    def batch() -> list[Request]:
        read_before(place, small)  # each time: a worker may have been replaced meanwhile
        write(place, forms)
        time.sleep(STALE)
        return [Request(each.path, GZIP) for each in small]

    request = Request(small[0].path, GZIP)
    return Target(AFRESH, small[0].size, place.site.url, place.pids, request, batch)


def at_once(target: Target, number: int) -> Target:
    """Return `target` again, asked for as first views are: so often at once, after a pause."""

    def batch() -> list[Request]:
        time.sleep(STALE)
        return [target.request] * number

    return replace(target, name=f"{target.name}{AT_ONCE}", batch=batch, limit="", runs=[])


def read_before(place: MeasuredSite, discussions: list[MeasuredDiscussion]) -> None:
    """Read every page a few times, by several connections at once, so that all workers have.

    One after the other, the same worker might take all of them. What is measured is what a write
    costs those who read on, and not an article's first reader.
    """
    netloc = urlsplit(place.site.url).netloc

    def read(each: MeasuredDiscussion) -> None:
        with contextlib.closing(HTTPConnection(netloc, timeout=60)) as connection:
            answer(connection, Request(each.path, GZIP))

    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(read, [each for each in discussions for _ in range(READ_BEFORE)]))


def write(place: MeasuredSite, forms: list[Answering]) -> None:
    """Reply to every discussion, one after the other."""
    netloc = urlsplit(place.site.url).netloc
    with contextlib.closing(HTTPConnection(netloc, timeout=60)) as connection:
        for form in forms:
            answer(connection, form.reply())


def addresses(path: str, slices: Any) -> dict[str, list[str]]:
    """Return the addresses of each kind of slice of the discussion at `path`."""
    return {
        "newest": [f"{path}?sort=newest"],
        "most replied": [f"{path}?sort=replies"],
        **{
            f"stance {key}{name}": [f"{path}?stance={key}{query}"]
            for key in slices["stances"]
            for name, query in STANCE_SORTS.items()
        },
        "new since": [f"{path}?since={version}" for version in slices["versions"]],
        "late in the newest": [f"{path}?sort=newest&after={place}" for place in slices["cursors"]],
        "after a cursor": [f"{path}?after={cursor}" for cursor in slices["cursors"]],
        "one branch": [f"{path}?thread={pk}" for pk in slices["branches"]],
        "permalink, deep": [f"/comments/{pk}/" for pk in slices["deep"]],
    }


def ask_once(target: Target, path: str) -> tuple[float, float]:
    """Ask for `path`, and follow it if it leads on; return milliseconds taken and of processor."""
    return timed(target.url, target.pids, lambda via: follow(via, path, target.request))


def timed(
    url: str, pids: tuple[int, ...], ask: Callable[[HTTPConnection], object]
) -> tuple[float, float]:
    """Let `ask` use a new connection to `url`; return milliseconds taken and of processor."""
    with contextlib.closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
        connection.connect()
        time.sleep(AT_REST)
        before, started = seconds(pids), time.perf_counter()
        ask(connection)
        taken = time.perf_counter() - started
        time.sleep(AT_REST)
        return taken * 1000, (seconds(pids) - before) * 1000


def follow(connection: HTTPConnection, path: str, request: Request) -> None:
    """Get `path`, and what it leads to; raises RuntimeError unless that ends in a page."""
    for _step in range(3):
        connection.request("GET", path, headers=request.headers)
        response = connection.getresponse()
        response.read()
        if response.status == request.status:
            return
        location = response.getheader("Location")
        if location is None:
            raise RuntimeError(f"GET {path} answered {response.status}")
        path = LEADING_ON.sub("", location).partition("#")[0]
    raise RuntimeError(f"{path} leads on and on")


def seconds(pids: tuple[int, ...]) -> float:
    """Return the processor time of all `pids` and those below them so far."""
    return sum(map(processor_seconds, pids))


def run_of(taken: list[float], costs: list[float]) -> Run:
    """Return the medians of single requests as one run."""
    middle = median(taken)
    return Run(
        rate=1000 / middle,
        cost=median(costs),
        p50=middle,
        p99=max(taken),
        client_cost=0,
        others=0,
    )
