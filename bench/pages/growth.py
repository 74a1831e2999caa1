"""Measure how costs grow with size: the same requests to a small and a large discussion in turn.

The speed of a shared machine varies. Requests within the same second are disturbed alike, so each
figure is the median of many ratios between the two costs of one round.
"""

import math
import time
from collections import defaultdict
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from ..harness.captured import GZIP
from ..harness.load import Request, answer
from ..harness.site import MeasuredDiscussion, MeasuredSite, fill, prepared_site
from ..limits.running import SIGNED_IN, known_cookies
from ..writes.replies import REPLYING, Answering, ReplyWriters, check_kept, comments_in
from .rebuilt import AFRESH_FIRST, STALE, read_before, timed

ROUNDS = 41  # an odd number, so that the median is one of the ratios
TIMES = 3  # requests for a signed-in page in each round, whose median counts
SMALL_SITE = 100_000  # comments of the site that a larger one is compared with
MOST_IN_ONE = 1_000_000  # comments at most in each discussion that only enlarges a site

Grown = dict[str, Any]


@dataclass(frozen=True)
class GrowthSide:
    """A discussion of a site, the form that replies to it, and the cookies of a reader."""

    place: MeasuredSite
    discussion: MeasuredDiscussion
    form: Answering
    reader: dict[str, str]

    @classmethod
    def of(cls, place: MeasuredSite, discussion: MeasuredDiscussion) -> "GrowthSide":
        """Return a side with new readers, whose discussion every worker has rendered once."""
        now = MeasuredDiscussion(comments_in(place.site, discussion.slug), discussion.slug)
        writers = ReplyWriters(place.site, [now], ROUNDS + 1)
        read_before(place, [now])
        return cls(place, now, Answering(writers, now), {**GZIP, **known_cookies(place.site)})

    def reply(self) -> dict[str, float]:
        """Post a reply; return its cost by its name."""
        return {REPLYING: self._cost(self.form.reply())}

    def read(self) -> dict[str, float]:
        """Request the page as a visitor, then signed in; return each cost by its name."""
        path = self.discussion.path
        return {
            AFRESH_FIRST: self._cost(Request(path, GZIP)),
            SIGNED_IN: median(self._cost(Request(path, self.reader)) for _ in range(TIMES)),
        }

    def _cost(self, request: Request) -> float:
        """Return the milliseconds of processor time that the response to `request` takes."""
        url, pids = self.place.site.url, self.place.pids
        return timed(url, pids, lambda via: answer(via, request))[1]


def with_size(place: MeasuredSite, discussions: list[MeasuredDiscussion]) -> list[Grown]:
    """Return how costs grow from the smallest of `discussions` to the largest."""
    small, large = (GrowthSide.of(place, each) for each in (discussions[0], discussions[-1]))
    return grown(small, large, large.discussion.size / small.discussion.size)


def with_site(
    place: MeasuredSite, database: str, discussion: MeasuredDiscussion, comments: int
) -> list[Grown]:
    """Return how costs grow from a site of `SMALL_SITE` comments to one of `comments`.

    `place` becomes the large site; the small one runs beside it meanwhile. Each has a `discussion`
    of the same size, which all requests go to.
    """
    with prepared_site(database) as small:
        for site, total in ((small, SMALL_SITE), (place, comments)):
            fill_up(site, discussion, total)
        sides = GrowthSide.of(small, discussion), GrowthSide.of(place, discussion)
        return grown(*sides, comments / SMALL_SITE)


def fill_up(place: MeasuredSite, discussion: MeasuredDiscussion, comments: int) -> None:
    """Fill `discussion`, then others until the site has `comments` in all."""
    missing = comments - discussion.size
    sizes = [min(MOST_IN_ONE, missing - n) for n in range(0, missing, MOST_IN_ONE)]
    others = [MeasuredDiscussion(size, f"{discussion.slug}-{n}") for n, size in enumerate(sizes)]
    fill(place.site, [discussion, *others])


def grown(small: GrowthSide, large: GrowthSide, times: float) -> list[Grown]:
    """Return how many times the costs of the `small` side those of the `large` side are.

    `times` is the ratio of their sizes. The first round only warms up.
    """
    rounds = [one_round(small, large, turn) for turn in range(ROUNDS + 1)][1:]
    for side in (small, large):
        check_kept(side.place.site, side.discussion, side.form.posted)
    return [row(what, [each[what] for each in rounds], times) for what in rounds[0]]


def row(what: str, pairs: list[tuple[float, float]], times: float) -> Grown:
    """Return the median and the quartiles of the ratios of `pairs` of costs."""
    ratios = [large / small for small, large in pairs]
    low, ratio, high = quantiles(ratios, n=4, method="inclusive")
    return {
        "what": what,
        "small": median(small for small, _large in pairs),
        "large": median(large for _small, large in pairs),
        "ratio": ratio,
        "low": low,
        "high": high,
        "exponent": math.log(ratio) / math.log(times),
    }


def one_round(small: GrowthSide, large: GrowthSide, turn: int) -> dict[str, tuple[float, float]]:
    """Write on both sides, then read; the sides change their order with every `turn`."""
    order = (small, large) if turn % 2 else (large, small)
    costs: dict[int, dict[str, float]] = defaultdict(dict)
    for side in order:
        costs[id(side)] |= side.reply()
    time.sleep(STALE)
    for side in order:
        costs[id(side)] |= side.read()
    return {what: (cost, costs[id(large)][what]) for what, cost in costs[id(small)].items()}
