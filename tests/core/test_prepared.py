"""Queries that are compiled once: the same rows as the ORM finds, with other values each time."""

from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.prepared import Prepared
from tests.cast import Cast


def joined(prefix: str, since: datetime, least: int) -> object:
    people = User.objects.filter(handle__gte=prefix, joined_at__gt=since, pk__gte=least)
    return (
        people.filter(is_active=True, handle__contains="e")
        .order_by("pk")
        .values_list("pk", "handle")
    )


class PreparedTests(Cast):
    """One query with a text, a moment and a number."""

    def setUp(self) -> None:
        self.built = 0

        def build(**values: object) -> object:
            self.built += 1
            return joined(**values)  # type: ignore[arg-type]

        self.prepared = Prepared(build, prefix=str, since=datetime, least=int)  # type: ignore[arg-type]

    def test_rows_are_those_of_the_orm_for_all_values(self) -> None:
        now = timezone.now()
        for prefix in ("", "b", "reader", "100%", "'; --"):
            for since in (now - timedelta(days=1), now + timedelta(days=1)):
                for least in (0, self.author.pk):
                    values = {"prefix": prefix, "since": since, "least": least}
                    expected = list(joined(**values))  # type: ignore[call-overload, arg-type]
                    assert self.prepared.rows(**values) == expected, values
        assert self.prepared.rows(prefix="", since=now - timedelta(days=1), least=0)

    def test_it_is_built_once_and_asked_each_time(self) -> None:
        values = {"prefix": "", "since": timezone.now(), "least": 0}
        self.prepared.rows(**values)
        built = self.built
        with CaptureQueriesContext(connection) as queries:
            self.prepared.rows(**values)
            self.prepared.rows(**values)
        assert self.built == built
        assert len(queries) == 2

    def test_a_missing_value_is_refused(self) -> None:
        with self.assertRaises(KeyError):
            self.prepared.rows(prefix="", since=timezone.now())
