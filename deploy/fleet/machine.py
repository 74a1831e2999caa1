"""The whole fleet: its servers, their order of starting, and the state file."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import ROOT, Missing, free_port

from . import databases, pages
from .supervisor import Server, Supervisor

STATE = "fleet.json"
DATABASES = ("primary", "replica", "pgbouncer", "redis")
HOSTS = ("application-1", "application-2")
PASSWORD = "demonstration-only"
# The same as `UMask` in counterpoint.service.
UMASK = 0o027


@dataclass
class Fleet:
    """A running fleet: its addresses and its servers by name."""

    folder: Path
    ports: dict[str, int]
    environment: dict[str, str]
    supervisor: Supervisor = field(default_factory=Supervisor)

    @property
    def url(self) -> str:
        """The URL that readers use."""
        return f"https://{pages.NAME}:{self.ports['https']}"

    @property
    def servers(self) -> dict[str, Server]:
        """Every server by its name."""
        return self.supervisor.servers

    def primary_url(self) -> str:
        """Return the primary's URL, not through the pooler."""
        return databases.url(self.ports["primary"])

    def replica_url(self) -> str:
        """Return the replica's URL."""
        return databases.url(self.ports["replica"])

    def hosts(self) -> list[str]:
        """Return the addresses of the application hosts."""
        return [f"127.0.0.{2 + i}:{self.ports[name]}" for i, name in enumerate(HOSTS)]

    def manage(self, *arguments: str, **more: str) -> str:
        """Run a management command with the fleet's settings; return its output.

        Raises Missing with the output if it fails.
        """
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment | more, capture_output=True, text=True, umask=UMASK,
        )  # fmt: skip
        if done.returncode:
            raise Missing(f"manage.py {arguments[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def write_state(self) -> None:
        """Write the state file, for `status` and `stop`."""
        state = {
            "pid": os.getpid(),
            "url": self.url,
            "environment": self.environment,
            "ports": self.ports,
            "processes": {
                s.name: s.process.pid for s in self.servers.values() if s.process is not None
            },
        }
        unfinished = self.folder / f"{STATE}.new"
        unfinished.write_text(json.dumps(state, indent=1))
        unfinished.rename(self.folder / STATE)


@contextlib.contextmanager
def fleet(
    folder: Path | None = None, *, limited: bool = True, settings: dict[str, str] | None = None
) -> Iterator[Fleet]:
    """Run a fleet until the block ends, in `folder`, which must be empty, or in a temporary one.

    With `limited` nginx has its rate limits; `settings` are added to the application's environment.
    """
    with contextlib.ExitStack() as stack:
        if folder is None:
            temporary = tempfile.TemporaryDirectory(prefix="counterpoint-fleet-")
            folder = Path(stack.enter_context(temporary))
        one = _plan(folder.resolve(), settings or {})
        stack.callback(one.supervisor.stop)
        _start(one, limited=limited)
        yield one


def _plan(folder: Path, settings: dict[str, str]) -> Fleet:
    folder.mkdir(parents=True, exist_ok=True)
    if any(path.name != "fleet.log" for path in folder.iterdir()):
        raise Missing(f"{folder} is not empty")
    folder.chmod(0o755)  # servers that drop root privileges must reach their own folders
    for name in ("databases", "pages", "data"):
        (folder / name).mkdir()
    ports = {name: free_port() for name in (*DATABASES, *HOSTS, "http", "https")}
    one = Fleet(folder, ports, _environment(folder, ports) | settings)
    one.supervisor = Supervisor(one.write_state)
    return one


def _environment(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    """Return the settings of the site, like those in deploy/counterpoint.env.example."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DEBUG": "0",
        "SECRET_KEY": "only-for-tests-of-the-fleet-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": pages.NAME,
        "SITE_URL": f"https://{pages.NAME}:{ports['https']}",
        "EMAIL_URL": "console:",
        "DATA_DIR": str(folder / "data"),
        "DEMO_PASSWORD": PASSWORD,
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": databases.url(ports["pgbouncer"]),
        "DATABASE_POOLER": "1",
        "DATABASE_REPLICA_URL": databases.url(ports["replica"]),
        "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
        "WEB_CONCURRENCY": "2",
        "PYTHONUNBUFFERED": "1",
    }


def _start(one: Fleet, *, limited: bool) -> None:
    start, ports = one.supervisor.start, one.ports
    folder = one.folder / "databases"
    programs = databases.make_clusters(folder, ports["primary"])
    start(databases.primary(folder, programs, ports["primary"]))
    databases.create_database(ports["primary"])
    start(databases.replica(folder, programs, ports["replica"]))
    start(databases.pooler(folder, ports["pgbouncer"], ports["primary"]))
    start(databases.redis_server(folder, ports["redis"]))
    _set_up_site(one)
    folder = one.folder / "pages"
    for name, address in zip(HOSTS, one.hosts(), strict=True):
        start(pages.application(name, folder, address, one.environment))
    start(pages.worker(folder, one.environment))
    web_ports = (ports["http"], ports["https"])
    start(pages.nginx(folder, one.folder / "data", web_ports, one.hosts(), limited=limited))
    one.write_state()
    one.supervisor.watch()


def _set_up_site(one: Fleet) -> None:
    """Create tables, demo data and static files."""
    one.manage("migrate", "--verbosity", "0")
    one.manage("createcachetable")
    one.manage("seed_demo", DEBUG="1")
    one.manage("collectstatic", "--noinput", "--verbosity", "0")
