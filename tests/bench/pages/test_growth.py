"""Test the measurement of how costs grow with size."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.harness.site import MeasuredDiscussion
from bench.pages import growth
from bench.pages.growth import row


def test_what_disturbs_both_of_a_pair_disturbs_no_ratio() -> None:
    quiet, loud = [(2.0, 2.2)] * 4, [(6.0, 6.6)] * 3
    found = row("page", [*quiet, *loud], 10_000)
    assert found["ratio"] == pytest.approx(1.1)
    assert (found["low"], found["high"]) == (pytest.approx(1.1), pytest.approx(1.1))
    assert (found["small"], found["large"]) == (2.0, 2.2)


def test_the_exponent_belongs_to_the_sizes() -> None:
    assert row("page", [(1.0, 10.0)] * 3, 100)["exponent"] == pytest.approx(0.5)
    assert row("page", [(3.0, 3.0)] * 3, 100)["exponent"] == 0


class FakeSide:
    """A side whose requests all cost the same; it records their order."""

    def __init__(self, name: str, cost: float, log: list[str]) -> None:
        self.name, self.cost, self.log = name, cost, log

    def reply(self) -> dict[str, float]:
        self.log.append(f"{self.name} writes")
        return {"reply": self.cost}

    def read(self) -> dict[str, float]:
        self.log.append(f"{self.name} reads")
        return {"page": self.cost * 2}


def test_both_write_then_both_read_and_take_turns_in_being_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growth, "STALE", 0)
    log: list[str] = []
    small, large = (
        cast("Any", FakeSide(name, cost, log)) for name, cost in (("a", 1.0), ("b", 1.5))
    )
    assert growth.one_round(small, large, 0) == {"reply": (1.0, 1.5), "page": (2.0, 3.0)}
    assert log == ["b writes", "a writes", "b reads", "a reads"]
    log.clear()
    assert growth.one_round(small, large, 1) == {"reply": (1.0, 1.5), "page": (2.0, 3.0)}
    assert log == ["a writes", "b writes", "a reads", "b reads"]


def test_a_larger_site_is_filled_by_discussions_beside_the_one_that_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted: list[tuple[int, str]] = []
    monkeypatch.setattr(
        growth, "fill", lambda _site, all_of: wanted.extend((e.size, e.slug) for e in all_of)
    )
    place = cast("Any", SimpleNamespace(site=None))
    growth.fill_up(place, MeasuredDiscussion(100, "x"), 2_500_000)
    assert wanted == [(100, "x"), (1_000_000, "x-0"), (1_000_000, "x-1"), (499_900, "x-2")]
