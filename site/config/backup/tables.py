"""The tables of the site: which a backup includes, their rows and migrations."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .manifest import Contents
from .refusal import BackupRefused

_MIGRATIONS = MigrationRecorder.Migration._meta.db_table
# Sessions would sign in anyone who has a copy of the backup; a cache is filled again.
EXCLUDED = (Session._meta.db_table, settings.CACHE_TABLE)
# Tables whose rows `migrate` itself writes: even an empty site has them.
_BY_MIGRATE = {_MIGRATIONS, "auth_permission", "django_content_type", "posts_edition"}
# Tables of all schemas, in the search path or not: a dump names the schema of each.
_POSTGRES_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
"""


def contents(cursor: Any) -> Contents:
    """Return the migrations and numbers of rows that `cursor` sees.

    Raises `BackupRefused` if the database has no site.
    """
    found = present(cursor)
    if _MIGRATIONS not in found:
        raise BackupRefused(
            "There is no site in this database yet, so there is nothing to back up."
        )
    included = sorted((found & ours()) - set(EXCLUDED))
    return Contents(applied(cursor), {table: _count(cursor, table) for table in included})


def present(cursor: Any) -> set[str]:
    """Return the names of all tables in the database."""
    if connection.vendor == "postgresql":
        cursor.execute(_POSTGRES_TABLES)
    else:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
            "ESCAPE '\\'"
        )
    return {str(name) for (name,) in cursor.fetchall()}


def ours() -> set[str]:
    """Return the names of the tables of this version of the site."""
    return {*connection.introspection.django_table_names(), *EXCLUDED, _MIGRATIONS}


def applied(cursor: Any) -> list[str]:
    """Return the applied migrations as "app.name", sorted; empty for an empty database."""
    if _MIGRATIONS not in present(cursor):
        return []
    cursor.execute(f"SELECT app, name FROM {_MIGRATIONS}")  # noqa: S608
    return sorted(f"{app}.{name}" for app, name in cursor.fetchall())


def unknown(migrations: list[str]) -> list[str]:
    """Return those of `migrations` that this version of the site does not have, sorted."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(set(migrations) - {f"{app}.{name}" for app, name in known})


def why_not_empty(cursor: Any) -> str:
    """Return a sentence about data that a restore would destroy; empty if there is none."""
    found = present(cursor)
    if found - ours():
        return f"This database has a table that does not belong to the site, {min(found - ours())}."
    for table in sorted(found - set(EXCLUDED) - _BY_MIGRATE):
        cursor.execute(f"SELECT 1 FROM {_quoted(table)} LIMIT 1")  # noqa: S608
        if cursor.fetchone():
            return f"There is data here already: the table {table} has rows."
    return ""


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {_quoted(table)}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
