"""Test when a steelman is fair: the arithmetic."""

from django.test import SimpleTestCase

from comments.ranking import constants
from comments.ranking.lift import wilson_lower
from comments.ranking.stored_columns import VerdictCount


class FairnessTests(SimpleTestCase):
    """At least five verdicts, of which surely half are fair."""

    def test_the_lower_bounds_are_those_of_the_rule(self) -> None:
        for fair, judges, bound in ((5, 6, 0.57), (4, 5, 0.51), (3, 5, 0.33)):
            self.assertAlmostEqual(wilson_lower(fair, judges, constants.FAIR_Z), bound, delta=0.005)

    def test_four_of_five_are_enough_and_three_are_not(self) -> None:
        self.assertTrue(VerdictCount(5, 6).is_fair)
        self.assertTrue(VerdictCount(4, 5).is_fair)
        self.assertFalse(VerdictCount(3, 5).is_fair)

    def test_fewer_than_five_say_nothing(self) -> None:
        self.assertFalse(VerdictCount(4, 4).is_fair)
        self.assertFalse(VerdictCount(4, 4).speaks)
        self.assertFalse(VerdictCount().is_fair)
