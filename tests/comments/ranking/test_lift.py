"""Test lift and explanations on the worked example, and with few data.

The figures are those of the design's worked example: 40, 12 and 8 readers answer Different, Same
and Overlap; their usual rates are 0.30, 0.20 and 0.25.
"""

import math
from unittest import TestCase

from comments.ranking.lift import (
    StanceReactions,
    base_rate,
    is_divisive,
    lift,
    ratio,
    speaks_for,
    spread,
    wilson_lower,
    wilson_upper,
)

DIFFERENT, SAME, OVERLAP = 1, 2, 3
RATES = {DIFFERENT: 0.30, SAME: 0.20, OVERLAP: 0.25}


def sides(different: str, same: str, overlap: str) -> dict[int, StanceReactions]:
    """Return the sides written as in "16/40"."""
    written = {DIFFERENT: different, SAME: same, OVERLAP: overlap}
    return {key: StanceReactions(*map(int, text.split("/"))) for key, text in written.items()}


CROWD_PLEASER = sides("30/40", "1/12", "1/8")
BRIDGE = sides("16/40", "6/12", "5/8")
OF_THE_MINORITY = sides("3/40", "9/12", "1/8")
DULL = sides("8/40", "2/12", "1/8")
NEW = sides("1/3", "1/1", "0/0")
UNREAD = sides("0/0", "0/0", "0/0")


class LiftTests(TestCase):
    """The lift of a comment."""

    def test_the_worked_example(self) -> None:
        for name, comment, expected in (
            ("crowd-pleaser", CROWD_PLEASER, 0.96),
            ("bridge", BRIDGE, 1.77),
            ("best of the minority", OF_THE_MINORITY, 0.87),
            ("dull", DULL, 0.74),
            ("new", NEW, 1.24),
        ):
            with self.subTest(name):
                self.assertAlmostEqual(lift(comment, RATES), expected, delta=0.006)

    def test_unread_is_exactly_typical(self) -> None:
        self.assertEqual(lift(UNREAD, RATES), 1.0)
        self.assertEqual(lift({}, RATES), 1.0)
        self.assertEqual(lift({}, {}), 1.0)

    def test_ratios_of_the_bridge_by_hand(self) -> None:
        found = [round(ratio(BRIDGE[key], RATES[key]), 3) for key in RATES]
        self.assertEqual(found, [1.303, 2.125, 2.0])

    def test_one_side_alone_carries_a_comment_so_far_and_no_further(self) -> None:
        all_of_one = {DIFFERENT: StanceReactions(1000, 1000)}
        rates = {DIFFERENT: 0.1, SAME: 0.1, OVERLAP: 0.1}
        self.assertAlmostEqual(lift(all_of_one, rates), 3 ** (1 / 3))

    def test_an_empty_side_says_nothing(self) -> None:
        two = {DIFFERENT: 0.3, SAME: 0.2}
        with_nobody = lift({DIFFERENT: StanceReactions(16, 40), SAME: StanceReactions(0, 0)}, two)
        self.assertAlmostEqual(with_nobody, math.sqrt(ratio(StanceReactions(16, 40), 0.3)))

    def test_rates_begin_with_a_guess_and_have_bounds(self) -> None:
        self.assertAlmostEqual(base_rate(0, 0), 0.15)
        self.assertAlmostEqual(base_rate(30, 80), 0.33)
        self.assertEqual(base_rate(1000, 1000), 0.9)
        self.assertEqual(base_rate(0, 100_000), 0.02)


class ExplanationTests(TestCase):
    """Other explanations of a comment's rank."""

    def test_it_speaks_for_those_who_press_it_more_than_usual_and_more_than_others(self) -> None:
        self.assertEqual(speaks_for(OF_THE_MINORITY, RATES), SAME)
        self.assertEqual(speaks_for(CROWD_PLEASER, RATES), DIFFERENT)
        self.assertIsNone(speaks_for(DULL, RATES))
        self.assertIsNone(speaks_for(UNREAD, RATES))

    def test_two_approvals_or_four_readers_speak_for_nobody(self) -> None:
        self.assertIsNone(
            speaks_for({SAME: StanceReactions(2, 5), DIFFERENT: StanceReactions(0, 40)}, RATES)
        )
        self.assertIsNone(
            speaks_for({SAME: StanceReactions(4, 4), DIFFERENT: StanceReactions(0, 40)}, RATES)
        )
        self.assertEqual(
            speaks_for({SAME: StanceReactions(3, 5), DIFFERENT: StanceReactions(0, 40)}, RATES),
            SAME,
        )

    def test_what_divides_readers(self) -> None:
        self.assertTrue(is_divisive(CROWD_PLEASER, RATES))
        self.assertFalse(is_divisive(BRIDGE, RATES))
        self.assertFalse(is_divisive(UNREAD, RATES))

    def test_what_nobody_has_read_divides_nobody(self) -> None:
        self.assertIsNone(spread(UNREAD, RATES))
        self.assertIsNone(spread(NEW, RATES))
        apart, together = spread(CROWD_PLEASER, RATES), spread(BRIDGE, RATES)
        assert apart is not None
        assert together is not None
        self.assertGreater(apart, together)

    def test_wilson(self) -> None:
        self.assertEqual((wilson_lower(0, 0), wilson_upper(0, 0)), (0.0, 1.0))
        self.assertAlmostEqual(wilson_upper(1, 6), 1 - wilson_lower(5, 6))
        for successes, trials, expected in ((5, 6, 0.57), (4, 5, 0.51), (3, 5, 0.33)):
            self.assertAlmostEqual(wilson_lower(successes, trials), expected, delta=0.006)
