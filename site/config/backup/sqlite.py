"""Copy an SQLite database while it is in use, and restore it as a whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from . import tables
from .manifest import Contents
from .refusal import BackupRefused


def dump(target: Path) -> Contents:
    """Write a snapshot of the database to the new file `target`; return its contents.

    The copy is one long read, which with the write-ahead log delays nobody.
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
        raise BackupRefused(f"The database is corrupt and was not backed up: {answer}")


def _write_compact(copy: sqlite3.Connection, target: Path) -> None:
    """Write the included tables to `target`, without free pages, which contain deleted data."""
    copy.execute("PRAGMA journal_mode = OFF")
    found = tables.present(copy.cursor())
    for table in tables.EXCLUDED:
        if table in found:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
    copy.execute("VACUUM INTO ?", [str(target)])


def check(source: Path, expected: Contents) -> None:
    """Raise `BackupRefused` unless the database `source` has the `expected` contents."""
    with closing(_opened(source)) as copy:
        try:
            found = tables.contents(copy.cursor())
        except sqlite3.Error:
            raise BackupRefused("The backup is damaged: its database cannot be read.") from None
    if found != expected:
        raise BackupRefused("The backup is damaged: its database does not match its manifest.")


def restore(source: Path) -> None:
    """Replace the database by the file `source`; after a failure nothing has changed."""
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(_opened(source)) as copy:
        copy.backup(connection.connection)
    connection.close()
