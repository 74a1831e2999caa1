"""Test the evidence for a badge, and when it comes and goes, to the digit."""

from datetime import UTC, datetime
from unittest import TestCase

from comments.ranking.badges import Merit
from comments.ranking.evidence import Evidence, careful_rates, evidence, favour
from comments.ranking.lift import Sides, StanceReactions, lift, wilson_upper

from .test_lift import (
    BRIDGE,
    CROWD_PLEASER,
    DIFFERENT,
    DULL,
    NEW,
    OF_THE_MINORITY,
    OVERLAP,
    RATES,
    SAME,
    UNREAD,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENOUGH = {**BRIDGE, SAME: StanceReactions(7, 12)}


def seen(sides: Sides, own: int | None) -> Evidence:
    """Return the evidence with rates that are known for sure."""
    return evidence(sides, RATES, RATES, own)


class FavourTests(TestCase):
    """How many times as likely some presses are by readers who like a comment more."""

    def test_the_values_of_the_design(self) -> None:
        for approvals, chances, rate, expected, places in (
            (6, 12, 0.20, 9.479, 3),
            (5, 8, 0.25, 7.939, 3),
            (16, 40, 0.30, 0.722, 3),
            (4, 4, 0.20, 24.2, 9),
            (0, 0, 0.20, 1, 12),
        ):
            with self.subTest(f"{approvals}/{chances} at {rate}"):
                self.assertAlmostEqual(favour(approvals, chances, rate), expected, places=places)

    def test_it_agrees_with_the_mean_over_many_rates(self) -> None:
        """Compute the mean as a sum, on both sides of both ends of the integral."""
        for approvals, chances, rate in ((0, 30, 0.2), (3, 40, 0.3), (30, 40, 0.2), (90, 100, 0.9)):
            top, steps = min(0.95, 3 * rate), 20_000
            middles = (rate + (top - rate) * (step + 0.5) / steps for step in range(steps))
            ratios = (
                (p / rate) ** approvals * ((1 - p) / (1 - rate)) ** (chances - approvals)
                for p in middles
            )
            found = favour(approvals, chances, rate)
            self.assertAlmostEqual(found / (sum(ratios) / steps), 1, places=6)

    def test_thousands_of_readers_neither_overflow_nor_vanish(self) -> None:
        self.assertEqual(favour(2_000, 2_000, 0.2), float("inf"))
        self.assertEqual(
            seen(
                {SAME: StanceReactions(9, 9), DIFFERENT: StanceReactions(3_000, 3_000)}, SAME
            ).product,
            1e6,
        )
        self.assertLess(0, favour(600, 3_000, 0.2))


class CarefulRateTests(TestCase):
    """The usual rate that a comment is held against."""

    def test_it_is_the_upper_end_of_all_other_comments(self) -> None:
        own, total = StanceReactions(6, 12), StanceReactions(26, 112)
        found = careful_rates({SAME: 0.2}, {SAME: total}, {SAME: own})
        self.assertEqual(found[SAME], wilson_upper(20, 100))

    def test_it_has_bounds_and_needs_twenty_chances(self) -> None:
        own = {SAME: StanceReactions(6, 12)}
        for approvals, chances, usual, expected in (
            (6, 31, 0.2, None),
            (6, 32, 0.9, 0.9),
            (106, 112, 0.2, 0.9),
            (6, 1012, 0.3, 0.3),
        ):
            total = {SAME: StanceReactions(approvals, chances)}
            self.assertEqual(careful_rates({SAME: usual}, total, own)[SAME], expected)

    def test_a_side_of_which_too_little_is_known_is_no_evidence(self) -> None:
        found = evidence(ENOUGH, RATES, {**RATES, SAME: None}, OVERLAP)
        self.assertAlmostEqual(found.product, favour(16, 40, 0.30))
        self.assertFalse(found.earns)


class BadgeTests(TestCase):
    """Comments that earn the badge, and lose it."""

    def test_only_a_bridge_earns_it(self) -> None:
        self.assertTrue(seen(ENOUGH, OVERLAP).earns)
        for comment, own in (
            (BRIDGE, OVERLAP),
            (CROWD_PLEASER, DIFFERENT),
            (OF_THE_MINORITY, SAME),
            (DULL, DIFFERENT),
            (NEW, SAME),
            (UNREAD, SAME),
            ({}, SAME),
        ):
            self.assertFalse(seen(comment, own).earns)

    def test_the_product_is_of_all_others_and_of_the_live_ones(self) -> None:
        self.assertAlmostEqual(seen(BRIDGE, OVERLAP).product, 0.7223976 * 9.4794867, places=5)
        friends = {**BRIDGE, OVERLAP: StanceReactions(4, 4)}
        self.assertAlmostEqual(seen(friends, SAME).product, 0.7223976, places=6)
        self.assertFalse(seen(friends, DIFFERENT).earns)

    def test_seven_readers_of_other_answers_are_too_few(self) -> None:
        for readers, earned in ((7, False), (8, True)):
            sides = {DIFFERENT: StanceReactions(5, 10), SAME: StanceReactions(7, readers)}
            self.assertIs(seen(sides, DIFFERENT).earns, earned)

    def test_a_side_that_likes_it_less_than_usual_forbids_it(self) -> None:
        for approvals, earned in ((11, False), (12, True)):
            sides = {
                **BRIDGE,
                SAME: StanceReactions(9, 12),
                DIFFERENT: StanceReactions(approvals, 40),
            }
            self.assertIs(seen(sides, DIFFERENT).earns, earned)

    def test_sock_puppets_that_count_move_lift_but_are_no_evidence(self) -> None:
        for more, expected in (
            ({DIFFERENT: 20}, 1.00),
            ({SAME: 6}, 1.41),
            ({SAME: 6, OVERLAP: 4}, 1.85),
        ):
            attacked = {
                key: StanceReactions(
                    side.approvals + more.get(key, 0), side.chances + more.get(key, 0)
                )
                for key, side in CROWD_PLEASER.items()
            }
            self.assertAlmostEqual(lift(attacked, RATES), expected, delta=0.006)
            self.assertFalse(seen(attacked, DIFFERENT).earns, more)

    def test_it_is_earned_at_once_but_not_in_doubt(self) -> None:
        self.assertEqual(
            Merit().after(seen(ENOUGH, OVERLAP), NOW, is_doubtful=False).earned_at, NOW
        )
        self.assertIsNone(Merit().after(seen(ENOUGH, OVERLAP), NOW, is_doubtful=True).earned_at)

    def test_when_it_is_lost(self) -> None:
        worn = Merit(NOW)
        hostile = {**BRIDGE, SAME: StanceReactions(6, 18)}
        against = {**BRIDGE, DIFFERENT: StanceReactions(13, 40), SAME: StanceReactions(5, 25)}
        displeased = {**ENOUGH, DIFFERENT: StanceReactions(11, 40), SAME: StanceReactions(11, 12)}
        for sides, doubt, first, second in (
            (ENOUGH, True, True, True),  # doubt takes nothing away
            (hostile, False, True, True),  # some evidence is left
            (against, False, False, False),  # the product is below 1
            (displeased, False, True, False),  # a side likes it less than usual, twice
            (UNREAD, False, False, False),  # nobody is left who could like it
            ({}, False, False, False),
        ):
            once = worn.after(seen(sides, OVERLAP), NOW, is_doubtful=doubt)
            twice = once.after(seen(sides, OVERLAP), NOW, is_doubtful=doubt)
            found = (once.earned_at is not None, twice.earned_at is not None)
            self.assertEqual(found, (first, second), sides)
