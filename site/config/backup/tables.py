"""The tables of the site: which are ours, which of them a backup keeps, and what is in them."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .manifest import Contents
from .refusal import BackupRefused

_MIGRATIONS = MigrationRecorder.Migration._meta.db_table
# Whoever finds a copy must not be signed in by it, and a cache makes itself anew.
FORGOTTEN = (Session._meta.db_table, settings.CACHE_TABLE)
# Rows that `migrate` itself writes: they are in every site, however empty.
_BY_MIGRATE = {_MIGRATIONS, "auth_permission", "django_content_type", "posts_edition"}
# What PostgreSQL has in any schema, seen or not: restoring would go by the schema's name.
_POSTGRES_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
"""


def contents(cursor: Any) -> Contents:
    """Return the migrations and the numbers of rows that `cursor` sees."""
    there = present(cursor)
    if _MIGRATIONS not in there:
        raise BackupRefused(
            "There is no site in this database yet, so there is nothing to back up."
        )
    kept = sorted((there & ours()) - set(FORGOTTEN))
    return Contents(applied(cursor), {table: _count(cursor, table) for table in kept})


def present(cursor: Any) -> set[str]:
    """Return the names of all tables there are."""
    if connection.vendor == "postgresql":
        cursor.execute(_POSTGRES_TABLES)
    else:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
            "ESCAPE '\\'"
        )
    return {str(name) for (name,) in cursor.fetchall()}


def ours() -> set[str]:
    """Return the names of the tables that this version of the site has."""
    return {*connection.introspection.django_table_names(), *FORGOTTEN, _MIGRATIONS}


def applied(cursor: Any) -> list[str]:
    """Return the migrations that a database has been through; none where it is bare."""
    if _MIGRATIONS not in present(cursor):
        return []
    cursor.execute(f"SELECT app, name FROM {_MIGRATIONS}")  # noqa: S608
    return sorted(f"{app}.{name}" for app, name in cursor.fetchall())


def unknown(migrations: list[str]) -> list[str]:
    """Return those of `migrations` that this version of the site does not have."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(set(migrations) - {f"{app}.{name}" for app, name in known})


def why_not_empty(cursor: Any) -> str:
    """Return what a restore would destroy, as a sentence; empty if there is nothing."""
    there = present(cursor)
    if there - ours():
        return f"This database holds a table that is not of this site, {min(there - ours())}."
    for table in sorted(there - set(FORGOTTEN) - _BY_MIGRATE):
        cursor.execute(f"SELECT 1 FROM {_quoted(table)} LIMIT 1")  # noqa: S608
        if cursor.fetchone():
            return f"There is data here already: the table {table} has rows."
    return ""


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {_quoted(table)}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
