"""The two questions that the checks ask of the database."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet

# Rows held in memory at a time.
CHUNK = 2_000


def stream(rows: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    """Yield these fields of `rows`, a chunk at a time."""
    return rows.order_by().values_list(*fields).iterator(chunk_size=CHUNK)


def name(row: Any, pk: Any) -> str:
    """Return what a fault calls the row `pk` of a model: "comment 12"."""
    return f"{row._meta.verbose_name} {pk}"


def miscounts(
    rows: QuerySet[Any], field: str, counted: str, only: Q
) -> Iterator[tuple[int, int, int]]:
    """Yield (id, stored, found) where `field` is not how many `counted` (a relation) `only` finds.

    A join and a grouping, not a query for each row: that is quick with any plan of the database's.
    """
    recounted = rows.order_by().values("pk", field).annotate(found=Count(counted, filter=only))
    return stream(recounted.exclude(**{field: F("found")}), "pk", field, "found")


def differ(field: str, other: str) -> Q:
    """Return the condition that two columns differ, where either may be null."""
    return (
        Q(**{f"{field}__isnull": True, f"{other}__isnull": False})
        | Q(**{f"{field}__isnull": False, f"{other}__isnull": True})
        | (Q(**{f"{field}__isnull": False, f"{other}__isnull": False}) & ~Q(**{field: F(other)}))
    )
