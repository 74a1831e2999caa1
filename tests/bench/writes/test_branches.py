"""Test the measurement of replies beside a huge branch, in a short form."""

import os

from bench.kill.trial import on_given, on_sqlite
from bench.writes.branches import TimedReply, line, measured, slowest


def test_people_write_while_a_branch_is_locked_removed_restored_and_moved() -> None:
    """Use the database under test, and more comments than two batches have."""
    url = os.environ.get("DATABASE_URL", "")
    with on_given(url) if url else on_sqlite() as place:
        lines, wrong = measured(place, 1_100, quiet=1.0)
    assert wrong == []
    assert [each[0] for each in lines] == ["nothing", "lock", "unlock", "remove", "restore", "move"]
    assert all(int(each[1].replace(",", "")) >= 1_100 for each in lines[3:])
    assert [int(each[2]) for each in lines[3:]] == [4, 3, 3]


def test_the_slowest_reply_is_one_that_was_on_its_way_meanwhile() -> None:
    sent = [TimedReply(10.0, 5.0, 302), TimedReply(16.0, 1.0, 302), TimedReply(30.0, 9.0, 302)]
    assert slowest(sent, 14.0, 20.0) == 5.0
    assert slowest(sent, 15.5, 20.0) == 1.0
    assert slowest(sent, 20.0, 25.0) == 0
    act = {"what": "move", "rows": 1_200, "start": 14.0, "end": 20.0, "batches": [0.5, 0.25]}
    assert line(act, sent) == ("move", "1,200", "2", "6.0", "0.50", "5.00")
