"""A site to measure, with discussions of several sizes in it, and the bare one beside it."""

import contextlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.browser.site import Site, prepare, serving
from tests.services import ROOT, START_LIMIT, free_port

from .load import Request, Target, answer

SIZES = (60, 6_000)
READER, AUTHOR = "reader", "author"
_numbers = count(1)


@dataclass
class Discussion:
    """A post with `size` comments under it, at `path`."""

    size: int
    path: str


@contextlib.contextmanager
def prepared_site() -> Iterator[tuple[Site, list[Discussion]]]:
    """Serve a site with a discussion of each size until the block ends."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-bench-") as name:
        folder = Path(name)
        (folder / "prepared").mkdir()
        prepare(folder / "prepared")
        with serving(folder / "prepared", folder / "site") as site:
            yield site, [_discussion(site, size) for size in SIZES]


def _discussion(site: Site, size: int) -> Discussion:
    slug = f"bench-{size}"
    article = site.folder / f"{slug}.md"
    article.write_text(f"# {slug}\n\n{(ROOT / 'posts/demo/article.md').read_text()}")
    site.manage("publish", str(article), "--author", AUTHOR, "--publish")
    site.manage("generate_discussion", slug, "--comments", str(size))
    return Discussion(size, f"/posts/{slug}/")


@contextlib.contextmanager
def bare_site(site: Site, pages: dict[str, bytes]) -> Iterator[tuple[str, int]]:
    """Serve `pages` by a bare Django view and the same server; yield its address and process."""
    folder = site.folder / "pages"
    folder.mkdir()
    for name, content in pages.items():
        (folder / name).write_bytes(content)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    environment = site.environment | {"PORT": str(port), "BENCH_PAGES": str(folder)}
    with subprocess.Popen(
        [*gunicorn, "bench.bare:application"],
        cwd=ROOT,
        env=environment,
        stderr=(site.folder / "bare.log").open("wb"),
    ) as server:
        try:
            _wait(f"{url}/{next(iter(pages))}")
            yield url, server.pid
        finally:
            server.terminate()


def _wait(url: str) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def public_page(site: Site, discussion: Discussion) -> bytes:
    """Return the bytes of a post page as everybody gets them."""
    with contextlib.closing(HTTPConnection(urlsplit(site.url).netloc)) as connection:
        return answer(connection, Request(discussion.path))


def cookie(site: Site, handle: str) -> dict[str, str]:
    """Return the header of a signed-in person."""
    session = site.session(handle)
    return {"Cookie": f"{session['name']}={session['value']}"}


def reading(site: Site, discussion: Discussion, handle: str = "") -> Target:
    """Return the reading of a post page, in public or signed in as `handle`."""
    request = Request(discussion.path, cookie(site, handle) if handle else {})
    name = "signed-in page" if handle else "public page"
    return Target(name, discussion.size, site.url, site.pid, request)


def replying(site: Site, discussion: Discussion) -> Target:
    """Return the posting of replies, each durable once it is answered.

    The post's author writes them: rates and holds are for others.
    """
    address = f"{discussion.path}answer/"
    parent = _a_comment(public_page(site, discussion).decode())
    headers = cookie(site, AUTHOR)
    with contextlib.closing(HTTPConnection(urlsplit(site.url).netloc)) as connection:
        connection.request("GET", f"{address}?parent={parent}", headers=headers)
        response = connection.getresponse()
        page = response.read().decode()
        given = response.headers.get_all("Set-Cookie") or []
    fields = {name: _field(page, name) for name in ("csrfmiddlewaretoken", "parent")}
    headers["Cookie"] += "".join(f"; {each.split(';')[0]}" for each in given)
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    def each() -> Iterator[Request]:
        while True:
            fresh = {"body": f"Reply number {next(_numbers)}.", "form_key": str(uuid.uuid4())}
            yield Request(address, headers, urlencode(fields | fresh), status=302)

    return Target("durable reply", discussion.size, site.url, site.pid, Request(address), each)


def _a_comment(page: str) -> str:
    found = re.search(r'data-comment-id="(\d+)"', page)
    assert found, "the page shows no comment"
    return found[1]


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the form has no field {name}"
    return found[1]
