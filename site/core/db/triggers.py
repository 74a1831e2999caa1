"""Triggers: what the database itself does or refuses at a write, whoever writes."""

from collections.abc import Mapping

from django.db import connections


def installed(using: str) -> set[str]:
    """Return the names of the triggers that are there and switched on."""
    connection = connections[using]
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        return {str(row[0]) for row in cursor.fetchall()}


def install(using: str, function: str, statements: Mapping[str, str]) -> None:
    """Create the triggers that are lacking.

    `statements` are by trigger name; `function` is the PostgreSQL function that they call.
    """
    lacking = [statement for name, statement in statements.items() if name not in installed(using)]
    if not lacking:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(function)
        for statement in lacking:
            cursor.execute(statement)
