"""Run one trial: kill a site, whose readers write, again and again, and check what is stored."""

import contextlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import made_once
from tests.browser.site import BrowserSite, prepare
from tests.made_once import real_environment
from tests.services import free_port

from ..harness.site import run_module
from .server import Program, database_server, site_server
from .writers import KillWriters, Stuck, WriteLedger

SLUG = "management-and-leadership"
COOKIE = "counterpoint"
WRITERS = 8
COMMENTS = "200"  # of the post before the trial, so that replies go to trees
PATIENCE = 300.0  # seconds between two kills before the writers count as stuck
RATE = "50/1"  # a rate limit above the speed of the writers, so that its query still runs


@dataclass
class Findings:
    """What was acknowledged, and what of it is stored."""

    kills: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    kept_unanswered: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether no reply is lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.faults)

    def compare(self, stored: dict[str, Any], ledger: WriteLedger) -> None:
        """Compare stored with acknowledged replies; call it while the server is dead."""
        with ledger.changed:
            acknowledged, sent = set(ledger.acknowledged), dict(ledger.sent)
        kept = Counter(key for key, _body in stored["replies"])
        texts = Counter(body for _key, body in stored["replies"])
        right = {key for key, body in stored["replies"] if key in sent and sent[key].body == body}
        self.acknowledged = len(acknowledged)
        self.lost = max(self.lost, len(acknowledged - right))
        again = sum(times - 1 for times in texts.values())
        self.doubled = max(self.doubled, again, sum(times - 1 for times in kept.values()))
        self.kept_unanswered += len(kept.keys() & sent.keys() - acknowledged)
        unknown = kept.keys() - sent.keys()
        self.faults += [f"nobody sent the reply with the key {key}" for key in unknown]
        self.faults += stored["faults"]


@dataclass
class KillSite:
    """The site of a trial, its server, and the database's server if that is killed as well."""

    site: BrowserSite
    server: Program
    database: Program | None = None

    def kill(self) -> None:
        """Kill all servers at once, then start the database again so that it can be read."""
        self.server.kill()
        if self.database:
            self.database.kill()
            self.database.start()


def trial(place: KillSite, kills: int, writes: int, writers: int = WRITERS) -> Iterator[Findings]:
    """Kill `kills` times in the middle of `writes` replies; yield the findings after each kill.

    The last findings follow after all replies were acknowledged.
    """
    started = time.monotonic()
    site = place.site
    cookies = [
        f"{COOKIE}={key}"
        for key in run_on_post("bench.harness.readers", site, str(writers))["sessions"]
    ]
    parents = run_on_post("bench.kill.stored", site)["parents"]
    work = KillWriters(site.url, f"/posts/{SLUG}/", cookies, parents)
    findings = Findings()
    place.server.start()
    work.start(writes)
    try:
        for number in range(1, kills + 1):
            # The last kill comes before the end, in the middle of writes like all others.
            work.ledger.wait_for(writes * number // (kills + 1), PATIENCE)
            place.kill()
            findings.kills = number
            _compare(findings, site, work, started)
            yield findings
            place.server.start()
        work.ledger.wait_for(writes, PATIENCE)
    except Stuck as problem:
        findings.faults.append(str(problem))
    finally:
        place.server.kill()
        work.stop()
    _compare(findings, site, work, started)
    yield findings


def _compare(findings: Findings, site: BrowserSite, work: KillWriters, started: float) -> None:
    findings.compare(run_on_post("bench.kill.stored", site), work.ledger)
    findings.sent_again = work.ledger.sent_again
    findings.seconds = time.monotonic() - started


def run_on_post(module: str, site: BrowserSite, *arguments: str) -> Any:
    """Run a module on the post of `site`; return the JSON of its last line."""
    return json.loads(run_module(module, [*arguments, SLUG], site).strip().splitlines()[-1])


@contextlib.contextmanager
def on_sqlite() -> Iterator[KillSite]:
    """Yield a site on SQLite."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-kill-") as folder:
        yield prepared_site(Path(folder))


@contextlib.contextmanager
def on_postgresql(*, kill_it: bool = False) -> Iterator[KillSite]:
    """Yield a site on a PostgreSQL of its own, which is killed too if `kill_it`."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-kill-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's user has to reach its own folder inside
        own = folder / "postgresql"
        own.mkdir()
        database, url = database_server(own)
        try:
            database.start()
            with on_given(f"{url}postgres") as place:
                place.database = database if kill_it else None
                yield place
        finally:
            database.kill()


@contextlib.contextmanager
def on_given(url: str) -> Iterator[KillSite]:
    """Yield a site with its own database on the PostgreSQL server at `url`."""
    name = f"killed_{free_port()}"
    with made_once.connected(url) as server:
        made_once.create_database(server, name, made_once.migrated_postgresql(url))
        try:
            with tempfile.TemporaryDirectory(prefix="counterpoint-kill-") as folder:
                yield prepared_site(Path(folder), made_once.named(url, name))
        finally:
            made_once.drop_database(server, name)


def prepared_site(folder: Path, database_url: str = "") -> KillSite:
    """Return a site with the demonstration and some more comments."""
    url = f"http://localhost:{free_port()}"
    database = {"DATABASE_URL": database_url} if database_url else {}
    prepare(folder, **database)
    rates = {"RATE_READER": RATE, "RATE_NEWCOMER": RATE}
    site = BrowserSite(url, folder, real_environment(folder, url) | rates | database)
    site.manage("generate_discussion", SLUG, "--comments", COMMENTS)
    return KillSite(site, site_server(site))
