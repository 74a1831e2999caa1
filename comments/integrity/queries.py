"""How the checks read: a table in windows of ids, each a short statement.

No statement looks at more than a window and what belongs to its rows, so memory stays the same
however much there is, no snapshot is held for long, and SQLite can fold its log back meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

# Rows of a window: few enough to stay in the database's cache from one check to the next.
WINDOW = 5_000
# Of these each row is followed by as many others as a discussion has.
SMALL_WINDOW = 10


@dataclass(frozen=True)
class Window:
    """The rows of `model` whose ids are above `low` (None for no bound) and at most `high`."""

    model: type[Model]
    low: Any
    high: Any

    def read(self, rows: QuerySet[Any], *fields: str) -> list[tuple[Any, ...]]:
        """Return these fields of those of `rows`, a query of `model`, that are in the window."""
        rows = rows.filter(pk__lte=self.high)
        if self.low is not None:
            rows = rows.filter(pk__gt=self.low)
        return list(rows.order_by("pk").values_list(*fields))


def windows(model: type[Model], size: int = WINDOW) -> Iterator[Window]:
    """Yield windows over all rows that `model` has at this moment, each of `size` rows."""
    ids = model._default_manager.order_by("pk").values_list("pk", flat=True)
    last = ids.last()
    low = None
    while last is not None and low != last:
        after = ids if low is None else ids.filter(pk__gt=low)
        high = next(iter(after.filter(pk__lte=last)[size - 1 : size]), last)
        yield Window(model, low, high)
        low = high


@contextmanager
def by_index() -> Iterator[None]:
    """Keep PostgreSQL to its indexes: a window is small, whatever it guesses about the tables.

    Without figures about a table that was just filled it might read the whole of it each time.
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
    """Return what a fault calls the row `pk` of a model: "comment 12"."""
    return f"{row._meta.verbose_name} {pk}"


def miscounts(
    window: Window,
    rows: QuerySet[Any],
    field: str,
    counted: QuerySet[Any],
    by: str,
    only: Q | None = None,
) -> list[tuple[Any, ...]]:
    """Return (id, stored, found) where `field` of `rows` is not how many `counted` are theirs.

    Theirs are those whose column `by` names them, and of these `only` some. Stored and found are
    read by one statement.
    """
    each = counted.filter(**{by: OuterRef("pk")}).order_by().values(by)
    number = Subquery(each.annotate(number=Count("pk", filter=only)).values("number"))
    found = Coalesce(number, 0, output_field=IntegerField())
    recounted = rows.annotate(found=found).exclude(**{field: F("found")})
    return window.read(recounted, "pk", field, "found")


def differ(field: str, other: str) -> Q:
    """Return the condition that two columns differ, where either may be null."""
    return (
        Q(**{f"{field}__isnull": True, f"{other}__isnull": False})
        | Q(**{f"{field}__isnull": False, f"{other}__isnull": True})
        | (Q(**{f"{field}__isnull": False, f"{other}__isnull": False}) & ~Q(**{field: F(other)}))
    )
