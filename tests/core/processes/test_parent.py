"""Test that a process is started when it is needed; its users test limits, forks and threads."""

import pytest

from core.processes.parent import ChildProcess, Ended


def test_a_program_that_does_not_start_ends_and_does_not_hang() -> None:
    process = ChildProcess("tests.core.no_such_program")
    with pytest.raises(Ended):
        process.ask(b"x", 1.0)


def test_closing_what_never_started_is_no_error() -> None:
    ChildProcess("tests.core.no_such_program").close()
