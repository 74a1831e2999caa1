"""Test that a test leaves no state for the next one, on any database and cache."""

import pytest
from django.core.cache import cache

from accounts.models import User
from comments import db_triggers


def leave_something() -> None:
    """Write a person and a cache entry, after finding neither and every guard in place."""
    assert not User.objects.filter(handle="left-behind").exists()
    assert cache.get("left-behind") is None
    assert db_triggers.missing() == {}
    User.objects.create(email="left-behind@example.org", handle="left-behind")
    cache.set("left-behind", True)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db
def test_rolled_back(turn: int) -> None:
    """Roll back a test that runs in one transaction."""
    leave_something()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_committed(turn: int) -> None:
    """Empty the tables after a test that commits, and restore the append-only triggers."""
    leave_something()
