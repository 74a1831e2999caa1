"""Serve a site to measure, fill discussions in it, and serve other applications beside it."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.site import BrowserSite, prepare, serving
from tests.services import ROOT, START_LIMIT, free_port, postgresql

READER, AUTHOR = "reader", "author"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
# Durable commits, as on a real site; the tests' own PostgreSQL has none.
DURABLE = "fsync=on"


@dataclass(frozen=True)
class MeasuredDiscussion:
    """A post with `size` comments under it."""

    size: int
    slug: str

    @property
    def path(self) -> str:
        """The path of the post's page."""
        return f"/posts/{self.slug}/"


@dataclass(frozen=True)
class MeasuredSite:
    """A running site, and the main processes of the site and its database."""

    site: BrowserSite
    pids: tuple[int, ...]
    database: str


@contextlib.contextmanager
def prepared_site(database: str) -> Iterator[MeasuredSite]:
    """Serve a site with the demonstration by the documented command; stop it after the block."""
    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="counterpoint-bench-"))
        )
        folder.chmod(0o755)  # PostgreSQL's user has to reach its own folder inside
        more, pids = {}, []
        if database == POSTGRESQL:
            own = folder / POSTGRESQL
            own.mkdir()
            more["DATABASE_URL"] = stack.enter_context(postgresql(own, DURABLE))
            pids.append(int((own / "data/postmaster.pid").read_text().split()[0]))
        (folder / "prepared").mkdir()
        prepare(folder / "prepared", **more)
        site = stack.enter_context(serving(folder / "prepared", folder / "site", **more))
        yield MeasuredSite(site, (site.pid, *pids), database)


def fill(site: BrowserSite, wanted: list[MeasuredDiscussion]) -> list[MeasuredDiscussion]:
    """Publish a post for each discussion of `wanted` and fill it; return them."""
    article = ROOT / "posts/importing/data/article.md"
    posts = [f"{each.slug}={each.size}" for each in wanted]
    run_module("bench.harness.fill", [str(article), AUTHOR, *posts], site)
    return wanted


@contextlib.contextmanager
def application(site: BrowserSite, module: str, **more: str) -> Iterator[tuple[str, int]]:
    """Serve a WSGI application by the site's own server and settings.

    `more` is added to the environment. Yield its address and its main process.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    environment = site.environment | {"PORT": str(port)} | more
    with (
        (site.folder / f"{module}.log").open("wb") as log,
        subprocess.Popen(
            [*gunicorn, f"{module}:application"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            wait_for(url, server, site.folder / f"{module}.log")
            yield url, server.pid
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until `url` responds; raise RuntimeError with the log if the server ends."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # an error page is a response, too
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer\n{log.read_text()[-2000:]}")


def cookie(site: BrowserSite, handle: str) -> dict[str, str]:
    """Return the `Cookie` header of a session of the person `handle`."""
    session = site.session(handle)
    return {"Cookie": f"{session['name']}={session['value']}"}


def run_for_json(module: str, arguments: list[str], site: BrowserSite) -> dict[str, Any]:
    """Run a module on the data of `site` and return the JSON object that it printed."""
    found = json.loads(run_module(module, arguments, site))
    assert isinstance(found, dict)
    return found


def run_module(module: str, arguments: list[str], site: BrowserSite, **more: str) -> str:
    """Run a module on the data of `site` in a separate process; return its output.

    `more` is added to the environment.
    """
    environment = (
        site.environment
        | more
        | {
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
    )
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    done.check_returncode()
    return done.stdout
