"""Test the stance page: its content by number of answers, the same for everyone."""

import csv
import re
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from comments.actions import comments as comment_actions
from comments.actions import reactions, stances
from comments.actions.stances import correct
from comments.models import Appraisal, Comment, CurrentStance, StanceSource
from core.caching.pages import store
from posts.models import Post, Question, Stance
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_user


class StancesCase(Cast):
    """Readers who answer, and change their answers."""

    def setUp(self) -> None:
        self.url = reverse("comments:stances", args=[self.post.slug])
        self.now = timezone.now() - timedelta(days=40)

    def record(self, reader: User, key: str, now: datetime | None = None) -> None:
        version = self.post.question.version
        assert version is not None
        stances.record(
            reader=reader,
            question=self.post.question,
            version=version,
            stance=self.stances[key] if key else None,
            source=StanceSource.BARE,
            now=now or self.now,
        )

    def readers(self, key: str, *later: str, number: int = 1) -> list[User]:
        """Return readers who give the answer `key` and a week later each of `later`."""
        people = [make_user(is_demo=True) for _number in range(number)]
        for person in people:
            for week, answer in enumerate((key, *later)):
                self.record(person, answer, self.now + timedelta(weeks=week))
        return people

    def page(self) -> str:
        store.clear()
        return Client().get(self.url).text

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = Client().get(f"{self.url[:-1]}.json").json()
        return data

    def moved(self) -> None:
        """Let 40, 12 and 8 readers answer, and ten of them move."""
        self.readers("different", number=33)
        self.readers("different", "same", number=2)
        self.readers("different", "overlap", number=5)
        self.readers("same", number=10)
        self.readers("same", "different")
        self.readers("same", "overlap")
        self.readers("overlap", number=7)
        self.readers("overlap", "same")


class FlowTests(StancesCase):
    """How answers moved."""

    def test_the_strongest_cases_are_quoted_in_words_and_not_in_signs(self) -> None:
        words = "Tom & *Jerry* say that 2 < 3, and so on. " * 12
        case = make_comment(self.post, self.reader, self.stances["same"], body=words)
        same = self.stances["same"].pk
        Appraisal.objects.create(comment=case, post=self.post, sides=f"{same}:2/5")
        front = f"1 1 0 {case.pk}:strongest:{same}"
        Post.objects.filter(pk=self.post.pk).update(front=front)
        self.assertNotIn("Tom &amp;", self.page())
        self.show_sides_at_once()
        self.post.bump_page_version()
        page = self.page()
        self.assertIn("Tom &amp; Jerry say that 2 &lt; 3", page)
        self.assertNotIn("&amp;amp;", page)
        self.assertIn(f"The whole comment by <bdi>{self.reader.handle}</bdi>", page)
        self.assertIn("its own readers find best argued.</p>", page)
        self.assertNotIn(words[300:340], page)

    def test_9_flow_shown_as_rates(self) -> None:
        self.moved()
        # Who says so in a comment is singled out by nothing that the page tells.
        for answer in CurrentStance.objects.exclude(record__supersedes=None):
            make_comment(self.post, answer.reader, stance=answer.stance)
        page = self.page()
        self.assertIn(
            "10 of 60 readers changed their answer: "
            "7 of the 40 who began with Different (18\N{NO-BREAK SPACE}%), "
            "2 of 12 with Same (17\N{NO-BREAK SPACE}%), 1 of 8 with Overlap.</p>",
            page,
        )
        self.assertNotIn("winner", page)
        self.assertIn('class="chart flow"', page)
        cells = {(row["from"], row["to"]): row["readers"] for row in self.json()["moves"]}
        ends = [row["answers"] for row in self.json()["stances"]]
        self.assertEqual(ends, [34, 13, 13])
        self.assertEqual((cells["different", "same"], cells["different", "different"]), (2, 33))

    def test_of_one_or_two_silent_readers_nothing_is_told_by_answer(self) -> None:
        self.moved()
        page = self.page()
        self.assertIn("10 of 60 readers changed their answer. Which way they went", page)
        for telling in ("of the 40", "of 12", "chart flow", "began with"):
            self.assertNotIn(telling, page)
        self.assertEqual((self.json()["changes"], self.json()["moves"]), (10, []))

    def test_one_or_two_silent_readers_hide_all_moves_where_the_sums_do_not_tell_them(self) -> None:
        self.moved()
        self.readers("different", "same", number=1)
        self.readers("same", "different", number=4)
        self.readers("overlap", "different", number=3)
        page = self.page()
        self.assertIn("6 of 16 with Same", page)
        cells = {(row["from"], row["to"]): row["readers"] for row in self.json()["moves"]}
        moves = [readers for (first, now), readers in cells.items() if first != now]
        self.assertEqual(moves, [None] * 6)
        self.assertEqual(cells["different", "different"], 33)
        self.assertIn("<td>16</td><td>6</td><td>10</td>", page)

    def test_9_four_changes_are_a_sentence(self) -> None:
        self.readers("different", "same", number=4)
        self.readers("different", number=20)
        page = self.page()
        self.assertIn("4 readers changed their answer. The breakdown appears from five.", page)
        moved = page.split('aria-labelledby="moved"')[1].split("</section>")[0]
        self.assertNotIn("<table", moved)
        self.assertNotIn("chart", page)
        self.assertEqual(self.json()["moves"], [])

    def test_9_five_changes_are_a_table_and_no_picture(self) -> None:
        self.readers("different", "same", number=5)
        page = self.page()
        self.assertIn("5 of the 5 who began with Different.</p>", page)
        self.assertIn("<table", page)
        self.assertNotIn("chart", page)

    def test_of_two_answers_nothing_tells_a_hidden_cell(self) -> None:
        self.readers("different", number=10)
        self.readers("different", "same", number=1)
        self.readers("same", "different", number=12)
        page = self.page()
        self.assertIn("13 of 23 readers changed their answer. Which way they went", page)
        for telling in ("1 of 11", "12 of 12", "fewer than 3", "chart flow", "began with"):
            self.assertNotIn(telling, page)
        self.assertEqual(self.json()["moves"], [])
        self.readers("different", "same", number=2)
        self.assertIn("3 of the 13 who began with Different", self.page())

    def test_nothing_of_moves_is_told_of_fewer_than_five(self) -> None:
        self.readers("different", "same", number=4)
        self.assertNotIn("changed their answer", self.page())

    def test_9_readers_without_two_answers_have_not_moved(self) -> None:
        self.readers("different", number=30)
        self.assertIn("All who answer now give the answer they gave first.", self.page())

    def test_a_correction_is_no_change_and_who_came_back_has_not_moved(self) -> None:
        self.readers("different", "same", "different", number=6)
        comment = make_comment(self.post, self.reader, self.stances["same"], now=self.now)
        fresh = Comment.objects.select_related("author", "stance__question").get(pk=comment.pk)
        overlap = Stance.objects.select_related("question__version").get(
            pk=self.stances["overlap"].pk
        )
        correct(fresh, overlap, now=self.now + timedelta(minutes=5))
        self.assertIn("All who answer now give the answer they gave first.", self.page())

    def test_an_answer_that_was_taken_back_is_in_no_figure(self) -> None:
        self.readers("different", "same", number=5)
        self.readers("different", number=15)
        page = self.page()
        self.assertIn("5 of the 20 who began with Different (25\N{NO-BREAK SPACE}%)", page)
        self.readers("different", "", number=5)
        self.readers("different", "same", "", number=5)
        self.assertEqual(self.page(), page)

    def test_the_banned_and_erased_are_in_no_figure(self) -> None:
        self.readers("same", number=5)
        people = self.readers("different", "same", number=6)
        User.objects.filter(pk=people[0].pk).update(banned_at=timezone.now())
        User.objects.filter(pk=people[1].pk).update(
            erased_at=timezone.now(), email=None, is_active=False
        )
        self.assertEqual(self.json()["changes"], 4)


class SmallNumbersTests(StancesCase):
    """The content with few answers."""

    def test_nobody(self) -> None:
        self.assertIn("Yours would be the first", self.page())

    def test_three_name_nobody(self) -> None:
        self.readers("same", number=3)
        page = self.page()
        self.assertIn("<b>3 readers</b> have answered. From 5 answers on", page)
        self.assertNotIn("tally-list", page)
        self.assertEqual(self.json()["stances"], [])

    def test_twelve_are_dots_and_sixty_a_bar(self) -> None:
        self.readers("same", number=12)
        page = self.page()
        self.assertIn("tally-dots", page)
        self.assertNotIn("100 %", page)
        self.readers("different", number=48)
        page = self.page()
        self.assertIn('class="ranges"', page)
        self.assertIn("<b>48</b> <span>80 %</span> <span>(", page)

    def test_shares_have_a_range_from_twenty_answers_on(self) -> None:
        self.readers("same", number=7)
        self.readers("different", number=12)
        page, rows = self.page(), self.json()["stances"]
        self.assertNotIn("ranges", page)
        self.assertIn("From 20 answers on you see shares here.", page)
        self.assertNotIn(" %", page)
        self.assertEqual({key for row in rows for key in row}, {"key", "word", "answers"})
        self.readers("different")
        page, rows = self.page(), self.json()["stances"]
        # Wilson's interval of 80 % for 7 of 20: 0.2295 to 0.4933.
        self.assertIn("<b>7</b> <span>35 %</span> <span>(23 to 49 %)</span>", page)
        self.assertIn("Same about 2 to 5 in 10", page)
        self.assertIn("With only 20 readers, chance matters. If many more like them", page)
        self.assertIn('<rect class="band" x="23%" width="26%" height="30"/>', page)
        self.assertIn("<b>20 readers</b> have answered, and one answer has a majority.", page)
        self.assertEqual(page.count("<span>0 %</span> <span>100 %</span></li>"), 1)
        link = f'<a href="{self.url}">Where readers stand</a>'
        self.assertIn(link, self.client.get(self.post.get_absolute_url()).text)
        same = next(row for row in rows if row["key"] == "same")
        self.assertEqual((same["share_from"], same["share_to"]), (0.2295, 0.4933))

    def test_the_range_goes_with_the_answers_that_are_withdrawn(self) -> None:
        people = self.readers("different", number=20)
        self.assertIn("ranges", self.page())
        self.record(people[0], "", self.now + timedelta(days=1))
        self.assertNotIn("ranges", self.page())
        self.assertNotIn("share_from", str(self.json()))

    def test_a_trend_takes_twenty_answers_and_three_weeks(self) -> None:
        self.readers("same", number=20)
        self.assertNotIn("chart", self.page())
        self.now += timedelta(days=22)
        self.readers("different", number=20)
        page = self.page()
        self.assertIn('class="chart trend"', page)
        self.assert_ticks(page)
        weeks = self.json()["weeks"]
        self.assertEqual((weeks[0]["same"], weeks[0]["different"]), (20, 0))
        self.assertEqual((weeks[-1]["same"], weeks[-1]["different"]), (20, 20))

    def assert_ticks(self, page: str) -> None:
        """Fail unless the trend has level lines, and dates from the first to the last week."""
        drawing = page[page.index('class="chart trend"') :]
        ticks = re.findall(r'class="tick"[^>]*>([^<]*)<', drawing)
        self.assertEqual(ticks[:5], ["0", "5", "10", "15", "20"])
        ends = [date.fromisoformat(week["until"]) for week in self.json()["weeks"]]
        self.assertIn(len(ticks[5:]), (3, 4))
        for tick, end in ((ticks[5], ends[0]), (ticks[-1], ends[-1])):
            self.assertIn(tick, [date_format(end, style) for style in ("j M", "j", "M Y")])


class OpennessTests(StancesCase):
    """How readers of one answer received the arguments for another."""

    def setUp(self) -> None:
        super().setUp()
        self.settle_at_once()
        people = {key: make_user(is_demo=True) for key in ("same", "overlap")}
        self.same, self.overlap = (
            make_comment(self.post, person, self.stances[key]) for key, person in people.items()
        )

    def matrix(self, page: str) -> list[list[str]]:
        """Return the rows of the matrix: an answer, and who of its readers marked comments."""
        table = page[page.index('class="matrix"') :]
        body = table[table.index("<tbody>") : table.index("</tbody>")]
        rows = re.findall(r"<tr>(.*?)</tr>", body)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
        return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in cells]

    def marking(self, comments: list[Comment], number: int = 1) -> list[User]:
        """Let readers who answer Different mark `comments`."""
        people = self.readers("different", number=number)
        for person in people:
            for comment in comments:
                reactions.press(comment, by=person)
        return people

    def test_a_group_of_readers_and_never_fewer_than_five(self) -> None:
        self.marking([self.same], number=4)
        self.assertNotIn("marked a comment", self.page())
        self.assertEqual(self.json()["marks"], [])
        self.marking([self.overlap])
        page = self.page()
        self.assertEqual(self.matrix(page), [["Different", "4 of 5", "1 of 5"]])
        self.assertIn(
            "All 5 readers whose marks count here marked a comment for an answer other", page
        )
        self.assertIn(
            "2 other readers are not in it: they have marked nothing that counts since", page
        )

    def test_a_row_for_each_answer_of_enough_readers(self) -> None:
        self.marking([self.same], number=9)
        self.marking([self.same, self.overlap])
        people = self.readers("same", number=5)
        for person in people:
            reactions.press(self.same, by=person)
        rows = [["Different", "10 of 10", "1 of 10"], ["Same", "5 of 5", "0 of 5"]]
        page = self.page()
        self.assertEqual(self.matrix(page), rows)
        self.assertEqual(page.count('<td class="own"><b>5</b> of 5</td>'), 1)
        marks = {row["for"]: (row["readers"], row["of"]) for row in self.json()["marks"]}
        self.assertEqual(marks["overlap"], (0, 5))
        table = list(csv.reader(StringIO(Client().get(f"{self.url[:-1]}.csv").text)))
        self.assertIn(["marks", "", "different", "overlap", "1"], table)
        self.assertIn(["readers who marked comments", "", "different", "", "10"], table)

    def test_who_does_not_count_and_what_is_gone_is_not_in_it(self) -> None:
        people = self.marking([self.same, self.overlap], number=6)
        User.objects.filter(pk=people[0].pk).update(banned_at=timezone.now())
        comment_actions.delete_comment(self.overlap)
        page = self.page()
        self.assertEqual(self.matrix(page), [["Different", "5 of 5"]])

    def test_marks_on_a_young_comment_wait_like_its_tally(self) -> None:
        now = timezone.now()
        young = make_comment(self.post, self.stranger, self.stances["same"], now=now)
        self.marking([young], number=5)
        self.assertNotIn("marked a comment", self.page())
        kept = store.slot(self.url).page
        assert kept is not None
        self.assertAlmostEqual(kept.kept.until, (now + timedelta(days=1)).timestamp(), delta=1)
        Comment.objects.filter(pk=young.pk).update(created_at=now - timedelta(days=2))
        self.assertEqual(self.matrix(self.page()), [["Different", "5 of 5"]])

    def test_hidden_totals_say_nothing_of_it(self) -> None:
        self.marking([self.same], number=6)
        Question.objects.filter(post=self.post).update(reveal=Question.Reveal.AFTER_ANSWER)
        page = self.page()
        self.assertNotIn("marked a comment", page)
        self.assertIn(
            "You see where others stand once you have answered. Totals are hidden until then, so",
            page,
        )
        self.assertNotIn("marks", self.json())


class PublicTests(StancesCase):
    """The readers who may open it."""

    def test_everyone_gets_the_same_bytes_and_a_write_shows_at_once(self) -> None:
        first, second = Client().get(self.url), Client().get(self.url)
        self.assertEqual(first.content, second.content)
        self.assertFalse(first.cookies)
        self.assertTrue(store.get(self.url))
        make_comment(self.post, self.reader, self.stances["same"])
        self.assertNotEqual(Client().get(self.url).content, first.content)

    def test_what_is_not_there(self) -> None:
        draft = make_post(self.author, published_at=None)
        make_question(draft)
        silent = make_post(self.author)
        for slug in (draft.slug, silent.slug, "nothing"):
            for name in ("stances", "stances-csv", "stances-json"):
                url = reverse(f"comments:{name}", args=[slug])
                self.assertEqual(Client().get(url).status_code, 404, url)

    def test_the_figures_as_a_table_reckon_nothing(self) -> None:
        self.stances["same"].key = "=1+1"
        self.stances["same"].save()
        self.readers("same", number=6)
        answer = Client().get(f"{self.url[:-1]}.csv")
        rows = list(csv.reader(StringIO(answer.text)))
        self.assertIn(["answers", "", "", "'=1+1", "6"], rows)

    def test_queries_stay_as_they_are(self) -> None:
        def cost() -> int:
            store.clear()
            with CaptureQueriesContext(connection) as queries:
                Client().get(self.url)
            return len(queries)

        few = cost()
        self.moved()
        self.assertEqual(cost(), few)
        self.assertLessEqual(few, 9)
