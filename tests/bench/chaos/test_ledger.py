"""Test that `python -m bench.chaos` detects and names each broken rule."""

from collections import Counter

import pytest

from bench.chaos.ledger import ChaosLedger, LedgerAnswer, LedgerRow, is_stale


@pytest.mark.parametrize(
    ("shown", "due", "stale"),
    [
        ([5, 6, 7], 6, False),
        ([5, 7], 6, True),
        ([7, 8], 6, False),  # the page is full of newer ones
        ([1, 2], 6, True),
        ([], 6, True),
    ],
)
def test_a_page_is_stale_if_it_lacks_what_is_due(shown: list[int], due: int, stale: bool) -> None:
    assert is_stale(shown, due) is stale


def test_a_thread_is_due_a_second_after_it_was_acknowledged() -> None:
    ledger = ChaosLedger()
    ledger.acknowledge("one", 1, when=10.0, is_root=True)
    ledger.acknowledge("two", 2, when=11.0, is_root=False)
    ledger.acknowledge("three", 3, when=12.0, is_root=True)
    assert [ledger.newest_due(asked) for asked in (10.9, 11.0, 12.9, 13.0)] == [0, 1, 1, 3]


def test_all_is_right_once_there_are_answers_and_none_of_them_wrong() -> None:
    ledger = ChaosLedger([LedgerAnswer(100.0, 101.0, 503), LedgerAnswer(101.0, 102.0, 200)])
    moments = (100.5, 101.5, 102.5)
    assert [ledger.is_right_since(moment) for moment in moments] == [False, True, False]


def row(*answers: LedgerAnswer, fault: str = "host killed") -> LedgerRow:
    """Return ten seconds from 100 on."""
    ledger = ChaosLedger(list(answers))
    return LedgerRow.of(fault, 100.0, 110.0, ledger)


RIGHT = LedgerAnswer(101.0, 101.5, 200)


def test_errors_count_until_the_last_of_them() -> None:
    seen = row(
        RIGHT,
        LedgerAnswer(102.0, 103.0, 503),
        LedgerAnswer(103.0, 104.5, 0),
        LedgerAnswer(111.0, 112.0, 503),
    )
    assert seen.right_after == pytest.approx(4.5)
    assert seen.slowest == pytest.approx(1.5)
    assert seen.errors == Counter({503: 1, 0: 1})
    assert not seen.faults(settled=2.0)


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (row(RIGHT, LedgerAnswer(102.0, 102.1, 200, "stale")), "host killed: stale: 1 answers"),
        (row(RIGHT, LedgerAnswer(108.0, 109.0, 503)), "host killed: answers were not right again"),
        (
            row(RIGHT, LedgerAnswer(101.0, 102.0, 500), fault="none"),
            "none: errors without any fault",
        ),
        (row(), "host killed: nothing was answered"),
    ],
)
def test_a_broken_rule_is_a_sentence(seen: LedgerRow, sentence: str) -> None:
    assert [each for each in seen.faults(settled=2.0) if each.startswith(sentence)]


def test_lost_and_doubled_are_counted_where_they_were_sent() -> None:
    ledger = ChaosLedger()
    for text, when in (("before", 99.0), ("lost", 101.0), ("twice", 102.0), ("refused", 103.0)):
        ledger.send(text, when)
    ledger.acknowledge("lost", 1, 101.5, is_root=True)
    ledger.acknowledge("before", 2, 99.5, is_root=True)
    seen = row(RIGHT)
    seen.count_stored(ledger, Counter({"twice": 2}))
    assert (seen.lost, seen.doubled) == (1, 1)
    assert len(seen.faults(settled=2.0)) == 2
