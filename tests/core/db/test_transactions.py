"""Test that transactions rolled back for a conflict are retried, and no others."""

import fcntl
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import User
from core.db import transactions
from core.db.transactions import is_retryable, retried
from tests.at_once import at_once
from tests.factories import make_user


def seen(person: User, hour: int) -> None:
    # A column that no public page shows: writes to those wait for each other in any case.
    User.objects.filter(pk=person.pk).update(last_login=datetime(2026, 11, 24, hour, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_both_of_two_that_wait_for_each_other_are_written() -> None:
    """Retry from the beginning the one that PostgreSQL aborts."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    one, other = make_user("one"), make_user("other")
    met = Barrier(2, timeout=60)
    attempts: list[int] = []

    @retried
    def write(hour: int, first: User, second: User) -> int:
        attempts.append(hour)
        seen(first, hour)
        if len(attempts) <= 2:
            met.wait()
        seen(second, hour)
        return hour

    outcomes = at_once(lambda: write(1, one, other), lambda: write(2, other, one))
    assert outcomes == [1, 2]
    assert len(attempts) == 3
    assert len(set(User.objects.filter(pk__in=[one.pk, other.pk]).values_list("last_login"))) == 1


def test_a_snapshot_that_is_too_old_is_asked_for_again(tmp_path: Path) -> None:
    """Retry when SQLite refuses a write because another came after the transaction's first read."""
    path = tmp_path / "database"
    with closing(sqlite3.connect(path, isolation_level=None)) as one:
        one.execute("PRAGMA journal_mode = WAL")
        one.execute("CREATE TABLE t (a)")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            one.execute("BEGIN")
            one.execute("SELECT * FROM t").fetchall()
            other.execute("INSERT INTO t VALUES (1)")
            with pytest.raises(sqlite3.OperationalError) as refused:
                one.execute("INSERT INTO t VALUES (2)")
    error = OperationalError("database is locked")
    error.__cause__ = refused.value
    assert is_retryable(error)


@pytest.mark.django_db(transaction=True)
def test_other_errors_are_raised_at_once() -> None:
    """Raise errors that a retry cannot cure."""
    taken = make_user("taken")
    attempts = []

    @retried
    def write() -> None:
        attempts.append(1)
        User.objects.filter(pk=taken.pk).update(name="changed")
        User.objects.create(handle="taken", email="another@example.org")

    with pytest.raises(IntegrityError):
        write()
    assert len(attempts) == 1
    taken.refresh_from_db()
    assert taken.name == ""


@pytest.mark.django_db(transaction=True)
def test_it_is_not_done_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise the last error; the waits grow up to a limit."""
    waits: list[float] = []
    monkeypatch.setattr("core.db.transactions.time.sleep", waits.append)
    monkeypatch.setattr(transactions, "is_retryable", lambda _error: True)
    attempts = []

    @retried
    def write() -> None:
        attempts.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        write()
    assert len(attempts) == transactions.ATTEMPTS
    longest = [transactions.FIRST_WAIT * 2**number for number in range(len(waits))]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=True))
    assert len(waits) == transactions.ATTEMPTS - 1


@pytest.mark.django_db(transaction=True)
def test_a_part_of_another_transaction_is_left_to_that_one() -> None:
    """Leave the retry to the outer transaction, whose writes are rolled back, too."""
    attempts = []

    @retried
    def inner() -> None:
        attempts.append(1)
        raise OperationalError

    with pytest.raises(OperationalError), transaction.atomic():
        inner()
    assert len(attempts) == 1


_HOLD = """
import fcntl, sys
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.django_db(transaction=True)
def test_a_write_waits_until_another_process_has_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("other databases have many writers")
    place = tmp_path / "lock"
    monkeypatch.setattr(transactions, "_lock_file", lambda: place.open("ab"))
    looked: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"

        def look(seconds: float) -> None:
            looked.append(seconds)
            if len(looked) == 3:
                other.communicate()

        monkeypatch.setattr("core.db.transactions.time.sleep", look)
        with transactions.write_lock(), transaction.atomic(), transactions.write_lock():
            assert len(looked) == 3  # within a transaction the lock is held already


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_in_time_the_database_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "lock"
    monkeypatch.setattr(transactions, "_lock_file", lambda: place.open("ab"))
    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", 0.01)
    with place.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert retried(lambda: "written")() == "written"


@pytest.mark.django_db(transaction=True)
def test_a_lock_within_a_lock_is_the_same_one(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[object] = []
    monkeypatch.setattr(transactions, "_acquire", lambda held, _until: taken.append(held))
    with transactions.write_lock(), transactions.write_lock():
        """A new session saves itself once more."""
    with transactions.write_lock():
        """Once released, it has to be acquired again."""
    assert len(taken) == (2 if connection.vendor == "sqlite" else 0)
