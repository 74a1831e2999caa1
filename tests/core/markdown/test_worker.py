"""Test the render process: killed at its limits, started again, and never mixing up results."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.markdown.refusal import MarkdownRefused, RefusalReason
from core.markdown.worker import RenderWorker
from core.processes import parent
from tests.services import START_LIMIT

ROOT = Path(__file__).parents[3]
LONG = 30.0


@pytest.fixture
def worker() -> Iterator[RenderWorker]:
    worker = RenderWorker("tests.core.markdown.slow_renderer")
    yield worker
    worker.close()


def reason(worker: RenderWorker, text: str, limit: float = LONG) -> RefusalReason:
    """Return why `worker` refuses `text`."""
    with pytest.raises(MarkdownRefused) as refused:
        worker.html(text, "comment", limit)
    return refused.value.reason


def process_of(worker: RenderWorker) -> int:
    """Return the number of the render process."""
    return int(worker.html("process", "comment", LONG))


def comes_true(what: Callable[[], bool]) -> bool:
    """Return whether `what()` becomes true before a very busy machine would have got to it."""
    deadline = time.monotonic() + START_LIMIT
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_gone(process: int) -> bool:
    """Return whether `process` has ended and is not even a zombie."""
    return comes_true(lambda: not Path(f"/proc/{process}").exists())


@pytest.mark.parametrize("runaway", ["loop", "sleep 600"])
def test_a_render_that_runs_away_is_killed_and_the_next_works(
    worker: RenderWorker, runaway: str
) -> None:
    process = process_of(worker)
    assert reason(worker, runaway, limit=0.3) == RefusalReason.TIME
    assert is_gone(process)
    assert worker.html("still here", "comment", LONG) == "still here"


def test_waiting_for_the_machine_is_not_held_against_a_text(
    worker: RenderWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "PATIENCE", 1000)
    process = process_of(worker)
    assert worker.html("sleep 0.4", "comment", limit=0.2) == "sleep 0.4"
    assert process_of(worker) == process


def test_a_process_that_dies_while_rendering_refuses_only_that_text(worker: RenderWorker) -> None:
    assert reason(worker, "die") == RefusalReason.BROKEN
    assert worker.html("still here", "comment", LONG) == "still here"


def test_a_process_killed_between_two_texts_is_not_noticed(worker: RenderWorker) -> None:
    process = process_of(worker)
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    assert worker.html("still here", "comment", LONG) == "still here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refuse", RefusalReason.SIZE),
        ("fail", RefusalReason.BROKEN),
        ("devour", RefusalReason.BROKEN),
    ],
)
def test_a_text_that_fails_leaves_the_process_running(
    worker: RenderWorker, text: str, expected: RefusalReason
) -> None:
    process = process_of(worker)
    assert reason(worker, text) == expected
    assert process_of(worker) == process


def test_an_interrupted_render_never_answers_the_next_question(
    worker: RenderWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    process_of(worker)
    connection = worker._connection
    assert connection is not None

    def interrupted(_limit: float) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(connection, "poll", interrupted)
    with pytest.raises(KeyboardInterrupt):
        worker.html("mine", "comment", LONG)
    assert worker.html("yours", "comment", LONG) == "yours"


def test_a_program_that_does_not_start_refuses_and_does_not_hang() -> None:
    worker = RenderWorker("tests.core.no_such_program")
    assert reason(worker, "x") == RefusalReason.BROKEN


def test_large_texts_and_every_character_pass(worker: RenderWorker) -> None:
    text = "".join(map(chr, range(0x3000))) + "\ud800\U0010ffff" + "x" * 1_000_000
    assert worker.html(text, "post", LONG) == text


def test_threads_get_their_own_answers(worker: RenderWorker) -> None:
    texts = [f"text {number}" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: worker.html(text, "comment", LONG), texts))
    assert answers == texts


def test_a_fork_gets_a_process_of_its_own(worker: RenderWorker) -> None:
    ours = process_of(worker)
    with worker._lock:  # as if another thread were rendering at the moment of the fork
        child = os.fork()
        if not child:
            os._exit(0 if process_of(worker) != ours else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert process_of(worker) == ours


def test_it_knows_nothing_of_our_environment(
    worker: RenderWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    known = set(worker.html("environment", "comment", LONG).split())
    assert known <= {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE"}


def test_closing_leaves_no_process_behind(worker: RenderWorker) -> None:
    process = process_of(worker)
    worker.close()
    assert is_gone(process)


@pytest.mark.parametrize("end", ["pass", "import os; os.kill(os.getpid(), 9)"])
def test_the_process_ends_with_the_server(end: str) -> None:
    program = (
        "from core.markdown.worker import RenderWorker\n"
        "worker = RenderWorker('tests.core.markdown.slow_renderer')\n"
        "print(worker.html('process', 'post', 30), flush=True)\n" + end
    )
    server = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        check=False,
    )
    # Its parent is gone, so the process that adopts orphans clears it away, sooner or later.
    assert has_ended(int(server.stdout))


def has_ended(process: int) -> bool:
    """Return whether `process` has ended, though it may be a zombie."""
    return comes_true(lambda: state_of(process) in ("", "Z"))


def state_of(process: int) -> str:
    """Return the letter of the state of `process`, or nothing where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
