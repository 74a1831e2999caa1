"""Checks of the database schema: triggers, constraints, indexes and the id sequence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Max

from posts import db_triggers as post_triggers

from .. import db_triggers
from ..models import Comment
from . import repairs
from .faults import Fault
from .rules import own_models

MISSING = (
    "`manage.py sqlmigrate comments 0001` (or the app of the table) prints the statement that "
    "creates it; run it and check again"
)


@contextmanager
def no_statement_timeout() -> Iterator[None]:
    """Lift PostgreSQL's statement timeout within the block.

    Behind a connection pooler the timeout stays: the setting would leak to other clients of the
    same connection.
    """
    is_pooled = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    if connection.vendor != "postgresql" or is_pooled:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        try:
            yield
        finally:
            cursor.execute("RESET statement_timeout")


def missing_triggers() -> Iterator[Fault]:
    """Yield the triggers that the database lacks: of append-only tables, and of first times."""
    for trigger in (*db_triggers.missing(), *post_triggers.missing()):
        message = f"trigger {trigger}: it is missing, so what it protects can be changed"
        yield Fault(message, advice="run `manage.py migrate`, which puts it back")


def missing_constraints() -> Iterator[Fault]:
    """Yield the declared constraints and indexes that the database lacks."""
    existing = set(_existing_names())
    for model in own_models():
        table = model._meta.db_table
        for rule in (*model._meta.constraints, *model._meta.indexes):
            if (table, rule.name) not in existing:
                yield Fault(f"{table}: {rule.name} is missing", advice=MISSING)


# Django's introspection parses the statement of every table, which takes a second in all.
_CATALOG = {
    "postgresql": "SELECT conrelid::regclass::text, conname, '' FROM pg_constraint "
    "UNION ALL SELECT tablename, indexname, '' FROM pg_indexes",
    "sqlite": "SELECT tbl_name, name, coalesce(sql, '') FROM sqlite_master",
}
_CONSTRAINT = re.compile(r'\bCONSTRAINT "([^"]+)"')


def _existing_names() -> Iterator[tuple[str, str]]:
    """Yield (table, name) of every constraint and index in the database."""
    with connection.cursor() as cursor:
        cursor.execute(_CATALOG[connection.vendor])
        for table, name, statement in cursor.fetchall():
            yield table, name
            yield from ((table, found) for found in _CONSTRAINT.findall(statement))


def sequence_behind() -> Iterator[Fault]:
    """Yield a fault if the id sequence of comments is behind the highest id."""
    highest = Comment.objects.aggregate(highest=Max("pk"))["highest"] or 0
    last = _last_id_given()
    if last < highest:
        message = f"comment {highest}: its id is above the last one the sequence gave out, {last}"
        yield Fault(message, repairs.SEQUENCE)


def _last_id_given() -> int:
    """Return the last id that the sequence of comments gave out, 0 before the first."""
    table = Comment._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id'))", [table]
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        return int(row[0] or 0) if row else 0
