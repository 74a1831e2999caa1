"""One trial: a site on one database, writers, and a kill after so many acknowledged replies."""

import contextlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.browser.site import BrowserSite, prepare
from tests.made_once import real_environment
from tests.services import free_port

from ..harness.site import run_module
from .server import Program, database_server, site_server
from .writers import KillWriters, Stuck, WriteLedger

SLUG = "the-rota-and-the-horizon"
COOKIE = "counterpoint"
WRITERS = 8
# Some comments under the demonstration's post, so that the replies go to trees.
COMMENTS = "200"
# Seconds that a part between two kills may take before something must be wrong.
PATIENCE = 300.0
# Nobody writes as fast as we do here; a rate that never bites is still asked for.
RATE = "50/1"


@dataclass
class Findings:
    """What became of what was acknowledged."""

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
        """Whether nothing is lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.faults)

    def look(self, stored: dict[str, Any], ledger: WriteLedger) -> None:
        """Compare what is stored with what was acknowledged; to be called with the server dead."""
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
        strangers = kept.keys() - sent.keys()
        self.faults += [f"nobody sent the reply with the key {key}" for key in strangers]
        self.faults += stored["faults"]


@dataclass
class KillSite:
    """Where a trial happens: the site, its server, and the database's if that is killed as well."""

    site: BrowserSite
    server: Program
    database: Program | None = None

    def kill(self) -> None:
        """Kill everything at once, and leave the database up to be looked at."""
        self.server.kill()
        if self.database:
            self.database.kill()
            self.database.start()


def trial(place: KillSite, kills: int, writes: int, writers: int = WRITERS) -> Iterator[Findings]:
    """Kill `kills` times in the middle of `writes` replies; yield what is found after each kill.

    The last one is found after all were acknowledged.
    """
    started = time.monotonic()
    site = place.site
    cookies = [
        f"{COOKIE}={key}" for key in told("bench.harness.readers", site, str(writers))["sessions"]
    ]
    parents = told("bench.kill.stored", site)["parents"]
    work = KillWriters(site.url, f"/posts/{SLUG}/", cookies, parents)
    findings = Findings()
    place.server.start()
    work.start(writes)
    try:
        for number in range(1, kills + 1):
            # The last kill comes before the end, in the middle as all the others.
            work.ledger.wait_for(writes * number // (kills + 1), PATIENCE)
            place.kill()
            findings.kills = number
            _look(findings, site, work, started)
            yield findings
            place.server.start()
        work.ledger.wait_for(writes, PATIENCE)
    except Stuck as problem:
        findings.faults.append(str(problem))
    finally:
        place.server.kill()
        work.stop()
    _look(findings, site, work, started)
    yield findings


def _look(findings: Findings, site: BrowserSite, work: KillWriters, started: float) -> None:
    findings.look(told("bench.kill.stored", site), work.ledger)
    findings.sent_again = work.ledger.sent_again
    findings.seconds = time.monotonic() - started


def told(module: str, site: BrowserSite, *arguments: str) -> Any:
    """Run a module on the data of `site`; return what the JSON says that it prints last."""
    return json.loads(run_module(module, [*arguments, SLUG], site).strip().splitlines()[-1])


@contextlib.contextmanager
def on_sqlite() -> Iterator[KillSite]:
    """Yield a place with a site on SQLite."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-kill-") as folder:
        yield prepared_site(Path(folder))


@contextlib.contextmanager
def on_postgresql(*, kill_it: bool = False) -> Iterator[KillSite]:
    """Yield a place with a site on a PostgreSQL of its own, which is killed too if `kill_it`."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-kill-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's user has to get through to its own folder
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
    """Yield a place with a site in a database of its own on the PostgreSQL server at `url`."""
    name = f"killed_{free_port()}"
    _run_sql(url, "CREATE DATABASE {}", name)
    try:
        with tempfile.TemporaryDirectory(prefix="counterpoint-kill-") as folder:
            yield prepared_site(Path(folder), f"{url.rpartition('/')[0]}/{name}")
    finally:
        _run_sql(url, "DROP DATABASE {} WITH (FORCE)", name)


def prepared_site(folder: Path, database_url: str = "") -> KillSite:
    """Return a place whose site has the demonstration and some more comments."""
    url = f"http://localhost:{free_port()}"
    database = {"DATABASE_URL": database_url} if database_url else {}
    prepare(folder, **database)
    rates = {"RATE_READER": RATE, "RATE_NEWCOMER": RATE}
    site = BrowserSite(url, folder, real_environment(folder, url) | rates | database)
    site.manage("generate_discussion", SLUG, "--comments", COMMENTS)
    return KillSite(site, site_server(site))


def _run_sql(url: str, statement: LiteralString, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
