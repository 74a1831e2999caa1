"""Test the bounds of hidden numbers against all tables there are."""

from itertools import permutations
from random import Random
from unittest import TestCase

from comments.analytics.disclosure import Few, Sums, few_follow

from .attack import tables

# Answers, and the most readers in a cell: as many tables as can be listed.
SIZES = ((2, 6), (3, 5), (4, 3), (5, 1))


def sums_of(left: list[int], came: list[int]) -> Sums:
    return Sums(dict(enumerate(left)), dict(enumerate(came)))


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

    def test_sums_are_possible_where_there_is_a_table(self) -> None:
        random = Random(5)
        seen = set()
        for case in range(600):
            answers = 2 + case % 4
            left = [random.randint(0, 4) for _answer in range(answers)]
            came = random.sample(left, answers) if case % 2 else left[::-1]
            exists = next(tables(left, came), None) is not None
            self.assertEqual(sums_of(left, came).is_possible, exists, (left, came))
            seen.add(exists)
        self.assertEqual(seen, {True, False})
        self.assertFalse(sums_of([2, -1, 1], [0, 1, 1]).is_possible)

    def test_of_two_answers_everything_follows(self) -> None:
        sums = sums_of([1, 12], [12, 1])
        self.assertEqual((sums.bounds((0, 1)), sums.bounds((1, 0))), ((1, 1), (12, 12)))

    def test_a_hidden_number_alone_follows_from_the_others(self) -> None:
        sums = sums_of([2, 7, 1], [1, 3, 6])
        one, other = Few(2, 12, has_left=True), Few(1, 8, has_left=True)
        self.assertTrue(few_follow(sums, {0: one}, 3))
        self.assertFalse(few_follow(sums, {0: one, 2: other}, 3))
        self.assertFalse(few_follow(sums, {}, 3))

    def test_two_numbers_follow_if_their_sum_allows_no_others(self) -> None:
        for numbers, follows in (((1, 1), True), ((1, 2), False), ((2, 2), True)):
            few = {place: Few(number, 9, has_left=True) for place, number in enumerate(numbers)}
            sums = sums_of([*numbers, 9], [5, 6, sum(numbers) - 2])
            self.assertEqual(few_follow(sums, few, 3), follows, numbers)

    def test_nobody_leaves_whom_there_is_not(self) -> None:
        few = {0: Few(1, 1, has_left=True), 1: Few(2, 9, has_left=True)}
        self.assertTrue(few_follow(sums_of([1, 2, 6], [4, 3, 2]), few, 3))

    def test_one_more_who_stayed_is_one_less_who_left(self) -> None:
        few = {0: Few(1, 8, has_left=False), 1: Few(1, 9, has_left=True)}
        self.assertFalse(few_follow(sums_of([7, 1, 4], [2, 6, 4]), few, 3))
        few[1] = Few(2, 9, has_left=True)
        self.assertTrue(few_follow(sums_of([7, 2, 4], [2, 6, 5]), few, 3))
