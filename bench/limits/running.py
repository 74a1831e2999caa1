"""Run the limits that the site is compared with, each by the site's own server command."""

import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.browser.site import BrowserSite

from ..harness import nginx
from ..harness.captured import GZIP, Captured
from ..harness.load import Request, Run, Target
from ..harness.site import (
    READER,
    MeasuredDiscussion,
    MeasuredSite,
    application,
    cookie,
    run_for_json,
    run_module,
)

BARE, UNCACHED = "bare view (D)", "uncached page (P)"
PUBLIC, UNCHANGED, SIGNED_IN = "public page", "public page, 304", "signed-in page"
FILE, BEHIND = "nginx, a file", "public page, nginx cache"
COMMITS = "one-row commits"
LIMITS = {
    PUBLIC: BARE,
    UNCHANGED: f"{BARE}, 304",
    SIGNED_IN: f"{BARE}, signed-in page",
}


@contextlib.contextmanager
def bare_twins(
    place: MeasuredSite, discussions: list[MeasuredDiscussion]
) -> Iterator[list[Target]]:
    """Serve the site's pages by a bare view, too; yield the targets, each after its limit."""
    folder = Path(tempfile.mkdtemp(prefix="pages-", dir=place.site.folder))
    wanted = [
        (each, name, ask) for each in discussions for name, ask in requests(place, each).items()
    ]
    for number, (_each, _name, request) in enumerate(wanted):
        Captured.from_site(place.site.url, request).keep(folder, str(number))
    with application(place.site, "bench.limits.bare", BENCH_PAGES=str(folder)) as (url, pid):
        targets = []
        for number, (each, name, request) in enumerate(wanted):
            twin = Request(f"/{number}", GZIP, status=request.status)
            ours = place.site.url, place.pids, request
            targets.append(Target(LIMITS[name], each.size, url, (pid,), twin))
            targets.append(Target(name, each.size, *ours, limit=LIMITS[name]))
        yield targets


def requests(place: MeasuredSite, discussion: MeasuredDiscussion) -> dict[str, Request]:
    """Return the requests that get the same response each time, by their names."""
    public = Request(discussion.path, GZIP)
    unchanged = Request(discussion.path, dict(GZIP), status=304)
    ask_for_tag(place.site, unchanged)
    signed_in = Request(discussion.path, {**GZIP, **known_cookies(place.site)})
    Captured.from_site(place.site.url, signed_in)  # begins the session
    return {PUBLIC: public, UNCHANGED: unchanged, SIGNED_IN: signed_in}


def known_cookies(site: BrowserSite) -> dict[str, str]:
    """Return the `Cookie` header of a signed-in reader on a second visit."""
    return {"Cookie": f"{cookie(site, READER)['Cookie']}; csrftoken={secrets.token_hex(16)}"}


def ask_for_tag(site: BrowserSite, request: Request) -> None:
    """Add the current ETag of the page to `request`."""
    page = Captured.from_site(site.url, Request(request.path, GZIP))
    request.headers["If-None-Match"] = page.header("ETag")


@contextlib.contextmanager
def uncached_page(place: MeasuredSite, discussion: MeasuredDiscussion) -> Iterator[Target]:
    """Serve the uncached page P over copies of the comments of a discussion."""
    file = Path(tempfile.mkdtemp(prefix="uncached-", dir=place.site.folder)) / "stored.sqlite3"
    run_module("bench.limits.stored_comments", [discussion.slug, str(file)], place.site)
    page = Captured.from_site(place.site.url, Request(discussion.path))
    more = {"BENCH_DATABASE": str(file), "BENCH_BYTES": str(len(page.content))}
    with application(place.site, "bench.limits.uncached", **more) as (url, pid):
        yield Target(UNCACHED, discussion.size, url, (pid,), Request("/", GZIP), limit=BARE)


@contextlib.contextmanager
def behind_nginx(place: MeasuredSite, discussion: MeasuredDiscussion) -> Iterator[list[Target]]:
    """Yield targets for the page as a file and behind nginx's cache; none without nginx."""
    program = nginx.program()
    if program is None:
        yield []
        return
    request = Request(discussion.path, GZIP)
    page = Captured.from_site(place.site.url, request)
    with nginx.in_front(place, program, page) as (url, pid):
        as_file = Request(nginx.file_path(page), GZIP)
        pids = (pid, *place.pids)
        yield [
            Target(FILE, discussion.size, url, (pid,), as_file),
            Target(BEHIND, discussion.size, url, pids, request, limit=FILE),
        ]


def commits(site: BrowserSite, seconds: float) -> Run:
    """Commit rows for `seconds` and return the figures."""
    found = run_for_json("bench.limits.commits", [str(seconds)], site)
    return Run(found["rate"], 0, found["p50"], found["p99"], client_cost=0, others=0)
