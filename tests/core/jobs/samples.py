"""Define jobs for tests that record their runs in `DONE`, or in a file for other processes."""

import time
from pathlib import Path

from django_tasks import TaskContext, task

from core.jobs.retries import PermanentError

DONE: list[str] = []


@task()
def note(word: str) -> str:
    """Record `word`."""
    DONE.append(word)
    return word


@task()
def fail(word: str) -> None:
    """Fail with a word that must not be shown or stored."""
    raise ConnectionRefusedError(word)


@task()
def fail_for_good() -> None:
    """Fail with an error that no retry can cure."""
    try:
        raise LookupError
    except LookupError as error:
        raise PermanentError from error


@task(takes_context=True)
def hang_once(context: TaskContext, file: str) -> None:
    """Add a line to `file`; the first attempt then hangs until its worker is killed."""
    with Path(file).open("a") as lines:
        lines.write(f"attempt {context.attempt}\n")
    if context.attempt == 1:
        time.sleep(600)
