"""The database of a site on PostgreSQL: dumped at one snapshot, restored in one transaction."""

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

# What a dump does not say: who owns what, and what belongs to the server and not to the site.
_PLAIN = ("--no-owner", "--no-privileges", "--no-tablespaces")
_SERVERS_OWN = ("--no-publications", "--no-subscriptions")
# Everything of the connection comes from the environment, where no other user can read it.
_FROM_ENVIRONMENT = "--dbname=postgresql:///"


def dump(target: Path) -> Contents:
    """Write the database as it is at one moment to the file `target`; return what is in it.

    Rows are counted in the very snapshot that is dumped. Nobody waits for it.
    """
    with _snapshot() as (cursor, name):
        found = tables.contents(cursor)
        left_out = [f"--exclude-table-data={table}" for table in tables.FORGOTTEN]
        options = ["--format=custom", f"--snapshot={name}", f"--file={target}", *left_out]
        _run("pg_dump", *options, *_PLAIN, *_SERVERS_OWN, _FROM_ENVIRONMENT)
    return found


@contextmanager
def _snapshot() -> Iterator[tuple[Any, str]]:
    """Yield a cursor that sees one moment only, and the name under which others see the same."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, cursor.fetchone()[0]


def check(source: Path, expected: Contents) -> None:
    """Raise `BackupRefused` unless `pg_restore` can read the file `source`.

    How many rows it holds is only known once they are restored.
    """
    _run("pg_restore", "--list", "--file=/dev/null", str(source))


def restore(source: Path) -> None:
    """Let the database be what the file `source` holds: all of it, or after a failure nothing."""
    connection.close()
    replace = ("--single-transaction", "--clean", "--if-exists")
    _run("pg_restore", *replace, *_PLAIN, *_SERVERS_OWN, _FROM_ENVIRONMENT, str(source))
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ANALYZE")


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. Raises `BackupRefused` with its own words if it fails."""
    path = shutil.which(program)
    if path is None:
        raise BackupRefused(
            f"The program {program} is missing. On Debian: apt-get install postgresql-client"
        )
    done = subprocess.run(  # noqa: S603
        [path, *arguments], env=_environment(), capture_output=True, text=True, errors="replace"
    )
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
        raise BackupRefused(f"{program} failed: {said.removeprefix(f'{program}: ')}")


def _environment() -> dict[str, str]:
    """Return the environment that leads PostgreSQL's programs to our database, and little else."""
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
