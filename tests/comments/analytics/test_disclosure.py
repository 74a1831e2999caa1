"""Test the bounds of hidden numbers against all tables there are."""

from itertools import permutations
from random import Random
from unittest import TestCase

from comments.analytics.disclosure import Sums

from .attack import tables

# Answers, and the most readers in a cell: as many tables as can be listed.
SIZES = ((2, 6), (3, 5), (4, 3), (5, 1))


def sums_of(left: list[int], came: list[int]) -> Sums:
    return Sums(dict(enumerate(left)), dict(enumerate(came)), {})


class SumsTests(TestCase):
    """What follows from how many left each answer, and how many came."""

    def test_the_bounds_are_those_of_all_tables_with_these_sums(self) -> None:
        random = Random(18)
        for case in range(400):
            answers, most = SIZES[case % len(SIZES)]
            rows = [
                [
                    random.choice((0, random.randint(0, most))) * (now != first)
                    for now in range(answers)
                ]
                for first in range(answers)
            ]
            left, came = (
                [sum(row) for row in rows],
                [sum(column) for column in zip(*rows, strict=True)],
            )
            sums, found = sums_of(left, came), list(tables(left, came))
            for first, now in permutations(range(answers), 2):
                numbers = [table[first][now] for table in found]
                self.assertEqual(sums.bounds((first, now)), (min(numbers), max(numbers)), rows)
                self.assertEqual(sums.tell((first, now)), len(set(numbers)) == 1)

    def test_of_two_answers_everything_follows(self) -> None:
        sums = sums_of([1, 12], [12, 1])
        self.assertEqual((sums.bounds((0, 1)), sums.bounds((1, 0))), ((1, 1), (12, 12)))

    def test_they_are_those_of_the_cells(self) -> None:
        sums = Sums.of({(0, 0): 4, (0, 1): 2, (1, 0): 3, (2, 1): 1}, range(3))
        self.assertEqual(sums.left, {0: 2, 1: 3, 2: 1})
        self.assertEqual(sums.came, {0: 3, 1: 3, 2: 0})
        self.assertEqual((sums.stayed, sums.moves), ({0: 4, 1: 0, 2: 0}, 6))
