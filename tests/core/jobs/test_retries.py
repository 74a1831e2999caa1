"""Test the times at which a failed job is retried."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import limits
from core.jobs import retries


def seconds(attempts: int, chance: float = 0.5) -> float:
    return retries.delay(attempts, chance).total_seconds()


def test_each_wait_is_twice_the_one_before_up_to_an_hour() -> None:
    waits = [seconds(attempts) for attempts in range(1, 16)]
    assert waits[:4] == [10, 20, 40, 80]
    assert all(later == min(2 * earlier, 3600) for earlier, later in pairwise(waits))
    assert timedelta(hours=7) < timedelta(seconds=sum(waits)) < timedelta(hours=8)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_chance_moves_it_by_a_quarter_at_most(attempts: int, chance: float) -> None:
    assert 0.75 * seconds(attempts) <= seconds(attempts, chance) <= 1.25 * seconds(attempts)


def test_those_that_failed_together_come_back_apart() -> None:
    assert seconds(1, 0.0) < seconds(1, 0.5) < seconds(1, 1.0)


def test_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JOB_ATTEMPTS", 3)
    assert [retries.may_retry(attempts, OSError()) for attempts in (1, 2, 3, 4)] == [
        True,
        True,
        False,
        False,
    ]
    assert not retries.may_retry(1, retries.PermanentError())


def test_a_hopeless_error_is_named_by_its_reason() -> None:
    assert retries.name_of(LookupError()) == "builtins.LookupError"
    hopeless = retries.PermanentError()
    assert retries.name_of(hopeless) == "core.jobs.retries.PermanentError"
    hopeless.__cause__ = LookupError()
    assert retries.name_of(hopeless) == "builtins.LookupError"
