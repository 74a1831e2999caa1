"""What the processes of the site keep in memory, before and after the largest discussion.

Both times after the same kinds of pages: of the smallest discussion, which fill what a process
remembers, then of the largest. What differs is owed to the size alone.
"""

from ..harness.captured import GZIP, Captured
from ..harness.load import Request, Target
from ..harness.site import READER, MeasuredDiscussion, MeasuredSite, cookie, run_for_json
from ..harness.usage import memory
from ..limits.running import BARE, PUBLIC, SIGNED_IN, bare_twins
from .rebuilt import addresses

WARM_UP = 1.0  # seconds
PAGES = 10  # of each kind of slice


def measure(place: MeasuredSite, read: list[MeasuredDiscussion]) -> dict[str, float]:
    """Return megabytes: of the site warm and after the largest discussion, and of the bare view."""
    with bare_twins(place, read[:1]) as targets:
        warm = [each for each in targets if each.name in {BARE, PUBLIC, SIGNED_IN}]
        for target in warm:
            target.measure(WARM_UP)
        bare = memory(next(each.pids[0] for each in warm if each.name == BARE))
    ours = [target for target in warm if target.name != BARE]
    return {
        "bare view": bare,
        "site, warm": after_reading(place, read[0], ours),
        "site, after the largest": after_reading(place, read[-1], ours),
    }


def after_reading(place: MeasuredSite, discussion: MeasuredDiscussion, ours: list[Target]) -> float:
    """Return the megabytes of the site once many pages of `discussion` were read."""
    read_all(place, discussion)
    for target in ours:
        target.measure(WARM_UP)
    return memory(place.site.pid)


def read_all(place: MeasuredSite, discussion: MeasuredDiscussion) -> None:
    """Read many pages of `discussion`, in public and signed in, on every worker."""
    found = run_for_json("bench.pages.slices", [str(PAGES), discussion.slug], place.site)[
        discussion.slug
    ]
    slices = [path for paths in addresses(discussion.path, found).values() for path in paths]
    for headers in (GZIP, {**GZIP, **cookie(place.site, READER)}):
        for path in [discussion.path, *slices]:
            status = 302 if path.startswith("/comments/") else 200
            for _worker in range(4):
                Captured.from_site(place.site.url, Request(path, headers, status=status))
