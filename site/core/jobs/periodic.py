"""Periodic tasks: functions that every worker calls each minute.

An app registers its own in `AppConfig.ready`. Several workers call them several times a minute,
even at once, so they must be idempotent like jobs.
"""

import logging
from collections.abc import Callable

INTERVAL = 60.0  # seconds

Task = Callable[[], object]

logger = logging.getLogger(__name__)
_functions: dict[str, Task] = {}


def every_minute(function: Task) -> Task:
    """Register `function` to be called by every worker each minute; also a decorator."""
    _functions[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def run_all() -> None:
    """Call every registered function once; log exceptions and go on."""
    for name, function in _functions.items():
        try:
            function()
        except Exception:
            logger.exception("Periodic task %s failed, retrying in a minute", name)
