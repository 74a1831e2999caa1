"""Run several programs together: when one of them ends, stop the others.

    python deploy/run_together.py COMMAND COMMAND…

Each COMMAND is one argument. Ctrl-C and SIGTERM stop all of them.
"""

import shlex
import signal
import subprocess
import sys
import time

POLL = 0.2  # seconds between two checks whether all programs run
STOP_LIMIT = 15.0  # seconds a program may take to stop before it is killed

Program = subprocess.Popen[bytes]


def together(commands: list[str]) -> int:
    """Run `commands` until a signal or until one of them ends; then stop the others.

    Return the exit code: 0 after Ctrl-C, 143 after SIGTERM, 1 if a command ended by itself.
    """
    received: list[int] = []
    # Only recorded: an exception here could be raised before a started program is in the list.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: received.append(got))
    programs = [subprocess.Popen(shlex.split(command)) for command in commands]  # noqa: S603
    while not received and not _ended(programs):
        time.sleep(POLL)
    if not received:
        ended = programs.index(_ended(programs)[0])
        sys.stderr.write(f"Stopping, because this command ended: {commands[ended]}\n")
    _stop(programs)
    return _exit_code(received)


def _exit_code(received: list[int]) -> int:
    if not received:
        return 1
    return 0 if received[0] == signal.SIGINT else 128 + received[0]


def _ended(programs: list[Program]) -> list[Program]:
    return [program for program in programs if program.poll() is not None]


def _stop(programs: list[Program]) -> None:
    """Terminate all programs, and kill those that run longer than `STOP_LIMIT`."""
    for program in programs:
        program.terminate()
    deadline = time.monotonic() + STOP_LIMIT
    for program in programs:
        try:
            program.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


if __name__ == "__main__":
    sys.exit(together(sys.argv[1:]))
