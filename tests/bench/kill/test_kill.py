"""Test the kill trial: a short run on the real server, and the faults that it detects."""

import os
import sys
import time
from pathlib import Path

import pytest

from bench.harness.usage import family
from bench.kill import writers as writing
from bench.kill.server import Program, is_alive
from bench.kill.trial import Findings, on_given, on_sqlite, trial
from bench.kill.writers import Reply, Stuck, WriteLedger


def test_nothing_acknowledged_is_lost() -> None:
    """Kill once in the middle of 80 replies, on the database under test."""
    url = os.environ.get("DATABASE_URL", "")
    with on_given(url) if url else on_sqlite() as place:
        *_before, last = trial(place, kills=1, writes=80)
    assert last.is_clean, last
    assert (last.kills, last.acknowledged) == (1, 80)
    assert last.sent_again > 0


def ledger(*replies: Reply) -> WriteLedger:
    """Return a ledger in which all of `replies` were acknowledged."""
    written = WriteLedger()
    for reply in replies:
        written.sending(reply)
        written.answered(reply)
    return written


ONE = Reply(0, 1, "same", "One reason.")
TWO = Reply(1, 1, "same", "Another reason.")


@pytest.mark.parametrize(
    ("replies", "lost", "doubled", "faults"),
    [
        ([ONE, TWO], 0, 0, 0),
        ([ONE], 1, 0, 0),
        ([], 2, 0, 0),
        ([ONE, TWO, TWO], 0, 1, 0),
        # Stored, but with another text than the acknowledged one.
        ([ONE, Reply(1, 1, "same", "Torn.", TWO.form_key)], 1, 0, 0),
        # The same text under a key that was never sent.
        ([ONE, TWO, Reply(1, 1, "same", TWO.body)], 0, 1, 1),
    ],
)
def test_a_trial_notices(replies: list[Reply], lost: int, doubled: int, faults: int) -> None:
    findings = Findings()
    stored = {"replies": [(each.form_key, each.body) for each in replies], "faults": []}
    findings.compare(stored, ledger(ONE, TWO))
    assert (findings.lost, findings.doubled, len(findings.faults)) == (lost, doubled, faults)
    assert findings.is_clean is (lost + doubled + faults == 0)


def test_a_fault_that_is_stored_counts() -> None:
    findings = Findings()
    findings.compare({"replies": [], "faults": ["comment 1: wrong"]}, WriteLedger())
    assert not findings.is_clean


def test_what_was_kept_but_never_answered_is_no_fault() -> None:
    written = WriteLedger()
    written.sending(ONE)
    findings = Findings()
    findings.compare({"replies": [(ONE.form_key, ONE.body)], "faults": []}, written)
    assert (findings.is_clean, findings.kept_unanswered, findings.acknowledged) == (True, 1, 0)


def test_a_refusal_stops_the_trial() -> None:
    written = WriteLedger()
    written.refuse("429 ")
    with pytest.raises(Stuck, match="429"):
        written.wait_for(1, seconds=60)


def test_nobody_answering_stops_the_trial() -> None:
    with pytest.raises(Stuck, match="1 replies were acknowledged"):
        WriteLedger().wait_for(1, seconds=0)


def test_no_answer_is_told_from_a_refusal() -> None:
    post = writing.Connection("127.0.0.1:9", "/nowhere/", "")
    assert post(ONE) == (0, "")


def test_a_kill_reaches_the_children(tmp_path: Path) -> None:
    script = "import subprocess; subprocess.run(['sleep', '600'])"
    program = Program([sys.executable, "-c", script], tmp_path / "log", lambda: None)
    program.start()
    deadline = time.monotonic() + 180
    while len(started := list(family(program.pid))) < 2:
        assert time.monotonic() < deadline, "the child does not start"
    program.kill()
    assert [pid for pid in started if is_alive(pid)] == []
    program.kill()  # What has ended already is no reason to stumble.
