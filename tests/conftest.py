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
