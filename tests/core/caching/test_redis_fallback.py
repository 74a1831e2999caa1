"""Test Redis being down: no request fails, limits still apply, and Redis is tried again later."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client, override_settings

from core.caching import redis_fallback
from core.caching.redis_fallback import RedisCacheWithFallback
from tests.services import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outage() -> Iterator[redis_fallback.Outage]:
    """Forget the outages of other tests."""
    with mock.patch.object(redis_fallback, "outage", redis_fallback.Outage()) as fresh:
        yield fresh


@pytest.fixture
def nobody() -> Iterator[RedisCacheWithFallback]:
    """Return a cache whose Redis has a closed port."""
    nowhere = {
        "default": {
            "BACKEND": "core.caching.redis_fallback.RedisCacheWithFallback",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        },
        "database": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
        },
    }
    with override_settings(CACHES=nowhere):
        found = caches["default"]
        assert isinstance(found, RedisCacheWithFallback)
        yield found


def test_every_operation_works_without_redis(nobody: RedisCacheWithFallback) -> None:
    """Use the database's cache with the same results."""
    assert nobody.add("one", 1)
    assert not nobody.add("one", 2)
    assert nobody.incr("one", 4) == 5
    nobody.set_many({"two": [2], "three": "3"})
    assert nobody.get_many(["one", "two", "four"]) == {"one": 5, "two": [2]}
    assert nobody.touch("two")
    assert nobody.has_key("two")
    assert nobody.delete("two")
    assert nobody.get("two", "gone") == "gone"
    nobody.delete_many(["three"])
    assert "three" not in nobody
    assert nobody.get_or_set("five", 5) == 5
    nobody.clear()
    assert nobody.get("one") is None


def test_every_operation_of_the_library_is_guarded() -> None:
    """Fail when a new version of Django adds an operation."""
    own = {name for name, value in vars(RedisCache).items() if callable(value)}
    left = own - {name for name in own if name.startswith("_")} - set(redis_fallback._OPERATIONS)
    assert left == {"get_backend_timeout"}


def test_an_outage_is_said_once_and_redis_left_in_peace(
    nobody: RedisCacheWithFallback,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Skip Redis for a while, since every request would otherwise wait for it."""
    with mock.patch.object(RedisCache, "get", side_effect=ConnectionError("away")) as asked:
        monkeypatch.setattr(RedisCacheWithFallback, "get", redis_fallback._with_fallback("get"))
        with mock.patch("core.caching.redis_fallback.time.monotonic", return_value=500.0) as clock:
            for _ in range(5):
                nobody.get("anything")
            assert asked.call_count == 1
            clock.return_value += redis_fallback.RETRY_SECONDS
            nobody.get("anything")
            assert asked.call_count == 2
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_redis_is_used_again_when_it_answers(
    caplog: pytest.LogCaptureFixture, outage: redis_fallback.Outage
) -> None:
    """Log its return, too."""
    outage.note(ConnectionError("away"))
    assert outage.lasts()
    outage._until = 0.0
    assert not outage.lasts()
    outage.end()
    outage.end()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


@pytest.mark.usefixtures("nobody")
def test_attempts_to_sign_in_are_limited_without_redis() -> None:
    """Allow six a minute, as with Redis."""
    form = {"login": "nobody@example.org", "password": "wrong"}
    answers = [Client().post("/accounts/login/", form).status_code for _ in range(8)]
    assert 429 in answers
    assert answers[0] == 200
