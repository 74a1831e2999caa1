"""Test running several programs as one."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.services import ROOT, START_LIMIT

# Prints one line in a single write, then waits to be stopped.
WAIT = f"{sys.executable} -c 'import os, signal; os.write(1, bytes([49, 10])); signal.pause()'"
END = f"{sys.executable} -c 'raise SystemExit(3)'"
LIMIT = START_LIMIT

Together = subprocess.Popen[str]


@pytest.fixture
def waiting() -> Iterator[Together]:
    """Start two programs that wait."""
    command = [sys.executable, "deploy/run_together.py", WAIT, WAIT]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as together:
        try:
            assert together.stdout
            assert [together.stdout.readline() for _program in range(2)] == ["1\n", "1\n"]
            yield together
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(together.pid, signal.SIGKILL)


def ended(together: Together) -> int:
    """Wait for the end of it and of everything it started: who lives holds the output open."""
    together.communicate(timeout=LIMIT)
    return together.returncode


def test_the_end_of_one_is_the_end_of_all() -> None:
    done = subprocess.run(
        [sys.executable, "deploy/run_together.py", WAIT, END],
        cwd=ROOT, capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "SystemExit(3)" in done.stderr


def test_ctrl_c_ends_all(waiting: Together) -> None:
    os.killpg(waiting.pid, signal.SIGINT)
    assert ended(waiting) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_a_signal_to_it_alone_ends_all(waiting: Together, number: int, code: int) -> None:
    waiting.send_signal(number)
    assert ended(waiting) == code
