"""Test how often chance or a coordinated group earns the badge, by the design's simulation.

Each cell is a share of draws at one ranking. The design drew 20,000 times; here it is fewer, so the
bound is three standard errors of both, and the rounding of the figure that it is compared with.
"""

from math import sqrt
from random import Random
from unittest import TestCase

from comments.ranking.lift import StanceReactions, evidence

DRAWS, DESIGN_DRAWS = 4_000, 20_000
ROUNDING = 0.0005
# (readers of each answer), (their usual), own answer, times its usual: own side and the others'.
RATES = (0.30, 0.20, 0.25)
TABLE = (
    ((40, 12, 8), 1.0, 1.0, 0.019),
    ((40, 12, 8), 2.0, 2.0, 0.624),
    ((40, 12, 8), 2.5, 2.5, 0.901),
    ((40, 12, 8), 2.5, 1.0, 0.035),
    ((40, 12, 8), 2.5, 0.5, 0.000),
    ((15, 15, 15), 1.0, 1.0, 0.020),
    ((15, 15, 15), 2.0, 2.0, 0.785),
    ((15, 15, 15), 2.5, 2.5, 0.971),
    ((15, 15, 15), 2.5, 1.0, 0.039),
    ((130, 40, 30), 1.0, 1.0, 0.020),
    ((130, 40, 30), 2.0, 2.0, 0.985),
    ((130, 40, 30), 2.5, 2.5, 1.000),
    ((130, 40, 30), 2.5, 1.0, 0.037),
    ((20, 6, 4), 1.0, 1.0, 0.000),
    ((20, 6, 4), 2.0, 2.0, 0.000),
    ((20, 6, 4), 2.5, 2.5, 0.000),
)


def share(readers: tuple[int, ...], own: float, others: float, draws: int = DRAWS) -> float:
    """Return the share of draws in which a comment with the first answer earns the badge."""
    random = Random(f"{readers} {own} {others}")  # noqa: S311
    rates = dict(enumerate(RATES))
    times = (own, others, others)
    chances = [min(rate * more, 1.0) for rate, more in zip(RATES, times, strict=True)]
    earned = 0
    for _draw in range(draws):
        sides = {
            key: StanceReactions(sum(random.random() < chances[key] for _ in range(count)), count)
            for key, count in enumerate(readers)
        }
        earned += evidence(sides, rates, own=0).earns
    return earned / draws


class FalseBadgeTests(TestCase):
    """The table of the design, cell by cell."""

    def test_each_cell_comes_out_within_its_noise(self) -> None:
        for readers, own, others, expected in TABLE:
            with self.subTest(readers=readers, own=own, others=others):
                found = share(readers, own, others)
                likely = min(max(expected, 1 / DESIGN_DRAWS), 1 - 1 / DESIGN_DRAWS)
                variance = likely * (1 - likely) * (1 / DRAWS + 1 / DESIGN_DRAWS)
                self.assertAlmostEqual(found, expected, delta=3 * sqrt(variance) + ROUNDING)
