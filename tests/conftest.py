"""What every test stands on: a clean cache, and tables that may be emptied afterwards."""

import os
import shutil
from collections.abc import Iterator
from unittest import mock

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from comments import db_triggers
from core.caching.pages import store
from posts.pages.post_page import frames
from tests import made_once

# A busy machine makes single examples slow; the same ones every time make a failure repeatable.
hypothesis.settings.register_profile("counterpoint", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("counterpoint")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second database leave out what the first has decided."""
    parser.addoption(
        "--only-what-a-database-decides",
        action="store_true",
        help="leave out tests that ask for no database, and those marked `one_database`",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Do as `--only-what-a-database-decides` says."""
    if not config.getoption("--only-what-a-database-decides"):
        return
    left_out = [item for item in items if not asks_a_database(item)]
    items[:] = [item for item in items if asks_a_database(item)]
    config.hook.pytest_deselected(items=left_out)


def asks_a_database(item: pytest.Item) -> bool:
    """Tell whether another database could make `item` come out otherwise.

    pytest-django refuses every query of a test that does not ask for a database in one of these
    ways, so a test that is left out here cannot depend on one.
    """
    if item.get_closest_marker("one_database"):
        return False
    if item.get_closest_marker("django_db"):
        return True
    case = getattr(item, "cls", None)
    fixtures = getattr(item, "fixturenames", ())
    return (case is not None and issubclass(case, TransactionTestCase)) or any(
        name in fixtures for name in ("db", "transactional_db", "live_server")
    )


_empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _lift_guards_and_empty_tables(test: TransactionTestCase) -> None:
    """Empty all tables after a test that really commits, the cache's and append-only ones too.

    Emptying ends with `post_migrate`, which puts the guards back.
    """
    db_triggers.remove()
    cache.clear()
    _empty_tables(test)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep the SQLite file that was put in place of the test database; it goes with its folder."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of a database that has all tables instead of migrating one."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        shutil.copy(made_once.migrated_sqlite(), test["NAME"])
    else:
        test["TEMPLATE"] = made_once.migrated_postgresql(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied() -> Iterator[None]:
    """Let the teardown of tests, and nothing else, empty the append-only tables."""
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", _lift_guards_and_empty_tables):
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Forget what a test left in Redis; the database's cache is rolled back with the rest."""
    yield
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture(autouse=True)
def no_kept_pages() -> None:
    """Forget the pages of a test whose rows are rolled back."""
    store.clear()
    frames.clear()
