"""Test the selection of tests whose result a second database can change."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from tests.conftest import asks_a_database


def item(case: type | None = None, marks: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Any:
    """Return what pytest knows of a test."""
    return SimpleNamespace(
        cls=case, fixturenames=names, get_closest_marker=lambda name: name in marks
    )


@pytest.mark.parametrize(
    ("test", "asks"),
    [
        (item(TestCase), True),
        (item(TransactionTestCase), True),
        (item(marks=("django_db",)), True),
        (item(names=("db", "tmp_path")), True),
        (item(names=("transactional_db",)), True),
        (item(TestCase, marks=("one_database",)), False),
        (item(SimpleTestCase), False),
        (item(names=("tmp_path",)), False),
        (item(), False),
    ],
)
def test_a_test_that_asks_for_a_database_runs_on_both(test: Any, asks: bool) -> None:
    assert asks_a_database(test) is asks


def test_a_query_without_asking_is_refused() -> None:
    """Refuse the query, so that leaving such tests out is safe."""
    from accounts.models import User

    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.exists()
