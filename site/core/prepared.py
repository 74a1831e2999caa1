"""Queries whose SQL the ORM writes once; after that they are only run.

For the few queries that every page asks, writing the SQL takes the ORM several times as long as
answering it takes the database.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

Row = tuple[Any, ...]


class _Statement(NamedTuple):
    """SQL with its parameters: constants, and the names of those that differ each time."""

    sql: str
    parameters: tuple[tuple[str, Any], ...]  # a name and None, or an empty name and the constant


class Prepared:
    """A query with named parameters, each a whole number, a text, a moment or a UUID.

    `build` returns the query for values of those names; it must build the same one for all values.
    Results come as the database gives them, past the ORM's converters.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        """Take the `kinds` of the parameters by name: int, str, datetime or UUID."""
        self._build = build
        self._marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(kinds.items())}
        self._model: type[Model] | None = None
        self._statements: dict[str, _Statement] = {}

    def rows(self, **values: Any) -> list[Row]:
        """Return the rows for `values`, one for each parameter."""
        if self._model is None:
            self._model = self._build(**self._marks).model
        connection = connections[router.db_for_read(self._model)]
        statement = self._statements.get(connection.alias)
        if statement is None:
            statement = self._statements[connection.alias] = self._compile(connection)
        given = {name: _adapted(value, connection) for name, value in values.items()}
        parameters = [given[name] if name else constant for name, constant in statement.parameters]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            found: list[Row] = cursor.fetchall()
        return found

    def _compile(self, connection: BaseDatabaseWrapper) -> _Statement:
        query = self._build(**self._marks).using(connection.alias).query
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        names = {_adapted(mark, connection): name for name, mark in self._marks.items()}
        return _Statement(sql, tuple(_named(parameter, names) for parameter in parameters))


def _mark(kind: type, place: int) -> Any:
    """Return a value of `kind` that stands for a parameter and for nothing else."""
    if kind is int:
        return 704_091_000 + place
    if kind is datetime:
        return datetime(1704, 9, 10, 5, 3, 8, place, tzinfo=UTC)
    if kind is UUID:
        return UUID(int=704_091_000 + place)
    return f"7040910-{place}"


def _adapted(value: Any, connection: BaseDatabaseWrapper) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _named(parameter: Any, names: Mapping[Any, str]) -> tuple[str, Any]:
    name = names.get(parameter, "")
    return name, None if name else parameter
