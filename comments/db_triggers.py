"""Triggers that make tables append-only: the database refuses to change or delete their rows."""

from django.db import DEFAULT_DB_ALIAS, connections

from core.db import triggers

TABLES = ("comments_stancerecord", "comments_decision")

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION counterpoint_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_POSTGRES_TRIGGERS = {
    "{table}_rows_stay": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
    "{table}_table_stays": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
_SQLITE_TRIGGERS = {
    "{table}_no_update": "BEFORE UPDATE ON {table}",
    "{table}_no_delete": "BEFORE DELETE ON {table}",
}


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the triggers of every append-only table that exists and lacks them."""
    triggers.install(using, _POSTGRES_FUNCTION, missing(using))


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the triggers, for the teardown of tests."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in TABLES:
            for pattern in _patterns(connection.vendor):
                name = pattern.format(table=table)
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """Return the missing triggers: name to the statement that creates it."""
    connection = connections[using]
    installed = triggers.installed(using)
    tables = set(connection.introspection.table_names())
    return {
        pattern.format(table=table): _statement(connection.vendor, pattern, event, table)
        for table in TABLES
        if table in tables
        for pattern, event in _patterns(connection.vendor).items()
        if pattern.format(table=table) not in installed
    }


def _patterns(vendor: str) -> dict[str, str]:
    """Return the patterns of trigger names, each with that of its event clause."""
    return _POSTGRES_TRIGGERS if vendor == "postgresql" else _SQLITE_TRIGGERS


def _statement(vendor: str, pattern: str, event: str, table: str) -> str:
    """Return the statement that creates one trigger of `table`."""
    head = f"CREATE TRIGGER {pattern.format(table=table)} {event.format(table=table)}"
    if vendor == "postgresql":
        return f"{head} EXECUTE FUNCTION counterpoint_refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
