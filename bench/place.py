"""A site to measure, with discussions of several sizes in it, and the bare one beside it."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.site import Site, prepare, serving
from tests.services import ROOT, START_LIMIT, free_port

from .load import Request, Target, answer

SIZES = (60, 6_000)
READER, AUTHOR = "reader", "author"


@dataclass
class Discussion:
    """A post with `size` comments under it."""

    size: int
    slug: str

    @property
    def path(self) -> str:
        """Where the post is."""
        return f"/posts/{self.slug}/"


@contextlib.contextmanager
def prepared_site() -> Iterator[Site]:
    """Serve a site with the demonstration by the documented command until the block ends."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-bench-") as name:
        folder = Path(name)
        (folder / "prepared").mkdir()
        prepare(folder / "prepared")
        with serving(folder / "prepared", folder / "site") as site:
            yield site


def discussions(site: Site, purpose: str) -> list[Discussion]:
    """Publish a post with a discussion of each size; `purpose` tells them from others."""
    return [_discussion(site, size, f"bench-{purpose}-{size}") for size in SIZES]


def _discussion(site: Site, size: int, slug: str) -> Discussion:
    article = site.folder / f"{slug}.md"
    article.write_text(f"# {slug}\n\n{(ROOT / 'posts/demo/article.md').read_text()}")
    site.manage("publish", str(article), "--author", AUTHOR, "--publish")
    site.manage("generate_discussion", slug, "--comments", str(size))
    return Discussion(size, slug)


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
    with (
        (site.folder / "bare.log").open("wb") as log,
        subprocess.Popen(
            [*gunicorn, "bench.bare:application"], cwd=ROOT, env=environment, stderr=log
        ) as server,
    ):
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


def run_module(module: str, arguments: list[str], site: Site) -> str:
    """Run a module on the data of `site` in a process of its own; return what it printed."""
    environment = site.environment | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    done.check_returncode()
    return done.stdout
