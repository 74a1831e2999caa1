"""Periodic tasks: functions that every worker calls each minute, or one worker each hour.

An app registers its own in `AppConfig.ready`. Several workers call them several times a minute,
even at once, so they must be idempotent like jobs.
"""

import logging
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache

INTERVAL = 60.0  # seconds
HOUR = 3600  # seconds

Task = Callable[[], object]

logger = logging.getLogger(__name__)
_functions: dict[str, Task] = {}


def every_minute(function: Task) -> Task:
    """Register `function` to be called by every worker each minute; also a decorator."""
    _functions[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def every_hour(function: Task) -> Task:
    """Register `function` to be called each hour by one worker, for what takes long to look at.

    The worker that comes first stores the hour in the cache that all share. One that fails gives
    it back, and the next minute tries again.
    """
    key = f"periodic:{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once_an_hour() -> None:
        if cache.add(key, True, timeout=HOUR):
            try:
                function()
            except BaseException:
                cache.delete(key)
                raise

    every_minute(once_an_hour)
    return function


def run_all() -> None:
    """Call every registered function once; log exceptions and go on."""
    for name, function in _functions.items():
        try:
            function()
        except Exception:
            logger.exception("Periodic task %s failed, retrying in a minute", name)
