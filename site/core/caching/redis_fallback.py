"""The cache in Redis, and in the database for as long as Redis does not answer.

Rates of signing in are counted in the cache, so doing without one would switch them off. The
database counts them meanwhile, from nought; what Redis knew comes back with it or is made anew.
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
# Who hangs must not make every request wait.
TIMEOUT_SECONDS = 0.5
# Between two tries, so that not every request pays for finding Redis gone.
RETRY_SECONDS = 2.0
_OPERATIONS = (
    "add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key",
    "incr", "clear",
)  # fmt: skip


class Outage:
    """Whether Redis is to be asked at this moment; one for the process, its threads share it."""

    def __init__(self) -> None:
        self._until: float | None = None  # seconds of time.monotonic()

    def lasts(self) -> bool:
        """Return whether it is too early to ask again."""
        return self._until is not None and time.monotonic() < self._until

    def note(self, error: Exception) -> None:
        """Remember that Redis did not answer; said once, not at every try."""
        if self._until is None:
            logger.error("Redis does not answer, the database is the cache: %s", error)
        self._until = time.monotonic() + RETRY_SECONDS

    def end(self) -> None:
        """Remember that Redis answers."""
        if self._until is not None:
            self._until = None
            logger.warning("Redis answers again")


outage = Outage()


def _guarded(name: str) -> Callable[..., Any]:
    in_redis = getattr(RedisCache, name)

    def operation(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        if not outage.lasts():
            try:
                answer = in_redis(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                outage.note(error)
            else:
                outage.end()
                return answer
        return getattr(caches[FALLBACK], name)(*args, **kwargs)

    operation.__name__ = name
    return operation


class SteadyCache(RedisCache):
    """Django's cache in Redis; every operation goes to the cache `database` during an outage."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            # Once: a connection from before a restart is of no use, a new one is.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"OPTIONS": options | params.get("OPTIONS", {})})


for _name in _OPERATIONS:
    setattr(SteadyCache, _name, _guarded(_name))
