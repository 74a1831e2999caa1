"""The database of a site on SQLite: copied while people write, and put back as a whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from . import tables
from .manifest import Contents
from .refusal import BackupRefused


def dump(target: Path) -> Contents:
    """Write the database as it is at one moment to the new file `target`; return what is in it.

    The copy is one long read: with the write-ahead log nobody waits for it.
    """
    raw = target.with_name(f"{target.name}.raw")
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(_opened(raw)) as copy:
        connection.connection.backup(copy)
        _refuse_corrupt(copy)
        found = tables.contents(copy.cursor())
        _write_compact(copy, target)
    raw.unlink()
    return found


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _refuse_corrupt(copy: sqlite3.Connection) -> None:
    (answer,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise BackupRefused(f"The database is corrupt, and is not backed up: {answer}")


def _write_compact(copy: sqlite3.Connection, target: Path) -> None:
    """Write what is kept to `target`, without the free pages: they hold what people deleted."""
    copy.execute("PRAGMA journal_mode = OFF")
    there = tables.present(copy.cursor())
    for table in tables.FORGOTTEN:
        if table in there:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
    copy.execute("VACUUM INTO ?", [str(target)])


def check(source: Path, expected: Contents) -> None:
    """Raise `BackupRefused` unless the file `source` is a database that holds what is
    `expected`.
    """
    with closing(_opened(source)) as copy:
        try:
            found = tables.contents(copy.cursor())
        except sqlite3.Error:
            raise BackupRefused("The backup is damaged: its database cannot be read.") from None
    if found != expected:
        raise BackupRefused(
            "The backup is damaged: its database does not hold what its manifest says."
        )


def restore(source: Path) -> None:
    """Let the database be what the file `source` holds: all of it, or after a failure nothing."""
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(_opened(source)) as copy:
        copy.backup(connection.connection)
    connection.close()
