"""Test that SQLite's write-ahead log is emptied, and that a reader in the way only delays it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from core.db import wal
from core.jobs import periodic
from tests.factories import make_user

# PostgreSQL recycles its own log.
pytestmark = pytest.mark.one_database


def log_size() -> int:
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    return log.stat().st_size if log.exists() else 0


@pytest.mark.django_db(transaction=True)
def test_the_worker_empties_it() -> None:
    # What one worker does in an hour is noted in the database, once.
    periodic.run_all()
    make_user()
    assert log_size() > 0
    periodic.run_all()
    assert log_size() == 0


@pytest.mark.django_db(transaction=True)
def test_a_reader_in_the_way_is_not_waited_for_and_the_next_time_it_works() -> None:
    make_user()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM accounts_user").fetchall()
        make_user()
        assert not wal.truncate()
        assert log_size() > 0
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone()[0] >= 5000
        other.execute("COMMIT")
    assert wal.truncate()
    assert log_size() == 0


@pytest.mark.django_db
def test_in_a_transaction_it_does_nothing() -> None:
    assert wal.truncate()


@pytest.mark.django_db
def test_deleted_rows_are_overwritten() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone()[0] == 1
