"""Many rows of one table at once, past the ORM: its objects would cost more than the writing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

# Kilobytes; the indexes of a large discussion are written all over.
LARGE_CACHE = 64 * 1024


@contextmanager
def large_cache() -> Iterator[None]:
    """Give SQLite more memory than a page needs until the block ends; else do nothing."""
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
    """Inserts rows of `model` that differ in `columns`; all other fields have their defaults.

    PostgreSQL reads them from a COPY, SQLite by one prepared statement. Neither calls `save()`.
    """

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        """Prepare for rows whose values come in the order of `columns`."""
        fields = {field.attname: field for field in model._meta.concrete_fields}
        alike = [field for name, field in fields.items() if name not in columns]
        self._alike = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in alike
        )
        quote = connection.ops.quote_name
        names = [str(field.column) for field in [*(fields[name] for name in columns), *alike]]
        self._table = quote(model._meta.db_table)
        self._names = ", ".join(map(quote, names))
        self._places = ", ".join(["%s"] * len(names))

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert `rows`: numbers and texts as they are, times by `moment`, others as stored."""
        whole = (row + self._alike for row in rows)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._table} ({self._names}) FROM STDIN") as copy:
                    for row in whole:
                        copy.write_row(row)
                return
            statement = f"INSERT INTO {self._table} ({self._names}) VALUES ({self._places})"  # noqa: S608
            cursor.executemany(statement, list(whole))


def moment(time: datetime) -> Any:
    """Return `time` as `BulkInsert` takes it."""
    if connection.vendor == "postgresql":
        return time
    return str(connection.ops.adapt_datetimefield_value(time))
