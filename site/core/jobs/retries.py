"""When to try again: twice as long after every failure, and never all at the same moment."""

from datetime import timedelta

from .. import limits


class Hopeless(Exception):
    """Raised by a job, `from` the error, when trying again cannot help."""


class WorkerDied(Exception):
    """Named as the error of a job whose workers died with it, one after the other."""


def delay(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after `attempts` failures; `chance`, 0 to 1, spreads the crowd."""
    seconds = min(limits.JOB_FIRST_DELAY * 2 ** (attempts - 1), limits.JOB_LONGEST_DELAY)
    return timedelta(seconds=seconds * (1 + limits.JOB_JITTER * (2 * chance - 1)))


def may_retry(attempts: int, error: BaseException) -> bool:
    """Return whether a job that failed `attempts` times, now with `error`, is tried again."""
    return attempts < limits.JOB_ATTEMPTS and not isinstance(error, Hopeless)


def name_of(error: BaseException) -> str:
    """Return the full name of the class of `error`, or of what made it hopeless."""
    named = error.__cause__ if isinstance(error, Hopeless) and error.__cause__ else error
    return f"{type(named).__module__}.{type(named).__qualname__}"
