"""Test that every minimum holds for the answers that stand now, in all forms of a figure alike."""

import csv
from datetime import date, timedelta
from io import StringIO

from django.test import Client, SimpleTestCase
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions
from comments.analytics import minimums
from comments.ranking.audience import HeldAnswer
from tests.comments.views.test_stances_page import StancesCase
from tests.factories import make_comment, make_user

FORMS = ("tally-list", "tally-dots", 'class="ranges"', "chart flow", "chart trend")


class MinimumsTests(SimpleTestCase):
    """The numbers, one below and one at each."""

    def test_each(self) -> None:
        for speaks, least in (
            (minimums.show_counts, 5),
            (minimums.show_shares, 20),
            (minimums.show_moves, 5),
            (minimums.draw_moves, 10),
            (minimums.show_crossings, 5),
            (lambda number: bool(minimums.share_of(1, number)), 10),
            (lambda number: minimums.show_trend(number, 21 * 24 * 3600), 20),
            (lambda number: minimums.show_trend(20, number * 24 * 3600), 21),
            (lambda number: not minimums.hide_cell(number, has_commented=False), 3),
        ):
            with self.subTest(speaks=speaks):
                self.assertFalse(speaks(least - 1))
                self.assertTrue(speaks(least))

    def test_a_share_has_no_decimals(self) -> None:
        self.assertEqual((minimums.share_of(9, 10), minimums.share_of(2, 12)), ("90", "17"))

    def test_the_rest_of_a_total_is_not_left_to_subtraction(self) -> None:
        for parts, follows in (((9, 8), False), ((9, 8, 4), True), ((9, 8, 5), False)):
            self.assertEqual(minimums.follows_from_others(parts), follows)
        self.assertTrue(minimums.follows_from_others((9, 1, 3)))
        self.assertFalse(minimums.follows_from_others((9, 2, 3)))

    def test_nobody_and_somebody_who_says_so_are_not_hidden(self) -> None:
        self.assertFalse(minimums.hide_cell(0, has_commented=False))
        self.assertFalse(minimums.hide_cell(1, has_commented=True))

    def test_only_histories_that_end_with_an_answer_stand(self) -> None:
        histories = {1: [HeldAnswer(1, 7)], 2: [HeldAnswer(1, 7), HeldAnswer(2, None)], 3: []}
        self.assertEqual(list(minimums.standing(histories)), [1])


class StandingNowTests(StancesCase):
    """The page, JSON and CSV while answers are given, changed and taken back."""

    def table(self) -> list[list[str]]:
        return list(csv.reader(StringIO(Client().get(f"{self.url[:-1]}.csv").text)))

    def take_back(self, people: list[User]) -> None:
        for person in people:
            self.record(person, "", timezone.now())

    def test_after_withdrawals_everything_goes_back(self) -> None:
        argued = make_comment(self.post, make_user(is_demo=True), self.stances["overlap"])
        people = self.readers("same", "different", number=12)
        self.now += timedelta(days=22)
        people += self.readers("different", number=11)
        for person in people[:12]:
            reactions.press(argued, by=person)
        page = self.page()
        for form in (*FORMS[2:], "marked a comment"):
            self.assertIn(form, page)
        self.take_back(people[3:])
        page, data = self.page(), self.json()
        self.assertIn("<b>4 readers</b> have answered", page)
        for form in (*FORMS, "<table", "marked a comment", "changed their", " %"):
            self.assertNotIn(form, page)
        self.assertEqual((data["answers"], data["changes"]), (4, 3))
        self.assertEqual([data[key] for key in ("stances", "moves", "marks", "weeks")], [[]] * 4)
        self.assertEqual(self.table()[1:], [["answers", "", "", "", "4"]])

    def test_shares_need_readers_who_still_answer(self) -> None:
        self.readers("same", "different", number=5)
        self.take_back(self.readers("same", number=5))
        self.assertIn("5 of the 5 who began with Same.</p>", self.page())

    def test_a_cell_of_silent_readers_is_hidden_in_every_form(self) -> None:
        self.readers("different", "same", number=8)
        quiet = self.readers("different", "overlap", number=2)
        hidden = {"from": "different", "to": "overlap", "readers": None}
        bands = self.page().count('class="moves"')
        self.assertIn("<td>fewer than 3</td>", self.page())
        self.assertIn(hidden, self.json()["moves"])
        self.assertIn(["moves", "", "different", "overlap", "fewer than 3"], self.table())
        make_comment(self.post, quiet[0], self.stances["overlap"])
        self.assertIn({**hidden, "readers": 2}, self.json()["moves"])
        self.assertEqual(self.page().count('class="moves"'), bands + 1)

    def test_no_base_is_larger_than_the_total_beside_it(self) -> None:
        argued = make_comment(self.post, make_user(is_demo=True), self.stances["same"])
        people = self.readers("different", number=10)
        for person in people:
            reactions.press(argued, by=person)
        self.assertIn("<b>10</b> of 10<svg", self.page())
        self.record(people[0], "overlap", timezone.now())
        page = self.page()
        self.assertIn("<b>9</b> of 9<svg", page)
        self.assertIn("<b>9</b> Different", page)

    def test_a_trend_ends_with_the_last_answer_and_begins_with_five(self) -> None:
        self.now = timezone.now() - timedelta(days=32)
        self.readers("same", number=4)
        self.now += timedelta(days=30)
        latest = self.readers("different", number=16)
        self.assertEqual(self.json()["weeks"], [])
        self.take_back(latest[:1])
        self.now -= timedelta(days=16)
        self.readers("same")
        self.now += timedelta(days=16)
        weeks = self.json()["weeks"]
        self.assertEqual([week["same"] + week["different"] for week in weeks], [5, 5, 5, 20])
        self.assertLessEqual(date.fromisoformat(weeks[-1]["until"]), timezone.now().date())
        self.assertEqual(weeks[-1]["until"], self.now.date().isoformat())
