"""Dump a PostgreSQL database in one snapshot, and restore it in one transaction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import pq

from . import tables
from .manifest import Contents
from .refusal import BackupRefused

# Ownership and tablespaces belong to the server, not to the site.
_PLAIN = ("--no-owner", "--no-privileges", "--no-tablespaces")
_NO_REPLICATION = ("--no-publications", "--no-subscriptions")
# The connection is set by environment variables, which other users cannot read.
_FROM_ENVIRONMENT = "--dbname=postgresql:///"


def dump(target: Path) -> Contents:
    """Write a snapshot of the database to the file `target`; return its contents.

    Rows are counted in the same snapshot. Readers and writers do not wait.
    """
    with _snapshot() as (cursor, name):
        found = tables.contents(cursor)
        excluded = [f"--exclude-table-data={table}" for table in tables.EXCLUDED]
        options = ["--format=custom", f"--snapshot={name}", f"--file={target}", *excluded]
        _run("pg_dump", *options, *_PLAIN, *_NO_REPLICATION, _FROM_ENVIRONMENT)
    return found


@contextmanager
def _snapshot() -> Iterator[tuple[Any, str]]:
    """Yield a cursor in a snapshot, and the snapshot's name for other connections."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, cursor.fetchone()[0]


def check(source: Path, expected: Contents) -> None:
    """Raise `BackupRefused` unless `pg_restore` can read the file `source`.

    `expected` is not compared: rows can only be counted once they are restored.
    """
    _run("pg_restore", "--list", "--file=/dev/null", str(source))


def restore(source: Path) -> None:
    """Replace the database by the dump `source`; after a failure nothing has changed."""
    connection.close()
    replace = ("--single-transaction", "--clean", "--if-exists")
    _run("pg_restore", *replace, *_PLAIN, *_NO_REPLICATION, _FROM_ENVIRONMENT, str(source))
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ANALYZE")


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; raise `BackupRefused` with its error message if it fails."""
    path = shutil.which(program)
    if path is None:
        raise BackupRefused(
            f"The program {program} is missing. On Debian: apt-get install postgresql-client"
        )
    done = subprocess.run(  # noqa: S603
        [path, *arguments], env=_environment(), capture_output=True, text=True, errors="replace"
    )
    if done.returncode:
        message = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
        raise BackupRefused(f"{program} failed: {message.removeprefix(f'{program}: ')}")


def _environment() -> dict[str, str]:
    """Return environment variables by which the programs of PostgreSQL find the database."""
    given = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "TMPDIR"} or name.startswith("PG")
    }
    parameters = connection.get_connection_params()
    for option in pq.Conninfo.get_defaults():
        value = parameters.get(option.keyword.decode())
        if option.envvar and value is not None:
            given[option.envvar.decode()] = str(value)
    return given | {"LC_ALL": "C"}
