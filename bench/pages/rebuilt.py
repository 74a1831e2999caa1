"""Measure rebuilt pages: the cost of the first response after a write to a discussion.

Of the caches it knows only the rule that no page is more than a second behind a write. So each
round replies in every discussion, waits longer than that second, and requests each page once, one
at a time, in a new order each round. Many small discussions requested at once show the same cost
under load.
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
# Requests of each page over parallel connections, so that both workers have served every page.
READ_BEFORE, READERS = 16, 8
MOST = 100  # addresses of each kind of slice, used in turn
STALE = 1.15  # seconds after a write, by when every page has to show it
AT_REST = 0.003  # seconds until a thread sleeps after its response, and the kernel counts its time
FIRST_VIEW = "first view"
AFRESH_FIRST = f"afresh: {FIRST_VIEW}"
AFRESH = "public page, built afresh"
AT_ONCE = ", at once"
# The sorts of the comments of one stance, as parts of a query.
STANCE_SORTS = {"": "", ", newest": "&sort=newest", ", most replied": "&sort=replies"}
ORIGIN = re.compile(r"https?://[^/]+")


@dataclass(frozen=True)
class TimedRequest:
    """A kind of page of a discussion; `paths` yields its addresses in turn."""

    target: Target
    paths: Iterator[str]


class Afresh:
    """All pages that are requested after a write, and the forms that write."""

    def __init__(
        self,
        place: MeasuredSite,
        discussions: list[MeasuredDiscussion],
        answering: dict[MeasuredDiscussion, Answering],
    ) -> None:
        """Find the slices of `discussions`; `answering` has the forms to write with."""
        self.place = place
        self.forms = [answering[each] for each in discussions]
        found = run_for_json(
            "bench.pages.slices", [str(MOST), *(each.slug for each in discussions)], place.site
        )
        self.first = [self._asked(each, FIRST_VIEW, [each.path]) for each in discussions]
        self.slices = [
            self._asked(each, name, paths)
            for each in discussions
            for name, paths in addresses(each.path, found[each.slug]).items()
        ]
        self.random = Random(1)

    @property
    def targets(self) -> list[Target]:
        """All targets: the first views, then the other slices."""
        return [asked.target for asked in [*self.first, *self.slices]]

    def measure(self, beside: list[Target]) -> None:
        """Add one run to all targets, and to those `beside`, which no write changes."""
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
        """Return the requests of a round: first views before slices of the same discussions.

        Those `beside` are requested among the first views, also once each: a server is slower
        after a pause, so repeated requests could not be compared with them.
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
    """Return a target for the first views of many discussions, each just after a write."""
    forms = [answering[each] for each in small]

    def batch() -> list[Request]:
        read_before(place, small)  # each time: a worker may have been replaced meanwhile
        write(place, forms)
        time.sleep(STALE)
        return [Request(each.path, GZIP) for each in small]

    request = Request(small[0].path, GZIP)
    return Target(AFRESH, small[0].size, place.site.url, place.pids, request, batch)


def at_once(target: Target, number: int) -> Target:
    """Return a copy of `target` with `number` requests at once after a pause, as first views."""

    def batch() -> list[Request]:
        time.sleep(STALE)
        return [target.request] * number

    return replace(target, name=f"{target.name}{AT_ONCE}", batch=batch, limit="", runs=[])


def read_before(place: MeasuredSite, discussions: list[MeasuredDiscussion]) -> None:
    """Request every page a few times over parallel connections, so that all workers serve it.

    One after the other, the same worker might serve all of them. The measurement is of pages after
    a write, and not of the first request that a worker ever gets for an article.
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
    """Request `path`, following redirects; return milliseconds elapsed and of processor time."""
    return timed(target.url, target.pids, lambda via: follow(via, path, target.request))


def timed(
    url: str, pids: tuple[int, ...], ask: Callable[[HTTPConnection], object]
) -> tuple[float, float]:
    """Call `ask` with a new connection to `url`; return milliseconds elapsed and of processor."""
    with contextlib.closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
        connection.connect()
        time.sleep(AT_REST)
        before, started = seconds(pids), time.perf_counter()
        ask(connection)
        taken = time.perf_counter() - started
        time.sleep(AT_REST)
        return taken * 1000, (seconds(pids) - before) * 1000


def follow(connection: HTTPConnection, path: str, request: Request) -> None:
    """Get `path` and follow redirects; raise RuntimeError unless they end in a page."""
    for _step in range(3):
        connection.request("GET", path, headers=request.headers)
        response = connection.getresponse()
        response.read()
        if response.status == request.status:
            return
        location = response.getheader("Location")
        if location is None:
            raise RuntimeError(f"GET {path} answered {response.status}")
        path = ORIGIN.sub("", location).partition("#")[0]
    raise RuntimeError(f"{path} redirects too often")


def seconds(pids: tuple[int, ...]) -> float:
    """Return the seconds of processor time of all `pids` and their descendants so far."""
    return sum(map(processor_seconds, pids))


def run_of(taken: list[float], costs: list[float]) -> Run:
    """Return the medians of single requests as the figures of one run."""
    middle = median(taken)
    return Run(
        rate=1000 / middle,
        cost=median(costs),
        p50=middle,
        p99=max(taken),
        client_cost=0,
        others=0,
    )
