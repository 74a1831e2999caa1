"""Whether the database itself is as the migrations left it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Max

from .. import db_triggers
from ..models import Comment
from . import repairs
from .faults import Fault
from .rules import own_models

MISSING = (
    "`manage.py sqlmigrate comments 0001` (or the app the table belongs to) prints the statement "
    "that makes it; check once more afterwards"
)


@contextmanager
def unhurried() -> Iterator[None]:
    """Let statements take as long as they need; the site's own are cut short on PostgreSQL.

    Behind a pooler they are cut short here, too: it would lend the connection, as it is set, to
    somebody else.
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


def guards_missing() -> Iterator[Fault]:
    """Yield the triggers that keep a table append-only and are not there."""
    for trigger in db_triggers.missing():
        says = f"trigger {trigger}: it is missing, so its table can be changed"
        yield Fault(says, advice="run `manage.py migrate`, which puts it back")


def constraints_missing() -> Iterator[Fault]:
    """Yield the declared constraints and indexes that the database does not have."""
    there = set(_names_there())
    for model in own_models():
        table = model._meta.db_table
        for rule in (*model._meta.constraints, *model._meta.indexes):
            if (table, rule.name) not in there:
                yield Fault(f"{table}: {rule.name} is missing", advice=MISSING)


# Django's own introspection parses every table's statement, which takes a second in all.
_CATALOG = {
    "postgresql": "SELECT conrelid::regclass::text, conname, '' FROM pg_constraint "
    "UNION ALL SELECT tablename, indexname, '' FROM pg_indexes",
    "sqlite": "SELECT tbl_name, name, coalesce(sql, '') FROM sqlite_master",
}
_CONSTRAINT = re.compile(r'\bCONSTRAINT "([^"]+)"')


def _names_there() -> Iterator[tuple[str, str]]:
    """Yield the name of every constraint and index that there is, behind that of its table."""
    with connection.cursor() as cursor:
        cursor.execute(_CATALOG[connection.vendor])
        for table, name, statement in cursor.fetchall():
            yield table, name
            yield from ((table, found) for found in _CONSTRAINT.findall(statement))


def sequence_behind() -> Iterator[Fault]:
    """Yield if the next id of a comment has been used already."""
    highest = Comment.objects.aggregate(highest=Max("pk"))["highest"] or 0
    last = _last_id_given()
    if last < highest:
        says = f"comment {highest}: it has an id that is still to be given out; the last was {last}"
        yield Fault(says, repairs.SEQUENCE)


def _last_id_given() -> int:
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
