"""Test lift, badges and explanations on the worked example, with attacks and with few data.

The figures are those of the design's worked example: 40, 12 and 8 readers answer Different, Same
and Overlap; their usual rates are 0.30, 0.20 and 0.25.
"""

import math
from unittest import TestCase

from comments.ranking.lift import (
    StanceReactions,
    base_rate,
    evidence,
    is_divisive,
    lift,
    ratio,
    speaks_for,
    spread,
    wilson_lower,
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


class BadgeTests(TestCase):
    """Comments that earn the badge; every number can be computed by hand."""

    def test_only_the_bridge_earns_it(self) -> None:
        self.assertTrue(evidence(BRIDGE, RATES, OVERLAP).earns)
        for comment, own in (
            (CROWD_PLEASER, DIFFERENT),
            (OF_THE_MINORITY, SAME),
            (DULL, DIFFERENT),
            (NEW, SAME),
            (UNREAD, SAME),
        ):
            self.assertFalse(evidence(comment, RATES, own).earns)

    def test_the_bridge_is_sure_on_the_sides_of_others(self) -> None:
        seen = evidence(BRIDGE, RATES, OVERLAP)
        self.assertAlmostEqual(seen.surely, 0.316, places=3)
        self.assertAlmostEqual(seen.usual, 0.245, places=3)

    def test_one_other_side_at_a_quarter(self) -> None:
        rates = {DIFFERENT: 0.25, SAME: 0.25}
        for needed, readers in ((4, 8), (5, 10), (5, 12), (8, 20), (14, 40)):
            own = StanceReactions(5, 10)
            enough = {DIFFERENT: own, SAME: StanceReactions(needed, readers)}
            short = {DIFFERENT: own, SAME: StanceReactions(needed - 1, readers)}
            self.assertTrue(evidence(enough, rates, DIFFERENT).earns, (needed, readers))
            self.assertFalse(evidence(short, rates, DIFFERENT).earns, (needed, readers))

    def test_seven_readers_of_other_answers_are_too_few(self) -> None:
        rates = {DIFFERENT: 0.25, SAME: 0.25}
        seven = {DIFFERENT: StanceReactions(5, 10), SAME: StanceReactions(7, 7)}
        self.assertFalse(evidence(seven, rates, DIFFERENT).earns)

    def test_a_side_that_likes_it_less_than_usual_forbids_it(self) -> None:
        displeased = {**BRIDGE, DIFFERENT: StanceReactions(11, 40)}
        self.assertFalse(evidence(displeased, RATES, OVERLAP).earns)
        self.assertTrue(
            evidence({**BRIDGE, DIFFERENT: StanceReactions(12, 40)}, RATES, DIFFERENT).earns
        )

    def test_sock_puppets_that_count_get_what_the_design_says(self) -> None:
        for more, expected, earned in (
            ({DIFFERENT: 20}, 1.00, False),
            ({SAME: 6}, 1.41, False),
            ({SAME: 6, OVERLAP: 4}, 1.85, True),
        ):
            attacked = {
                key: StanceReactions(
                    side.approvals + more.get(key, 0), side.chances + more.get(key, 0)
                )
                for key, side in CROWD_PLEASER.items()
            }
            self.assertAlmostEqual(lift(attacked, RATES), expected, delta=0.006)
            self.assertEqual(evidence(attacked, RATES, DIFFERENT).earns, earned, more)

    def test_the_bridge_survives_readers_who_withhold(self) -> None:
        hostile = {**BRIDGE, SAME: StanceReactions(6, 18)}
        self.assertAlmostEqual(lift(hostile, RATES), 1.59, delta=0.006)
        self.assertTrue(evidence(hostile, RATES, OVERLAP).earns)


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
        self.assertEqual(wilson_lower(0, 0), 0.0)
        for successes, trials, expected in ((5, 6, 0.57), (4, 5, 0.51), (3, 5, 0.33)):
            self.assertAlmostEqual(wilson_lower(successes, trials), expected, delta=0.006)
