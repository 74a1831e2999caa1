"""Test which accounts count as one: those that press alike beyond chance."""

from pathlib import Path
from random import Random
from unittest import TestCase

from comments.ranking.clusters import clusters
from docs import cluster_table

METHOD = Path(cluster_table.__file__).with_name("deliberation.md")

COMMENTS = range(100)


def crowd(random: Random, readers: int, presses: int) -> dict[int, set[int]]:
    """Return independent readers, who press popular comments more often than others."""
    popularity = [1 / (1 + comment / 5) for comment in COMMENTS]
    return {
        reader: set(random.choices(COMMENTS, popularity, k=presses)) for reader in range(readers)
    }


def merged(found: dict[int, int]) -> int:
    """Return how many accounts count as another."""
    return sum(reader != first for reader, first in found.items())


class ClusterTests(TestCase):
    """Accounts of one person, and readers with like tastes."""

    def test_independent_readers_of_the_same_popular_comments_stay_apart(self) -> None:
        random, readers, together = Random(1), 30, 0  # noqa: S311
        for _discussion in range(50):
            pressed = {
                reader: {comment for comment in range(10) if random.random() < 0.9}
                for reader in range(readers)
            }
            together += merged(clusters(pressed))
        self.assertLessEqual(together, 0.02 * 50 * readers)

    def test_accounts_that_press_the_same_eight_of_a_hundred_are_caught(self) -> None:
        random, caught = Random(2), 0  # noqa: S311
        for _discussion in range(50):
            pressed = crowd(random, 60, 10)
            pushed = set(random.sample(COMMENTS, 8))
            socks = range(1000, 1006)
            found = clusters(pressed | dict.fromkeys(socks, pushed))
            caught += sum(found[sock] == 1000 for sock in socks)
        self.assertGreaterEqual(caught, 0.9 * 50 * 6)

    def test_the_method_names_the_shares_that_are_caught(self) -> None:
        for (readers, presses), told in zip(
            cluster_table.CROWDS,
            ("99 in 100 are caught beside sixty", "88 beside thirty", "18 beside thirty with five"),
            strict=True,
        ):
            caught, wrong = cluster_table.shares(readers, presses)
            self.assertEqual(int(100 * caught + 0.5), int(told.split()[0]))
            self.assertLessEqual(wrong, 0.02)
            self.assertIn(told, " ".join(METHOD.read_text(encoding="utf-8").split()))

    def test_nobody_is_merged_by_somebody_in_between(self) -> None:
        random = Random(3)  # noqa: S311
        one, between, other = set(range(40, 50)), set(range(41, 51)), set(range(42, 52))
        readers = {1000: one, 1001: between, 1002: other}
        found = clusters(crowd(random, 60, 10) | readers)
        self.assertEqual([found[reader] for reader in readers], [1000, 1000, 1002])

    def test_two_readers_without_others_and_four_presses_prove_nothing(self) -> None:
        self.assertEqual(merged(clusters({1: set(range(9)), 2: set(range(9))})), 0)
        others = crowd(Random(4), 60, 10)  # noqa: S311
        few = {1000: {90, 91, 92, 93}, 1001: {90, 91, 92, 93}}
        self.assertNotIn(1000, clusters(others | few))
