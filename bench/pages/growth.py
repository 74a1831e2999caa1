"""How costs grow: the same asked of a small and a large discussion in turn, again and again.

A machine that others share is now slow and now fast. What is asked within the same second is
disturbed alike, so each figure is the middle of many ratios of two costs that belong together.
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

ROUNDS = 41
TIMES = 3  # that a signed-in page is asked for in each round; the middle one counts
SMALL_SITE = 100_000  # comments of the site that a larger one is held against
MOST_IN_ONE = 1_000_000  # comments of each discussion that only makes a site larger

Grown = dict[str, Any]


@dataclass(frozen=True)
class GrowthSide:
    """A discussion of a place, the form that replies to it, and somebody who reads it."""

    place: MeasuredSite
    discussion: MeasuredDiscussion
    form: Answering
    reader: dict[str, str]

    @classmethod
    def of(cls, place: MeasuredSite, discussion: MeasuredDiscussion) -> "GrowthSide":
        """Return a side with people of its own; every worker has read the discussion."""
        now = MeasuredDiscussion(comments_in(place.site, discussion.slug), discussion.slug)
        writers = ReplyWriters(place.site, [now], ROUNDS + 1)
        read_before(place, [now])
        return cls(place, now, Answering(writers, now), {**GZIP, **known_cookies(place.site)})

    def reply(self) -> dict[str, float]:
        """Write a reply; return what it cost by its name."""
        return {REPLYING: self._cost(self.form.reply())}

    def read(self) -> dict[str, float]:
        """Ask for the page as a visitor, then signed in; return what each cost by its name."""
        path = self.discussion.path
        return {
            AFRESH_FIRST: self._cost(Request(path, GZIP)),
            SIGNED_IN: median(self._cost(Request(path, self.reader)) for _ in range(TIMES)),
        }

    def _cost(self, request: Request) -> float:
        """Return the milliseconds of processor time that it takes to answer `request`."""
        url, pids = self.place.site.url, self.place.pids
        return timed(url, pids, lambda via: answer(via, request))[1]


def with_size(place: MeasuredSite, read: list[MeasuredDiscussion]) -> list[Grown]:
    """Return how costs grow from the smallest discussion of those to `read` to the largest."""
    small, large = (GrowthSide.of(place, each) for each in (read[0], read[-1]))
    return grown(small, large, large.discussion.size / small.discussion.size)


def with_site(
    place: MeasuredSite, database: str, discussion: MeasuredDiscussion, comments: int
) -> list[Grown]:
    """Return how costs grow from a site of 100,000 comments to one of `comments`.

    `place` becomes the large one; the small one is beside it as long as this takes. Each has a
    `discussion` of the same kind, of which all is asked.
    """
    with prepared_site(database) as small:
        for site, total in ((small, SMALL_SITE), (place, comments)):
            fill_up(site, discussion, total)
        sides = GrowthSide.of(small, discussion), GrowthSide.of(place, discussion)
        return grown(*sides, comments / SMALL_SITE)


def fill_up(place: MeasuredSite, discussion: MeasuredDiscussion, comments: int) -> None:
    """Fill `discussion`, and others until the place has so many `comments` in all."""
    missing = comments - discussion.size
    sizes = [min(MOST_IN_ONE, missing - n) for n in range(0, missing, MOST_IN_ONE)]
    others = [MeasuredDiscussion(size, f"{discussion.slug}-{n}") for n, size in enumerate(sizes)]
    fill(place.site, [discussion, *others])


def grown(small: GrowthSide, large: GrowthSide, times: float) -> list[Grown]:
    """Return how the costs of the `large` side, so many `times` the small one, exceed the others.

    The first round only warms up.
    """
    rounds = [one_round(small, large, turn) for turn in range(ROUNDS + 1)][1:]
    for side in (small, large):
        check_kept(side.place.site, side.discussion, side.form.posted)
    return [row(what, [each[what] for each in rounds], times) for what in rounds[0]]


def row(what: str, pairs: list[tuple[float, float]], times: float) -> Grown:
    """Return the middle of the ratios of each pair of costs, and between what half of them lie."""
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
    """Let both sides write, then read; each is the first in every other `turn`."""
    order = (small, large) if turn % 2 else (large, small)
    costs: dict[int, dict[str, float]] = defaultdict(dict)
    for side in order:
        costs[id(side)] |= side.reply()
    time.sleep(STALE)
    for side in order:
        costs[id(side)] |= side.read()
    return {what: (cost, costs[id(large)][what]) for what, cost in costs[id(small)].items()}
