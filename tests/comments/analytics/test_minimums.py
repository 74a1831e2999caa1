"""Test that every minimum holds for the answers that stand now, in all forms of a figure alike."""

import csv
import json
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from django.test import Client, SimpleTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import reactions
from comments.analytics import minimums
from comments.ranking.audience import HeldAnswer
from posts.models import Stance
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
            (lambda number: not minimums.hide_cell(number), 3),
            (lambda number: not minimums.are_few(number), 160),
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
        self.assertFalse(minimums.hide_cell(0))
        self.assertFalse(minimums.hide_cell(1, 1))

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
        self.assertEqual((data["answers"], data["changes"]), (4, None))
        self.assertEqual([data[key] for key in ("stances", "moves", "marks", "weeks")], [[]] * 4)
        self.assertEqual(self.table()[1:], [["answers", "", "", "", "4"]])

    def test_shares_need_readers_who_still_answer(self) -> None:
        self.readers("same", "different", number=5)
        self.take_back(self.readers("same", number=5))
        self.assertIn("5 of the 5 who began with Same.</p>", self.page())

    def archived(self) -> dict[str, Any]:
        """Return the figures in the archive for researchers."""
        url = reverse("comments:data", args=[self.post.slug])
        with ZipFile(BytesIO(Client().get(url).content)) as archive:
            name = next(name for name in archive.namelist() if name.endswith("stances.json"))
            data: dict[str, Any] = json.loads(archive.read(name))
        return data

    def test_a_cell_of_silent_readers_hides_all_moves_in_every_form(self) -> None:
        self.readers("different", number=9)
        self.readers("different", "same", number=4)
        quiet = self.readers("different", "overlap", number=2)
        self.readers("same", "overlap", number=6)
        self.readers("same", "different", number=5)
        self.readers("overlap", "same", number=3)
        self.readers("overlap", "different", number=3)
        hidden = {(row["from"], row["to"]): row["readers"] for row in self.json()["moves"]}
        self.assertEqual(len(hidden), 9)
        self.assertEqual({hidden[pair] for pair in hidden if pair[0] != pair[1]}, {None})
        self.assertEqual(hidden["different", "different"], 9)
        page, table = self.page(), self.table()
        self.assertNotIn('class="moves"', page)
        self.assertIn('<g class="pool"><path', page)
        self.assertIn("moves we do not split up", page)
        self.assertIn("<td>15</td><td>6</td><td>9</td><td>8</td><td>17</td>", page)
        self.assertIn("6 of the 15 who began with Different (40\N{NO-BREAK SPACE}%)", page)
        self.assertIn(["moves", "", "different", "overlap", "hidden"], table)
        self.assertIn(["moves", "", "different", "same", "hidden"], table)
        self.assertIn(["moves", "", "same", "same", "0"], table)
        self.assertEqual(self.archived(), self.json())
        make_comment(self.post, quiet[0], self.stances["overlap"])
        shown = {(row["from"], row["to"]): row["readers"] for row in self.json()["moves"]}
        self.assertEqual(shown["different", "overlap"], 2)
        self.assertNotIn(("same", "same"), shown)
        page = self.page()
        self.assertEqual(page.count('class="moves"'), 6)
        self.assertNotIn("pool", page)
        self.assertIn(["moves", "", "different", "overlap", "2"], self.table())
        self.assertEqual(self.archived(), self.json())

    def test_nothing_by_answer_where_the_sums_would_tell_it_in_any_form(self) -> None:
        self.readers("different", "same", number=8)
        self.readers("different", "overlap", number=2)
        self.readers("overlap", number=5)
        page, data = self.page(), self.json()
        self.assertIn("10 of 15 readers changed their answer. Which way they went is not", page)
        self.assertEqual((data["changes"], data["moves"]), (10, []))
        self.assertNotIn("moves", [row[0] for row in self.table()])
        self.assertEqual(self.archived(), data)
        for telling in ("chart flow", "began with", "10 of 10", "fewer than", "not shown</td>"):
            self.assertNotIn(telling, page)

    def test_the_number_of_changes_is_hidden_in_every_form(self) -> None:
        self.readers("different", "same", number=8)
        self.readers("same", number=2)
        self.assertIn("How many is not shown", self.page())
        self.assertIsNone(self.json()["changes"])
        self.assertIsNone(self.archived()["changes"])

    def test_an_answer_that_is_no_longer_offered_is_among_the_first_ones(self) -> None:
        self.readers("overlap", "same", number=12)
        self.readers("different", "same", number=3)
        self.readers("same", number=9)
        Stance.objects.filter(pk=self.stances["overlap"].pk).update(is_offered=False)
        self.assertIn({"from": "overlap", "to": "same", "readers": 12}, self.json()["moves"])
        self.assertIn("12 of 12 with Overlap", self.page())

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
