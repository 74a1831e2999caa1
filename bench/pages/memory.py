"""Measure the memory of the site's processes, before and after the largest discussion.

Both readings follow the same kinds of pages: first of the smallest discussion, which fills the
caches of a process, then of the largest. So they differ by the size alone.
"""

from ..harness.captured import GZIP, Captured
from ..harness.load import Request, Target
from ..harness.site import READER, MeasuredDiscussion, MeasuredSite, cookie, run_for_json
from ..harness.usage import memory
from ..limits.running import BARE, PUBLIC, SIGNED_IN, bare_twins
from .rebuilt import addresses

WARM_UP = 1.0  # seconds
PAGES = 10  # requested of each kind of slice


def measure(place: MeasuredSite, discussions: list[MeasuredDiscussion]) -> dict[str, float]:
    """Return the megabytes of the bare view, and of the site before and after the largest."""
    with bare_twins(place, discussions[:1]) as targets:
        warm = [each for each in targets if each.name in {BARE, PUBLIC, SIGNED_IN}]
        for target in warm:
            target.measure(WARM_UP)
        bare = memory(next(each.pids[0] for each in warm if each.name == BARE))
    ours = [target for target in warm if target.name != BARE]
    return {
        "bare view": bare,
        "site, warm": after_reading(place, discussions[0], ours),
        "site, after the largest": after_reading(place, discussions[-1], ours),
    }


def after_reading(place: MeasuredSite, discussion: MeasuredDiscussion, ours: list[Target]) -> float:
    """Return the megabytes of the site after many pages of `discussion`."""
    read_all(place, discussion)
    for target in ours:
        target.measure(WARM_UP)
    return memory(place.site.pid)


def read_all(place: MeasuredSite, discussion: MeasuredDiscussion) -> None:
    """Request many pages of `discussion`, public and signed in, on every worker."""
    found = run_for_json("bench.pages.slices", [str(PAGES), discussion.slug], place.site)[
        discussion.slug
    ]
    slices = [path for paths in addresses(discussion.path, found).values() for path in paths]
    for headers in (GZIP, {**GZIP, **cookie(place.site, READER)}):
        for path in [discussion.path, *slices]:
            status = 302 if path.startswith("/comments/") else 200
            for _worker in range(4):
                Captured.from_site(place.site.url, Request(path, headers, status=status))
