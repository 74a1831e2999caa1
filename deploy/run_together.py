"""Several programs as one: they start together, and all of them end when one of them does.

    python deploy/run_together.py COMMAND COMMAND…

Each COMMAND is one argument. Ctrl-C, SIGTERM and the end of any of them end the others.
"""

import shlex
import signal
import subprocess
import sys
import time

LOOK = 0.2  # seconds between two looks at who is still there
PATIENCE = 15.0  # seconds a program may take to finish what it has begun

Program = subprocess.Popen[bytes]


def together(commands: list[str]) -> int:
    """Run `commands` until told to end, or until one of them ends; then end the others.

    Returns 0 after Ctrl-C, 143 after SIGTERM, 1 where one of them ended by itself.
    """
    received: list[int] = []
    # Only noted: an exception here could come between starting a program and knowing of it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: received.append(got))
    programs = [subprocess.Popen(shlex.split(command)) for command in commands]  # noqa: S603
    while not received and not _ended(programs):
        time.sleep(LOOK)
    if not received:
        ended = programs.index(_ended(programs)[0])
        sys.stderr.write(f"Stopping, because this has ended: {commands[ended]}\n")
    _end(programs)
    return _exit_code(received)


def _exit_code(received: list[int]) -> int:
    if not received:
        return 1
    return 0 if received[0] == signal.SIGINT else 128 + received[0]


def _ended(programs: list[Program]) -> list[Program]:
    return [program for program in programs if program.poll() is not None]


def _end(programs: list[Program]) -> None:
    """Ask all programs to end, wait a while, and kill those that do not."""
    for program in programs:
        program.terminate()
    deadline = time.monotonic() + PATIENCE
    for program in programs:
        try:
            program.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


if __name__ == "__main__":
    sys.exit(together(sys.argv[1:]))
