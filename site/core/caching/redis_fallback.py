"""Cache in Redis, and in the database while Redis does not answer.

The rate limits of signing in are counted in the cache, so an outage without a replacement would
switch them off. The database counts from zero meanwhile; other values are computed again.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

FALLBACK = "database"
# A Redis that hangs must not make every request wait.
TIMEOUT_SECONDS = 0.5
# Between two attempts, so that not every request pays for finding Redis down.
RETRY_SECONDS = 2.0
_OPERATIONS = (
    "add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key",
    "incr", "clear",
)  # fmt: skip


class Outage:
    """Records whether Redis is down; one object, shared by the threads of a process."""

    def __init__(self) -> None:
        self._until: float | None = None  # seconds of time.monotonic()

    def lasts(self) -> bool:
        """Return whether it is too early for another attempt."""
        return self._until is not None and time.monotonic() < self._until

    def note(self, error: Exception) -> None:
        """Record a failed attempt; log the first of an outage."""
        if self._until is None:
            logger.error("Redis does not answer, using the database as cache: %s", error)
        self._until = time.monotonic() + RETRY_SECONDS

    def end(self) -> None:
        """Record a successful attempt; log it if it ends an outage."""
        if self._until is not None:
            self._until = None
            logger.warning("Redis answers again")


outage = Outage()


def _with_fallback(name: str) -> Callable[..., Any]:
    redis_operation = getattr(RedisCache, name)

    def operation(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        if not outage.lasts():
            try:
                answer = redis_operation(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                outage.note(error)
            else:
                outage.end()
                return answer
        return getattr(caches[FALLBACK], name)(*args, **kwargs)

    operation.__name__ = name
    return operation


class RedisCacheWithFallback(RedisCache):
    """Django's Redis cache; during an outage all operations go to the cache `FALLBACK`."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            # Once: a connection from before a restart fails, a new one works.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})


for _name in _OPERATIONS:
    setattr(RedisCacheWithFallback, _name, _with_fallback(_name))
