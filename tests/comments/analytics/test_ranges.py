"""Test the range of a share: its ends against known ones, its words at every edge."""

from unittest import TestCase

from comments.analytics.ranges import ShareRange


class ShareRangeTests(TestCase):
    """The range of the share of an answer."""

    def test_the_ends_are_those_of_wilsons_interval(self) -> None:
        # The two roots of n (k/n - p)² = z² p (1 - p) for z = 1.2816, which define it.
        for count, total, low, high in (
            (7, 40, 0.1113, 0.2644),
            (12, 20, 0.4572, 0.7276),
            (0, 20, 0.0, 0.0759),
            (20, 20, 0.9241, 1.0),
        ):
            with self.subTest(count=count, total=total):
                found = ShareRange.of(count, total)
                self.assertAlmostEqual(found.low, low, places=4)
                self.assertAlmostEqual(found.high, high, places=4)

    def test_the_share_itself_is_within(self) -> None:
        for total in range(20, 120):
            for count in range(total + 1):
                low, high = ShareRange.of(count, total)
                self.assertLessEqual(max(low, 0), count / total + 1e-12)
                self.assertGreaterEqual(min(high, 1), count / total - 1e-12)

    def test_words_are_rounded_outwards(self) -> None:
        for low, high, words in (
            (0.31, 0.59, "about 3 to 6 in 10"),
            (0.3, 0.6, "about 3 to 6 in 10"),
            (0.1 + 0.2, 0.7 - 0.1, "about 3 to 6 in 10"),
            (0.299, 0.601, "about 2 to 7 in 10"),
            (0.0, 0.0759, "at most about 1 in 10"),
            (0.09, 0.21, "at most about 3 in 10"),
            (0.9241, 1.0, "at least about 9 in 10"),
            (0.85, 0.91, "at least about 8 in 10"),
        ):
            with self.subTest(low=low, high=high):
                self.assertEqual(ShareRange(low, high).words, words)
