"""What has to be looked after again and again: functions that every worker calls each minute.

An app names its own in `AppConfig.ready`. With several workers they run several times a minute,
also at the same moment, so each has to be as safe to repeat as a job.
"""

import logging
from collections.abc import Callable

ROUND = 60.0  # seconds

Round = Callable[[], object]

logger = logging.getLogger(__name__)
_functions: dict[str, Round] = {}


def every_minute(function: Round) -> Round:
    """Have every worker call `function` each minute; usable as a decorator."""
    _functions[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def make() -> None:
    """Call every function once; one that fails is logged and keeps no other from its turn."""
    for name, function in _functions.items():
        try:
            function()
        except Exception:
            logger.exception("The round %s failed; it comes again in a minute", name)
