"""Insert many rows of one table without model objects, which would cost more than the writing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

# Kilobytes. Inserts into a large discussion touch pages all over its indexes.
LARGE_CACHE = 64 * 1024


@contextmanager
def large_cache() -> Iterator[None]:
    """Enlarge SQLite's page cache until the block ends; on PostgreSQL do nothing."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone() or (0,)
        cursor.execute(f"PRAGMA cache_size = {-LARGE_CACHE:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before):d}")


class BulkInsert:
    """Inserts rows of `model` with values for `columns` and defaults for all other fields.

    Uses COPY on PostgreSQL and one prepared statement on SQLite. Neither calls `save()`.
    """

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        """Take the attribute names of the columns, in the order of the values in each row."""
        fields = {field.attname: field for field in model._meta.concrete_fields}
        constant = [field for name, field in fields.items() if name not in columns]
        self._constants = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in constant
        )
        quote = connection.ops.quote_name
        names = [str(field.column) for field in [*(fields[name] for name in columns), *constant]]
        self._table = quote(model._meta.db_table)
        self._names = ", ".join(map(quote, names))
        self._placeholders = ", ".join(["%s"] * len(names))

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert `rows`, tuples of database values: pass datetimes through `adapt_time`."""
        full_rows = (row + self._constants for row in rows)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._table} ({self._names}) FROM STDIN") as copy:
                    for row in full_rows:
                        copy.write_row(row)
                return
            statement = f"INSERT INTO {self._table} ({self._names}) VALUES ({self._placeholders})"  # noqa: S608
            cursor.executemany(statement, list(full_rows))


def adapt_time(time: datetime) -> Any:
    """Return `time` as a database value for `BulkInsert.write`."""
    if connection.vendor == "postgresql":
        return time
    return str(connection.ops.adapt_datetimefield_value(time))
