"""Compare WSGI and ASGI servers on the same pages: `python -m bench.pages.servers`.

Each serves the bare view, the public page and the signed-in page of one discussion by two workers,
all measured in turn. Servers that are not installed are named and left out.
"""

import argparse
import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.services import ROOT, free_port

from ..harness.captured import Captured
from ..harness.load import Request, Target, spread
from ..harness.site import SQLITE, MeasuredDiscussion, MeasuredSite, fill, prepared_site, wait_for
from ..harness.usage import memory
from ..limits.running import PUBLIC, SIGNED_IN, requests
from ..report.summary import say
from ..report.table import table

BARE = "bare view"
WSGI, ASGI = "wsgi", "asgi"
APPLICATIONS = {
    (WSGI, True): "bench.limits.bare:application",
    (ASGI, True): "bench.limits.bare_asgi:application",
    (WSGI, False): "config.wsgi:application",
    (ASGI, False): "config.asgi:application",
}
GUNICORN = "gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:{port} --workers 2"
UVICORN = "uvicorn --host 127.0.0.1 --port {port} --workers 2 --log-level warning"
GRANIAN = "granian --host 127.0.0.1 --port {port} --workers 2 --log-level warning"
# The interface and the command of each server.
SERVERS = {
    "gunicorn, sync": (WSGI, f"{GUNICORN} --worker-class sync --threads 1"),
    "gunicorn, 4 threads": (WSGI, f"{GUNICORN} --worker-class gthread --threads 4"),
    "granian, WSGI": (WSGI, f"{GRANIAN} --interface wsgi"),
    "granian, ASGI": (ASGI, f"{GRANIAN} --interface asgi"),
    "uvicorn, ASGI": (ASGI, UVICORN),
}


def main() -> None:
    """Measure every server and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages.servers", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--comments", type=int, default=1_000)
    options = parser.parse_args()
    with prepared_site(SQLITE) as place, contextlib.ExitStack() as stack:
        [discussion] = fill(place.site, [MeasuredDiscussion(options.comments, "bench-servers")])
        targets, pids = [], {}
        for name, (interface, command) in installed().items():
            found = stack.enter_context(served(place, discussion, name, interface, command))
            targets += found
            pids[name] = found[-1].pids[0]
        for run in range(options.runs + 1):
            for target in targets:
                target.measure(options.seconds)
                if run == 0:
                    target.runs.clear()
        say(server_table(targets, {name: memory(pid) for name, pid in pids.items()}))


def installed() -> dict[str, tuple[str, str]]:
    """Return the installed servers; print the names of the others."""
    missing = {name for name, (_, run) in SERVERS.items() if not _is_here(run.split()[0])}
    for name in sorted(missing):
        say(f"{name}: not measured; see bench/requirements.txt")
    return {name: how for name, how in SERVERS.items() if name not in missing}


def _is_here(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@contextlib.contextmanager
def served(
    place: MeasuredSite, discussion: MeasuredDiscussion, name: str, interface: str, command: str
) -> Iterator[list[Target]]:
    """Serve the bare page and the site by one server; yield the targets."""
    folder = Path(tempfile.mkdtemp(prefix="server-", dir=place.site.folder))
    asked = requests(place, discussion)
    pages = folder / "pages"
    pages.mkdir()
    Captured.from_site(place.site.url, asked[PUBLIC]).keep(pages, "page")
    bare_application, site_application = (APPLICATIONS[interface, bare] for bare in (True, False))
    with (
        started(place, f"{command} {bare_application}", folder / "bare", pages) as bare,
        started(place, f"{command} {site_application}", folder / "site", pages) as site,
    ):
        yield [
            Target(f"{name}|{BARE}", 0, bare[0], (bare[1],), Request("/page")),
            Target(f"{name}|{PUBLIC}", 0, site[0], (site[1],), asked[PUBLIC]),
            Target(f"{name}|{SIGNED_IN}", 0, site[0], (site[1],), asked[SIGNED_IN]),
        ]


@contextlib.contextmanager
def started(place: MeasuredSite, command: str, log: Path, pages: Path) -> Iterator[tuple[str, int]]:
    """Run a server until the block ends; yield its address and its main process."""
    port = free_port()
    environment = place.site.environment | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BENCH_PAGES": str(pages),
    }
    words = command.format(port=port).split()
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=out, stderr=out
        ) as server,
    ):
        try:
            url = f"http://localhost:{port}"
            wait_for(f"{url}/page", server, log)
            yield url, server.pid
        finally:
            server.terminate()


def server_table(targets: list[Target], megabytes: dict[str, float]) -> str:
    """Return the table of every server's figures; memory is that of the site."""
    rows = []
    for target in targets:
        name, _bar, what = target.name.partition("|")
        figures = target.medians()
        rows.append(
            (
                name,
                what,
                f"{figures['rate']:,.0f}",
                f"±{spread(target.all('rate')):.0%}",
                f"{figures['cost']:.2f}",
                f"{figures['p50']:.1f}",
                f"{figures['p99']:.1f}",
                f"{megabytes[name]:.0f}" if what == SIGNED_IN else "",
            )
        )
    return table(("server", "what", "req/s", "", "CPU ms", "p50 ms", "p99 ms", "MB"), rows)


if __name__ == "__main__":
    main()
