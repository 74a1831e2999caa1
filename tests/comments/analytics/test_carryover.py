"""Test carried questions: each reader's earlier answer, and how answers moved."""

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import stances
from comments.actions.stances import correct
from comments.models import Comment, CurrentStance, StanceSource
from core.caching.pages import store
from posts.actions import carry_question
from posts.models import Part, Post, Question, Stance
from tests.cast import Cast
from tests.comments.rendering.test_discussion import PERSONAL_QUERIES, PUBLIC_QUERIES
from tests.factories import make_comment, make_post, make_series, make_user, stances_by_key


class CarriedCase(Cast):
    """A series whose third part carries the question of the first."""

    def setUp(self) -> None:
        self.series = make_series(self.author)
        self.third = make_post(self.author)
        for position, post in ((1, self.post), (3, self.third)):
            Part.objects.create(series=self.series, position=position, title="P", post=post)
        carry_question(Post.objects.get(pk=self.third.pk), self.post.question)
        self.third = Post.objects.get(pk=self.third.pk)
        self.url = self.third.get_absolute_url()

    def answer(self, reader: User, post: Post, key: str) -> None:
        question = Question.objects.select_related("version").get(post=post)
        assert question.version is not None
        stances.record(
            reader=reader,
            question=question,
            version=question.version,
            stance=stances_by_key(post)[key] if key else None,
            source=StanceSource.BARE,
        )
        post.bump_page_version()

    def readers(self, first: str, now: str, number: int = 1) -> list[User]:
        """Return readers who answer in both parts."""
        people = [make_user(is_demo=True) for _number in range(number)]
        for person in people:
            self.answer(person, self.post, first)
            self.answer(person, self.third, now)
        return people

    def page(self, person: User | None = None, url: str = "") -> str:
        store.clear()
        client = Client()
        if person:
            client.force_login(person)
        return client.get(url or self.url).text

    def words(self, person: User | None = None, url: str = "") -> str:
        """Return what a page says, without its HTML."""
        return " ".join(re.sub(r"<[^>]*>", "", self.page(person, url)).split())

    def series_page(self) -> str:
        return self.words(url=self.series.get_absolute_url())


class EarlierAnswerTests(CarriedCase):
    """A reader's earlier answer."""

    def test_12_a_reader_sees_their_own_earlier_answer_and_nobody_elses(self) -> None:
        self.answer(self.reader, self.post, "same")
        self.answer(self.stranger, self.post, "different")
        self.assertIn("You answered Same in part 1", self.words(self.reader))
        self.assertIn("You answered Different in part 1", self.words(self.stranger))
        for person in (None, self.author, self.moderator, self.admin):
            self.assertNotIn("You answered", self.words(person))
        self.assertNotIn("You answered", self.words(self.reader, self.post.get_absolute_url()))

    def test_it_has_its_shape_and_leads_there_and_chooses_nothing(self) -> None:
        self.answer(self.reader, self.post, "same")
        page = self.page(self.reader)
        line = page[page.index("You answered") - 200 : page.index("</b></span> in part 1")]
        self.assertIn(f'href="{self.post.get_absolute_url()}#question"', line)
        self.assertIn("#g-within", line)
        self.assertNotIn(" checked", page)

    def test_an_answer_taken_back_is_none(self) -> None:
        self.answer(self.reader, self.post, "same")
        self.answer(self.reader, self.post, "")
        self.assertNotIn("You answered", self.words(self.reader))

    def test_of_a_chain_the_nearest_part_that_was_answered(self) -> None:
        fifth = make_post(self.author)
        Part.objects.create(series=self.series, position=5, title="P", post=fifth)
        carry_question(fifth, Question.objects.get(post=self.third))
        self.answer(self.reader, self.post, "same")
        url = fifth.get_absolute_url()
        self.assertIn("You answered Same in part 1", self.words(self.reader, url))
        self.answer(self.reader, self.third, "overlap")
        self.assertIn("You answered Overlap in part 3", self.words(self.reader, url))
        self.answer(self.reader, fifth, "different")
        found = self.series_page()
        self.assertEqual(found.count("1 reader answers it in both parts"), 2)

    def test_it_costs_no_query(self) -> None:
        def cost(person: User | None, url: str) -> int:
            client = Client()
            if person:
                client.force_login(person)
                client.get("/about/")
            client.get(url)  # fills the cache of the page's frame
            store.clear()
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        self.answer(self.reader, self.post, "same")
        plain = self.post.get_absolute_url()
        for person, most in ((None, PUBLIC_QUERIES), (self.reader, PERSONAL_QUERIES)):
            self.assertEqual(cost(person, self.url), cost(person, plain))
            self.assertLessEqual(cost(person, self.url), most)

    def test_the_stance_page_leads_back(self) -> None:
        before = reverse("comments:stances", args=[self.post.slug])
        after = reverse("comments:stances", args=[self.third.slug])
        self.assertIn(f'<a href="{before}">', self.page(url=after))
        self.assertNotIn(f'<a href="{after}">', self.page(url=before))
        Question.objects.filter(post=self.third).update(reveal=Question.Reveal.AFTER_ANSWER)
        self.assertIn(f'<a href="{before}">', self.page(url=after))


class MovesTests(CarriedCase):
    """Moves on the page of the series."""

    def moved(self) -> None:
        self.readers("different", "different", number=33)
        self.readers("different", "same", number=2)
        self.readers("different", "overlap", number=5)
        self.readers("same", "same", number=10)
        self.readers("same", "different", number=2)
        self.readers("overlap", "overlap", number=7)
        self.readers("overlap", "same")

    def test_12_rates_of_leaving_by_those_who_answered_both(self) -> None:
        self.moved()
        for answer in CurrentStance.objects.filter(question=self.third.question):
            make_comment(self.third, answer.reader, stance=answer.stance)
        for post in (self.post, self.third):
            self.answer(make_user(is_demo=True), post, "same")
        page = self.series_page()
        for sentence in (
            "60 readers answer it in both parts.",
            "7 of 40 left Different (18 %)",
            "2 of 12 left Same (17 %)",
            "1 of 8 left Overlap",
        ):
            self.assertIn(sentence, page)
        self.assertNotIn("left Overlap (", page)
        self.assertNotIn("winner", page)

    def test_of_one_or_two_silent_readers_nothing_is_told_by_answer(self) -> None:
        self.moved()
        page = self.series_page()
        self.assertIn("How they moved is not shown: it would single out one or two of them.", page)
        self.assertNotIn("left Different", page)

    def test_small_groups_hide_all_moves_where_the_sums_do_not_tell_them(self) -> None:
        self.moved()
        self.readers("same", "overlap")
        self.readers("same", "different")
        self.readers("overlap", "same", number=2)
        html = self.page(url=self.series.get_absolute_url())
        rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", html)
        cells = [re.findall(r"<td>([^<]*)</td>", row) for row in rows]
        told = [["40", "7", "33", "3", "36"], ["14", "4", "10", "5", "15"]]
        self.assertEqual(cells, [*told, ["10", "3", "7", "6", "13"]])
        self.assertIn("We do not show which way each group moved", self.series_page())

    def test_where_no_group_is_small_all_moves_are_told(self) -> None:
        self.moved()
        self.three_of_each()
        html = self.page(url=self.series.get_absolute_url())
        rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", html)
        cells = [re.findall(r"<td>([^<]*)</td>", row) for row in rows]
        self.assertEqual(cells, [["33", "3", "5"], ["3", "10", "0"], ["0", "3", "7"]])
        self.assertNotIn("We do not show", html)

    def three_of_each(self) -> None:
        """Let as many more readers move as make each group three."""
        self.readers("different", "same")
        self.readers("same", "different")
        self.readers("overlap", "same", number=2)

    def test_four_changes_are_only_a_number(self) -> None:
        self.readers("different", "same", number=4)
        self.readers("different", "different", number=20)
        page = self.series_page()
        self.assertIn("24 readers answer it in both parts.", page)
        self.assertNotIn(" left Different", page)
        self.assertNotIn("<table", self.page(url=self.series.get_absolute_url()))

    def test_without_a_question_that_returns_nothing_is_said(self) -> None:
        Question.objects.update(carried_from=None)
        self.assertNotIn("The same question again", self.series_page())

    def test_the_banned_the_erased_and_who_took_one_back_are_not_counted(self) -> None:
        people = self.readers("different", "same", number=9)
        User.objects.filter(pk=people[0].pk).update(banned_at=timezone.now())
        User.objects.filter(pk=people[1].pk).update(
            erased_at=timezone.now(), email=None, is_active=False
        )
        self.answer(people[2], self.post, "")
        self.answer(people[3], self.third, "")
        page = self.series_page()
        self.assertIn("5 readers answer it in both parts.", page)
        self.assertIn("5 of 5 left Different", page)

    def test_a_correction_acts_as_if_posted_so(self) -> None:
        self.readers("different", "same", number=4)
        now = timezone.now() - timedelta(days=1)
        self.answer(self.reader, self.post, "different")
        comment = make_comment(self.third, self.reader, stances_by_key(self.third)["same"], now=now)
        self.assertIn("5 of 5 left Different", self.series_page())
        fresh = Comment.objects.select_related("author", "stance__question").get(pk=comment.pk)
        other = Stance.objects.select_related("question__version").get(
            pk=stances_by_key(self.third)["different"].pk
        )
        correct(fresh, other, now=now + timedelta(minutes=5))
        self.assertNotIn("left Different", self.series_page())

    def test_while_either_keeps_its_totals_back_only_that_is_said(self) -> None:
        self.moved()
        for post in (self.post, self.third):
            for reveal in (Question.Reveal.AFTER_ANSWER, Question.Reveal.AFTER_CLOSE):
                closes = timezone.now() + timedelta(hours=1)
                which = Question.objects.filter(post=post)
                which.update(reveal=reveal, closes_at=closes)
                page = self.series_page()
                self.assertIn("appears once everybody may see where they stand", page)
                self.assertNotIn("answer it in both parts", page)
                self.assertNotIn("left Different", page)
                which.update(reveal=Question.Reveal.ALWAYS, closes_at=None)
        self.assertIn("60 readers answer it in both parts", self.series_page())

    def test_answers_with_other_words_or_keys_stay_together(self) -> None:
        self.moved()
        self.three_of_each()
        Stance.objects.filter(question__post=self.third, key="same").update(word="One job")
        Stance.objects.filter(question__post=self.third, key="overlap").update(key="both")
        page = self.series_page()
        self.assertIn("3 of 13 left One job", page)
        self.assertIn("10 of 10 left Overlap", page)

    def test_a_part_that_is_not_out_any_more_is_not_compared(self) -> None:
        self.moved()
        Post.objects.filter(pk=self.third.pk).update(published_at=None)
        self.assertNotIn("The same question again", self.series_page())


class CachedSeriesPageTests(CarriedCase):
    """The cached page of the series, which changes with either discussion."""

    def get(self) -> Any:
        return Client().get(self.series.get_absolute_url())

    def test_it_moves_with_either_discussion(self) -> None:
        with self.settings(PUBLIC_PAGE_CHECK_SECONDS=0):
            self.readers("same", "same")
            before = self.get().content
            self.assertTrue(store.get(self.series.get_absolute_url()))
            self.assertEqual(self.get().content, before)
            person = make_user(is_demo=True)
            self.answer(person, self.third, "overlap")
            self.answer(person, self.post, "overlap")
            between = self.get().content
            self.assertIn(b"2 readers answer it", between)
            client = Client()
            client.force_login(person)
            client.post(reverse("comments:withdrawal", args=[self.third.slug]))
            self.assertIn(b"1 reader answers it", self.get().content)

    def test_queries_stay_as_they_are(self) -> None:
        def cost() -> int:
            store.clear()
            with CaptureQueriesContext(connection) as queries:
                self.get()
            return len(queries)

        few = cost()
        self.readers("different", "same", number=12)
        before = self.third
        for position in range(5, 9):
            post = make_post(self.author)
            Part.objects.create(series=self.series, position=position, title="P", post=post)
            carry_question(post, Question.objects.get(post=before))
            before = post
        self.assertEqual(cost(), few)
        self.assertLessEqual(few, 9)
