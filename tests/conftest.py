"""Give every test a migrated database, an empty cache, and tables that can be emptied."""

import os
import shutil
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from unittest import mock

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from comments import db_triggers
from comments.moderation.context import forget_counts
from comments.ranking import tasks
from comments.ranking.first_screen import Candidate, first_screen
from core.caching.pages import store
from core.db import sqlite_serial
from posts.pages.post_page import holed_pages
from publication import current as profile
from publication.models import SiteProfile
from tests import made_once
from tests.accounts.naming import locked as names

# Time fails nothing, since a busy machine makes examples slow; the same examples repeat a failure.
hypothesis.settings.register_profile(
    "counterpoint",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("counterpoint")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that leaves out tests whose result a second database cannot change."""
    parser.addoption(
        "--only-what-a-database-decides",
        action="store_true",
        help="leave out tests that ask for no database, and those marked `one_database`",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Apply `--only-what-a-database-decides`."""
    if not config.getoption("--only-what-a-database-decides"):
        return
    left_out = [item for item in items if not asks_a_database(item)]
    items[:] = [item for item in items if asks_a_database(item)]
    config.hook.pytest_deselected(items=left_out)


def asks_a_database(item: pytest.Item) -> bool:
    """Return whether another database could change the result of `item`.

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


# Tables whose rows come with the migrations.
_FILLED_BY_MIGRATE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "posts_edition",
}


def _empty_tables(test: TransactionTestCase) -> None:
    """Empty the tables that have rows after a test that commits, append-only ones too.

    Django's own way truncates all tables and then acts as after a migration, which takes
    PostgreSQL a sixth of a second.
    """
    db_triggers.remove()
    cache.clear()
    names = set(connection.introspection.django_table_names(only_existing=True))
    quoted = [connection.ops.quote_name(name) for name in sorted(names - _FILLED_BY_MIGRATE)]
    filled = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in quoted)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(filled)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")
    db_triggers.install()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep the SQLite file that was copied for the test database; its folder is temporary."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start with a copy of a migrated database instead of running migrations."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        shutil.copy(made_once.migrated_sqlite(), test["NAME"])
    else:
        test["TEMPLATE"] = made_once.migrated_postgresql(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied() -> Iterator[None]:
    """Let only the teardown of tests empty the append-only tables."""
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", _empty_tables):
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Empty Redis after each test; a cache in the database is rolled back."""
    yield
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture(autouse=True)
def no_cached_pages() -> None:
    """Drop cached pages and the profile of an earlier test, whose rows were rolled back."""
    profile.know(SiteProfile.of_new_site())
    timezone.deactivate()
    store.clear()
    holed_pages.clear()
    forget_counts()


@pytest.fixture(autouse=True)
def no_uploaded_files() -> Iterator[None]:
    """Remove the files of pictures of each test, whose rows are rolled back."""
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(autouse=True)
def names_are_locked() -> Iterator[None]:
    """Refuse every write of names without their lock."""
    with names.watched():
        yield


@pytest.fixture(autouse=True)
def draws_repeat() -> Iterator[None]:
    """Draw the same threads for first screens in each run of a test: a draw's seed is a time."""
    seeds = count(1)

    def drawn(candidates: Sequence[Candidate], stances: Sequence[int], _seed: int) -> Any:
        return first_screen(candidates, stances, next(seeds))

    with mock.patch.object(tasks, "first_screen", drawn):
        yield


@pytest.fixture(autouse=True)
def no_request_holds_its_turn() -> Iterator[None]:
    """Fail a test that leaves the turn of a request taken: every later one would wait for it."""
    yield
    assert not sqlite_serial.is_taken()
