"""Lock names, addresses and roles."""

from django.db import connection

# The key of PostgreSQL's advisory lock; any number that no other lock uses.
_LOCK = 1_515_007


def lock() -> None:
    """Lock names, addresses and roles until the transaction ends; call it before any other lock.

    Two writers at once could not see each other's names. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
