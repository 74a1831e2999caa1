"""Test the sentences of the stance page at their borders: none, one, few and many readers."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.test import SimpleTestCase

from comments import sentences
from comments.analytics.cross_reactions import Openness
from comments.analytics.flow import Flow
from comments.analytics.totals import StanceCount, Totals
from comments.analytics.trend import Point

PERCENT = "\N{NO-BREAK SPACE}%"
STANCES = [SimpleNamespace(pk=pk, word=word) for pk, word in enumerate(("Yes", "No", "Perhaps"))]


def totals_of(*counts: int) -> Totals:
    tallies = [StanceCount(stance, n) for stance, n in zip(STANCES, counts, strict=False)]
    return Totals(tuple(tallies))


class ChanceTests(SimpleTestCase):
    """What the box on a bar is."""

    def test_nothing_while_there_are_no_shares(self) -> None:
        for counts in ((0, 0), (1, 0), (9, 10)):
            self.assertEqual(sentences.chance(totals_of(*counts)), "")
            self.assertEqual(sentences.too_close(totals_of(*counts)), "")

    def test_the_first_answer_that_somebody_gives_is_the_example(self) -> None:
        said = sentences.chance(totals_of(16, 7, 18))
        self.assertTrue(said.startswith("With only 41 readers, chance matters. If many more"))
        self.assertIn("the share of Yes would probably (in about 8 of 10 cases) lie", said)
        self.assertIn(f"between 30{PERCENT} and 49{PERCENT}: the box on its bar.", said)
        self.assertIn("the share of No would", sentences.chance(totals_of(0, 7, 18)))

    def test_of_many_readers_chance_matters_little_but_is_not_gone(self) -> None:
        self.assertIn("With only 159 readers,", sentences.chance(totals_of(80, 79)))
        said = sentences.chance(totals_of(80, 80))
        self.assertIn("Even with 160 readers, chance matters a little.", said)
        said = sentences.chance(totals_of(400_000, 600_000))
        self.assertIn("Even with 1,000,000 readers", said)
        self.assertTrue(said.endswith(f"be close to 40{PERCENT}."))

    def test_all_of_one_answer(self) -> None:
        self.assertIn(f"between 94{PERCENT} and 100{PERCENT}", sentences.chance(totals_of(24, 0)))


class TooCloseTests(SimpleTestCase):
    """Answers that chance alone may have put in their order."""

    def test_no_pair_one_and_more(self) -> None:
        self.assertEqual(sentences.too_close(totals_of(30, 7)), "")
        self.assertEqual(
            sentences.too_close(totals_of(16, 7, 18)),
            "Yes and Perhaps are too close to tell which would have more.",
        )
        self.assertEqual(
            sentences.too_close(totals_of(9, 8, 9)),
            "The answers are too close to tell which would have more.",
        )
        self.assertEqual(
            sentences.too_close(totals_of(10, 14, 18)),
            "Too close to tell which would have more: Yes and No; No and Perhaps.",
        )

    def test_it_speaks_of_either_in_the_authors_order(self) -> None:
        for counts in ((16, 18), (18, 16), (17, 17)):
            self.assertEqual(
                sentences.too_close(totals_of(*counts)),
                "Yes and No are too close to tell which would have more.",
            )

    def test_of_answers_that_nobody_gives_nothing_is_compared(self) -> None:
        self.assertEqual(sentences.too_close(totals_of(20, 0, 0)), "")

    def test_the_more_readers_the_less_is_too_close(self) -> None:
        self.assertNotEqual(sentences.too_close(totals_of(52, 48)), "")
        self.assertEqual(sentences.too_close(totals_of(5200, 4800)), "")


class TrendTests(SimpleTestCase):
    """The ends of the lines over time."""

    def points(self, *counts: tuple[int, ...], days: int = 17) -> list[Point]:
        first = datetime(2026, 11, 9, 12, tzinfo=UTC)
        return [Point(first + timedelta(days=days * n), each) for n, each in enumerate(counts)]

    def test_each_answer_is_told_at_both_ends(self) -> None:
        points = self.points((16, 12, 10), (16, 7, 18))
        self.assertEqual(
            sentences.trend(points, STANCES),
            "From 9 November to 26 November: Yes 16 both times, No from 12 to 7, Perhaps from 10 "
            "to 18.",
        )
        self.assertEqual(sentences.trend([], STANCES), "")

    def test_years_are_named_where_they_differ_and_nobody_is_a_number(self) -> None:
        points = self.points((0, 5), (1, 1400), days=60)
        self.assertEqual(
            sentences.trend(points, STANCES[:2]),
            "From 9 November 2026 to 8 January 2027: Yes from 0 to 1, No from 5 to 1,400.",
        )

    def test_why_it_differs_from_the_first_answers_where_those_are_drawn(self) -> None:
        points = self.points((5, 0, 0), (16, 7, 18))
        moved = Flow(tuple(STANCES), {(0, 1): 6, (1, 2): 6, (2, 0): 6})
        said = sentences.about_trend(points, moved)
        self.assertTrue(said.startswith("By the first date 5 readers had answered, and some may"))
        self.assertIn("at other numbers than “At first”. They end", said)
        said = sentences.about_trend(points, Flow(tuple(STANCES), {(0, 0): 20}))
        self.assertEqual(said, "By the first date 5 readers had answered.")
        self.assertEqual(sentences.about_trend([], moved), "")


class RespectTests(SimpleTestCase):
    """Marks across answers."""

    def openness(self, *marks: tuple[int, int, range]) -> Openness:
        return Openness.of(
            STANCES, [(of, other, who) for of, other, readers in marks for who in readers]
        )

    def test_none_some_and_all(self) -> None:
        for marks, said in (
            ([(0, 1, range(4))], ""),
            (
                [(0, 0, range(5)), (2, 1, range(9, 10))],
                "Of the readers whose marks count here, nobody marked a comment for another "
                "answer.",
            ),
            (
                [(0, 0, range(5)), (0, 1, range(1)), (0, 2, range(1))],
                "1 of the 5 readers whose marks count here marked a comment for an answer other "
                "than their "
                "own as well argued.",
            ),
            (
                [(0, 1, range(5)), (0, 0, range(3))],
                "All 5 readers whose marks count here marked a comment for an answer other than "
                "their own "
                "as well argued.",
            ),
        ):
            self.assertEqual(sentences.respect(self.openness(*marks)), said)

    def test_readers_who_are_not_in_the_table(self) -> None:
        marks = self.openness((0, 1, range(5)))
        self.assertEqual(sentences.not_counted(marks, 5), "")
        self.assertEqual(
            sentences.not_counted(marks, 6),
            "1 other reader is not in it: they have marked nothing that counts since they chose "
            "their present answer.",
        )
        self.assertEqual(
            sentences.not_counted(marks, 1205),
            "1,200 other readers are not in it: they have marked nothing that counts since they "
            "chose their present answer.",
        )
        self.assertEqual(sentences.not_counted(self.openness((0, 1, range(4))), 9), "")

    def test_readers_of_an_answer_with_too_few_marks_are_not_said_to_have_none(self) -> None:
        marks = self.openness((0, 1, range(5)), (1, 0, range(9, 11)))
        self.assertTrue(marks.leaves_out)
        self.assertIn(
            "or fewer than five with that answer have.",
            sentences.not_counted(marks, 8),
        )
