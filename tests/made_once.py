"""Make migrated databases and demonstration sites once, in var/tests, for tests to copy.

Each is stored under the fingerprint of the files that it depends on, so that a change of the code
makes it again. Several processes may request one at the same time.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.services import ROOT

KEPT = ROOT / "var/tests"
# Copies of a kind that stay: another run may still use one from before the latest change of code.
GENERATIONS = 3
FRESH = 3600  # seconds that a site may be old, since its comments have times relative to its making
DATABASE = "private/counterpoint.sqlite3"
SESSIONS = "sessions.json"  # beside the demonstration: the session data of each of its people
_SIGN_IN = """
import json
from django.conf import settings
from django.test import Client
from accounts.models import User
found = {"": [settings.SESSION_COOKIE_NAME]}
for person in User.objects.filter(handle__in=("reader", "author", "moderator", "admin")):
    client = Client()
    client.force_login(person)
    row = client.session.create_model_instance(dict(client.session.items()))
    found[person.handle] = [row.session_data, row.expire_date.replace(tzinfo=None).isoformat(" ")]
print(json.dumps(found))
"""
PASSWORD = "demonstration-only"
_CODE = (
    "manage.py",
    "tests/made_once.py",
    "requirements.txt",
    "site/**/*.py",
    "posts/**/*.py",
    "comments/**/*.py",
)
_CONTENT = (
    *_CODE,
    "site/**/*.md",
    "posts/**/*.md",
    "posts/**/*.json",
    "site/static/**/*",
    "templates/**/*",
)


def fingerprint(patterns: Iterable[str] = _CODE) -> str:
    """Return a short digest of all files that match one of `patterns`."""
    files = sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()})
    digest = hashlib.sha256(sys.version.encode())
    for path in files:
        if "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def kept(kind: str, patterns: Iterable[str], make: Callable[[Path], None], age: float = 0) -> Path:
    """Return the folder of `kind`, filled by `make` unless one for the present files exists.

    `age` is the greatest age in seconds, 0 for any age.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = KEPT / f"{kind}-{fingerprint(patterns)}"
    with (KEPT / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if age and folder.exists() and time.time() - folder.stat().st_mtime > age:
            shutil.rmtree(folder)
        if not folder.exists():
            _make(folder, make)
    return folder


def _make(folder: Path, make: Callable[[Path], None]) -> None:
    """Fill `folder` by `make`, completely or not at all, and remove the oldest of its kind."""
    kind = folder.name.rpartition("-")[0]
    unfinished = folder.with_name(f"{kind}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    make(unfinished)
    unfinished.rename(folder)
    os.utime(folder)
    others = sorted(KEPT.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[GENERATIONS:]:
        shutil.rmtree(old)


def real_environment(folder: Path, url: str = "http://localhost") -> dict[str, str]:
    """Return the settings of a real site at `url`, with its state in `folder`."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DEBUG": "0",
        "SECRET_KEY": "only-for-browser-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": url,
        "EMAIL_URL": "console:",
        "DATA_DIR": str(folder),
        "DEMO_PASSWORD": PASSWORD,
        "WEB_CONCURRENCY": "2",
        "PYTHONUNBUFFERED": "1",
    }


def manage(settings: dict[str, str], *commands: str) -> None:
    """Run management commands, each given as one line, one after the other."""
    for command in commands:
        run([sys.executable, "manage.py", *command.split()], settings)


def run(command: list[str], settings: dict[str, str]) -> str:
    """Run `command` in the environment `settings`; return its output, or fail if it fails."""
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout


# --- SQLite -----------------------------------------------------------------------------------


def migrated_sqlite() -> Path:
    """Return an SQLite file with all tables, as after `make setup`; copy it, never write to it."""
    return kept("migrated", _CODE, _migrate) / DATABASE


def put_migrated_sqlite(folder: Path) -> None:
    """Give the site in `folder` a database with all tables."""
    (folder / DATABASE).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(migrated_sqlite(), folder / DATABASE)


def _migrate(folder: Path) -> None:
    manage(real_environment(folder), "migrate -v0", "createcachetable")
    # Merges the write-ahead log, so that the file can be copied alone.
    with closing(sqlite3.connect(folder / DATABASE)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def demonstration() -> Path:
    """Return the folder of a site with the demonstration and collected static files; copy it."""
    return kept("demonstration", _CONTENT, _demonstrate, FRESH)


def _demonstrate(folder: Path) -> None:
    put_migrated_sqlite(folder)
    fill(real_environment(folder))
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", _SIGN_IN]
    (folder / SESSIONS).write_text(run(shell, real_environment(folder)))


def fill(settings: dict[str, str]) -> None:
    """Add the demonstration and the static files to a site with empty tables."""
    manage(settings | {"DEBUG": "1"}, "seed_demo")
    manage(settings, "collectstatic --noinput -v0")


# --- PostgreSQL -------------------------------------------------------------------------------


def migrated_postgresql(url: str) -> str:
    """Return the name of a database with all tables on the server of `url`, for use as TEMPLATE."""
    name = f"counterpoint_migrated_{fingerprint()}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "postgresql.lock").open("w") as lock, connected(url) as server:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not server.execute(there, [name]).fetchone():
            _migrate_postgresql(server, url, name)
    return name


def _migrate_postgresql(server: psycopg.Connection, url: str, name: str) -> None:
    unfinished = f"{name}_unfinished"
    create_database(server, unfinished)
    settings = real_environment(KEPT) | {"DATABASE_URL": named(url, unfinished)}
    manage(settings, "migrate -v0", "createcachetable")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))


def create_database(server: psycopg.Connection, name: str, template: str = "template1") -> None:
    """Create the database `name` as a copy of `template`, replacing one of the same name."""
    drop_database(server, name)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    server.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(server: psycopg.Connection, name: str) -> None:
    """Drop the database `name` if it exists, with all connections to it."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    server.execute(drop.format(sql.Identifier(name)))


def connected(url: str) -> psycopg.Connection:
    """Return a connection to the server of `url`, for statements on whole databases."""
    return psycopg.connect(named(url, "postgres"), autocommit=True)


def named(url: str, database: str) -> str:
    """Return `url` with the name of another database."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()
