"""Test the session store: rows as Django's own, read and changed by prepared SQL."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from accounts import sessions
from accounts.sessions import SessionStore
from core.db import transactions
from core.jobs import periodic

pytestmark = pytest.mark.django_db


def begun(**values: str) -> SessionStore:
    session = SessionStore()
    session.update(values)
    session.create()
    return session


def test_what_was_saved_is_there_again() -> None:
    session = begun(colour="blue")
    session["colour"] = "green"
    session.save()
    assert SessionStore(session.session_key)["colour"] == "green"
    assert Session.objects.count() == 1


def test_a_session_that_ended_or_never_was_is_empty() -> None:
    session = begun(colour="blue")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for key in (session.session_key, "nobody-has-this-key-00000000000000", "", None):
        found = SessionStore(key)
        assert found.is_empty() or "colour" not in found
        assert dict(found.items()) == {}
        assert found.session_key is None


def test_a_session_that_somebody_ended_meanwhile_is_not_brought_back() -> None:
    session = begun(colour="blue")
    other = SessionStore(session.session_key)
    assert other["colour"] == "blue"
    session.flush()
    other["colour"] = "green"
    with pytest.raises(UpdateError):
        other.save()
    assert not Session.objects.exists()


def test_saving_again_lets_it_last_longer() -> None:
    session = begun(colour="blue")
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=5))
    session.save()
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=29)


@pytest.mark.django_db(transaction=True)
def test_a_new_session_takes_the_lock_once_and_does_not_wait_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locks: list[object] = []
    monkeypatch.setattr(transactions, "_acquire", lambda held, deadline: locks.append(held))
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    assert SessionStore(session.session_key)["colour"] == "blue"
    assert len(locks) == (1 if connection.vendor == "sqlite" else 0)


def test_the_worker_deletes_sessions_that_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = [begun(colour="blue").session_key for _ in range(3)]
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    lasting = begun(colour="green").session_key
    monkeypatch.setattr(sessions, "CLEARED_AT_ONCE", 2)
    periodic.run_all()
    assert Session.objects.filter(session_key__in=ended).count() == 1
    periodic.run_all()
    assert [session.session_key for session in Session.objects.all()] == [lasting]
