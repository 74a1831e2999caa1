"""Figures by answer, as they are stored in a column: "12:16 13:6". Pure.

The key 0 stands for no answer.
"""

from collections.abc import Mapping

from .lift import StanceReactions

NO_ANSWER = 0


def write_counts(counts: Mapping[int, int]) -> str:
    """Return `counts` by answer as they are stored."""
    return " ".join(f"{key}:{count}" for key, count in sorted(counts.items()) if count)


def read_counts(stored: str) -> dict[int, int]:
    """Return the counts by answer that are `stored`."""
    return {int(key): int(count) for key, count in _pairs(stored)}


def write_sides(sides: Mapping[int, StanceReactions]) -> str:
    """Return `sides` by answer as they are stored."""
    return " ".join(f"{key}:{side.approvals}/{side.chances}" for key, side in sides.items())


def read_sides(stored: str) -> dict[int, StanceReactions]:
    """Return the sides by answer that are `stored`."""
    return {
        int(key): StanceReactions(*map(int, figures.split("/", 1)))
        for key, figures in _pairs(stored)
    }


def write_rates(rates: Mapping[int, float]) -> str:
    """Return `rates` by answer as they are stored, exactly."""
    return " ".join(f"{key}:{rate!r}" for key, rate in rates.items())


def read_rates(stored: str) -> dict[int, float]:
    """Return the rates by answer that are `stored`."""
    return {int(key): float(rate) for key, rate in _pairs(stored)}


def _pairs(stored: str) -> list[list[str]]:
    return [pair.split(":", 1) for pair in stored.split()]
