"""Decide whether and when to retry a job: exponential backoff with jitter."""

from datetime import timedelta

from .. import limits


class PermanentError(Exception):
    """Raised by a job, `from` the error, when a retry cannot help."""


class WorkerDied(Exception):
    """The error stored with a job whose worker died during the last attempt."""


def delay(attempts: int, chance: float) -> timedelta:
    """Return the wait after `attempts` failures, with jitter by `chance`, a random 0 to 1."""
    seconds = min(limits.JOB_FIRST_DELAY * 2 ** (attempts - 1), limits.JOB_LONGEST_DELAY)
    return timedelta(seconds=seconds * (1 + limits.JOB_JITTER * (2 * chance - 1)))


def may_retry(attempts: int, error: BaseException) -> bool:
    """Return whether a job that failed `attempts` times, now with `error`, is retried."""
    return attempts < limits.JOB_ATTEMPTS and not isinstance(error, PermanentError)


def name_of(error: BaseException) -> str:
    """Return the dotted name of the class of `error`, or of the cause of a PermanentError."""
    named = error.__cause__ if isinstance(error, PermanentError) and error.__cause__ else error
    return f"{type(named).__module__}.{type(named).__qualname__}"
