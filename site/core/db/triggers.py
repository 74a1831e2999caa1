"""Install database triggers, which act on every write, not only on the application's."""

from collections.abc import Mapping

from django.db import connections


def installed(using: str) -> set[str]:
    """Return the names of the enabled triggers in the database `using`."""
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
    """Create the missing triggers in the database `using`.

    `statements` maps trigger names to CREATE statements; `function` is the SQL of the PostgreSQL
    function that they call.
    """
    missing = [statement for name, statement in statements.items() if name not in installed(using)]
    if not missing:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(function)
        for statement in missing:
            cursor.execute(statement)
