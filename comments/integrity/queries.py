"""Queries of the checks: a table is read in windows of ids, each by a short statement.

No statement reads more than a window and the rows that belong to it. So memory use is constant, no
snapshot is held for long, and SQLite can checkpoint its write-ahead log meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.db.prepared import Prepared

# Rows per window: few enough to stay in the database's cache from one check to the next.
WINDOW = 5_000
# Rows per window of posts and stances: each has as many rows as a whole discussion.
SMALL_WINDOW = 10


@dataclass(frozen=True)
class Window:
    """The rows of `model` whose ids are above `low` (None for no bound) and at most `high`."""

    model: type[Model]
    low: Any
    high: Any

    def read(self, rows: QuerySet[Any], *fields: str) -> list[tuple[Any, ...]]:
        """Return `fields` of the `rows` (a query of `model`) within the window, in order of id."""
        rows = rows.filter(pk__lte=self.high)
        if self.low is not None:
            rows = rows.filter(pk__gt=self.low)
        return list(rows.order_by("pk").values_list(*fields))


def windows(model: type[Model], size: int = WINDOW) -> Iterator[Window]:
    """Yield windows of `size` rows over all present rows of `model`."""
    last = _id(model, _last_id(model).rows())
    low = None
    while last is not None and low != last:
        bounds = {"last": last} if low is None else {"last": last, "low": low}
        kinds = frozenset((bound, type(value)) for bound, value in bounds.items())
        high = _id(model, _end(model, size, kinds).rows(**bounds), last)
        yield Window(model, low, high)
        low = high


@cache
def _last_id(model: type[Model]) -> Prepared:
    return Prepared(lambda: model._default_manager.order_by("-pk").values_list("pk")[:1])


@cache
def _end(model: type[Model], size: int, kinds: frozenset[tuple[str, type]]) -> Prepared:
    """Return the query of the highest id in a window, if there are `size` rows up to `last`."""
    ids = model._default_manager.order_by("pk").values_list("pk")

    def within(last: Any, low: Any = None) -> Any:
        after = ids if low is None else ids.filter(pk__gt=low)
        return after.filter(pk__lte=last)[size - 1 : size]

    return Prepared(within, **dict(kinds))


def _id(model: type[Model], rows: list[tuple[Any, ...]], otherwise: Any = None) -> Any:
    """Return the id in the first of `rows`, or `otherwise` if there is none."""
    return model._meta.pk.to_python(rows[0][0]) if rows else otherwise


@contextmanager
def by_index() -> Iterator[None]:
    """Make PostgreSQL use indexes within the block: every window is small.

    Without statistics of a table that was just filled, it might scan the whole table each time.
    """
    if connection.vendor != "postgresql":
        yield
        return
    settings = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
    with connection.cursor() as cursor:
        for setting in settings:
            cursor.execute(f"SET {setting} = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for setting in settings:
                cursor.execute(f"RESET {setting}")


def name(row: Any, pk: Any) -> str:
    """Return the name of the row `pk` of the model `row` in a fault, such as "comment 12"."""
    return f"{row._meta.verbose_name} {pk}"


def miscounts(
    window: Window,
    rows: QuerySet[Any],
    field: str,
    counted: QuerySet[Any],
    by: str,
    only: Q | None = None,
) -> list[tuple[Any, ...]]:
    """Return (id, stored, found) for each of `rows` whose count `field` is wrong.

    The right count is the number of `counted` rows whose column `by` refers to the row, limited to
    those that match `only`. One statement reads both figures.
    """
    each = counted.filter(**{by: OuterRef("pk")}).order_by().values(by)
    number = Subquery(each.annotate(number=Count("pk", filter=only)).values("number"))
    found = Coalesce(number, 0, output_field=IntegerField())
    recounted = rows.annotate(found=found).exclude(**{field: F("found")})
    return window.read(recounted, "pk", field, "found")


def differ(field: str, other: str) -> Q:
    """Return the condition that two columns differ, counting null as a value."""
    return (
        Q(**{f"{field}__isnull": True, f"{other}__isnull": False})
        | Q(**{f"{field}__isnull": False, f"{other}__isnull": True})
        | (Q(**{f"{field}__isnull": False, f"{other}__isnull": False}) & ~Q(**{field: F(other)}))
    )
