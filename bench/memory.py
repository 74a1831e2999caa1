"""What the processes of the site keep in memory, before and after the largest discussion."""

from .afresh import addresses
from .captured import GZIP, Captured
from .limits import BARE, PUBLIC, SIGNED_IN, bare_twins
from .load import Request
from .place import READER, Discussion, Place, cookie, told_by
from .usage import memory

WARM_UP = 1.0  # seconds
PAGES = 10  # of each kind of slice of the largest discussion


def measure(place: Place, read: list[Discussion]) -> dict[str, float]:
    """Return megabytes: of the site warm and after the largest discussion, and of the bare view."""
    with bare_twins(place, read[:1]) as targets:
        warm = [each for each in targets if each.name in {BARE, PUBLIC, SIGNED_IN}]
        for target in warm:
            target.measure(WARM_UP)
        bare = next(each for each in warm if each.name == BARE)
        figures = {"bare view": memory(bare.pids[0]), "site, warm": memory(place.site.pid)}
    read_all(place, read[-1])
    for target in warm:
        if target.name != BARE:
            target.measure(WARM_UP)
    return figures | {"site, after the largest": memory(place.site.pid)}


def read_all(place: Place, largest: Discussion) -> None:
    """Read many pages of a discussion, in public and signed in, on every worker."""
    found = told_by("bench.slices", [str(PAGES), largest.slug], place.site)[largest.slug]
    slices = [path for paths in addresses(largest.path, found).values() for path in paths]
    for headers in (GZIP, {**GZIP, **cookie(place.site, READER)}):
        for path in [largest.path, *slices]:
            status = 302 if path.startswith("/comments/") else 200
            for _worker in range(4):
                Captured.from_site(place.site.url, Request(path, headers, status=status))
