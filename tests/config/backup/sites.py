"""Make a second site beside the one under test, and read all rows of either."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from config.backup import tables
from tests import made_once
from tests.made_once import real_environment
from tests.services import ROOT

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class SecondSite:
    """A site of its own: its folder, and the name or URL of its database."""

    folder: Path
    database: str

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command on the site; return its result, successful or not."""
        environment = real_environment(self.folder, "http://localhost")
        if connection.vendor == "postgresql":
            environment["DATABASE_URL"] = self.database
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    def done(self, *arguments: str) -> str:
        """Run a management command on the site that has to succeed; return its output."""
        done = self.manage(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def prepare(self) -> None:
        """Make all tables, as `make setup` does."""
        if connection.vendor == "sqlite":
            made_once.put_migrated_sqlite(self.folder)
            return
        template = made_once.migrated_postgresql(self.database)
        with made_once.connected(self.database) as server:
            made_once.create_database(server, urlsplit(self.database).path[1:], template)

    def connect(self) -> Any:
        """Return an open connection to its database."""
        if connection.vendor == "postgresql":
            return psycopg.connect(self.database)
        # Converts types as Django does, by the converters it has registered.
        return sqlite3.connect(self.database, detect_types=sqlite3.PARSE_DECLTYPES)

    def rows(self) -> Rows:
        """Return all rows of its database."""
        with closing(self.connect()) as opened:
            return rows(opened.cursor())


@contextmanager
def second_site(folder: Path, name: str) -> Iterator[SecondSite]:
    """Yield a site without tables, and drop its database afterwards."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield SecondSite(folder, str(folder / made_once.DATABASE))
        return
    url = os.environ["DATABASE_URL"]
    name = f"{connection.settings_dict['NAME']}_{name}"
    with made_once.connected(url) as server:
        made_once.create_database(server, name)
        try:
            yield SecondSite(folder, made_once.named(url, name))
        finally:
            made_once.drop_database(server, name)


def rows(cursor: Any) -> Rows:
    """Return all rows of all tables that a backup contains."""
    found: Rows = {}
    for table in sorted(tables.present(cursor) - set(tables.EXCLUDED)):
        cursor.execute(f'SELECT * FROM "{table}"')
        found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below `folder` with its content, and every folder and link."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }
