"""Test carrying the question of an earlier part of a series to a later post."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.exceptions import ActionRefused
from posts.actions import StanceInput, carry_question, set_question
from posts.carried_questions import asked_before
from posts.models import Part, Post, Question
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_series, stances_by_key


class CarryingCase(Cast):
    """A series: the cast's post, a post without a question, and a planned draft."""

    def setUp(self) -> None:
        self.series = make_series(self.author)
        silent = make_post(self.author)
        self.draft = make_post(self.author, published_at=None)
        for position, post in enumerate((self.post, silent, self.draft), start=1):
            Part.objects.create(series=self.series, position=position, title="Part", post=post)
        self.sign_in(self.author)

    def carry(self, part: object = 1, post: Post | None = None) -> Any:
        return self.client.post(self.url("-carrying", post), {"part": part})

    def url(self, suffix: str = "", post: Post | None = None) -> str:
        return reverse(f"posts:studio-question{suffix}", args=[(post or self.draft).pk])

    def question(self, post: Post | None = None) -> Question:
        return Question.objects.get(post=post or self.draft)

    def page(self, post: Post | None = None) -> str:
        return self.client.get(self.url(post=post)).text


class CarryingTests(CarryingCase):
    """The button in the studio."""

    def test_words_answers_and_looks_are_copied_under_the_same_keys(self) -> None:
        explained, _, offered = self.page().partition("An article can end in a question.")
        self.assertNotIn("Ask the question of part 1 again", explained)
        self.assertIn("Ask the question of part 1 again", offered)
        self.assertNotIn("Ask the question of part 2 again", self.page())
        self.assertRedirects(self.carry(), self.url())
        question = self.question()
        self.assertEqual(question.carried_from, self.post.question)
        self.assertEqual(str(question), "Are they different?")
        looks = ("key", "word", "meaning", "shape", "colour")
        copied, source = (
            list(each.stances.values_list(*looks)) for each in (question, self.post.question)
        )
        self.assertEqual(copied, source)
        self.assertIn("This asks the question of part 1 again", self.page())

    def test_twice_is_once(self) -> None:
        for _click in range(2):
            self.assertRedirects(self.carry(), self.url())
        self.assertEqual(self.question().versions.count(), 1)

    def test_it_takes_the_place_of_a_question_nobody_has_answered(self) -> None:
        two = [StanceInput("yes", "Yes", "apart", "blue"), StanceInput("no", "No", "open", "plum")]
        set_question(self.draft, text="Really?", stances=two)
        self.carry()
        self.assertEqual([each.key for each in self.question().offered], list(self.stances))

    def test_once_answered_the_link_stays(self) -> None:
        self.carry()
        self.draft.refresh_from_db()
        self.publish(self.draft)
        make_comment(self.draft, self.reader, stances_by_key(self.draft)["same"])
        other = make_post(self.author)
        make_question(other, "Another?")
        Part.objects.filter(position=2).update(post=other)
        refused = self.carry(2)
        self.assertContains(refused, "It has to stay as it is", status_code=422)
        self.assertRedirects(self.carry(1), self.url())
        self.assertEqual(self.question().carried_from, self.post.question)
        self.assertNotIn("Ask the question of part", self.page())
        self.assertIn("so that stays", self.page())

    def test_only_an_earlier_part_that_is_out_and_asks(self) -> None:
        later = timezone.now() + timedelta(days=1)
        scheduled = make_post(self.author, published_at=later)
        make_question(scheduled)
        Part.objects.filter(position=2).update(post=scheduled)
        for number in ("2", "3", "9", "", "one", "1 OR 1"):
            refused = self.carry(number)
            self.assertContains(
                refused, "Please choose an earlier, published part", status_code=422
            )
        self.assertContains(self.carry(1, self.post), "Please choose", status_code=422)
        alone = make_post(self.author)
        self.assertContains(self.carry(1, alone), "Please choose", status_code=422)
        self.assertFalse(Question.objects.filter(carried_from__isnull=False).exists())

    def test_a_question_that_returns_cannot_be_taken_away(self) -> None:
        self.carry()
        url = self.url("-removal", self.post)
        self.assertContains(self.client.post(url, follow=True), "A later part asks this question")
        self.assertTrue(Question.objects.filter(post=self.post).exists())
        self.client.post(self.url("-removal"))
        self.client.post(url)
        self.assertFalse(Question.objects.exists())

    def test_a_chain_and_no_ring(self) -> None:
        self.carry()
        self.publish(self.draft)
        last = make_post(self.author, published_at=None)
        Part.objects.create(series=self.series, position=5, title="Part", post=last)
        self.carry(3, last)
        parts = asked_before(Post.objects.select_related("question", "part").get(pk=last.pk))
        self.assertEqual([part.position for part in parts], [3, 1])
        Part.objects.filter(post=self.post).update(position=9)
        with self.assertRaisesMessage(ActionRefused, "already asks the question of this article"):
            carry_question(Post.objects.get(pk=self.post.pk), self.question())
        with self.assertRaises(IntegrityError), transaction.atomic():
            Question.objects.filter(post=last).update(carried_from=self.question(last))

    def test_who_may(self) -> None:
        self.client.logout()
        self.assertEqual(self.carry().status_code, 302)
        for person in (self.reader, self.moderator, self.suspended):
            self.sign_in(person)
            self.assertEqual(self.carry().status_code, 403)
        self.sign_in(self.other_author)
        self.assertEqual(self.carry().status_code, 404)
        self.sign_in(self.author)
        self.assertEqual(self.client.get(self.url("-carrying")).status_code, 405)
        self.assertFalse(Question.objects.filter(post=self.draft).exists())

    def publish(self, post: Post) -> None:
        Post.objects.filter(pk=post.pk).update(
            published_at=timezone.now() - timedelta(hours=1), live_revision=post.newest_revision_id
        )

    def test_everybody_reads_where_it_was_asked_before(self) -> None:
        self.carry()
        self.publish(self.draft)
        page = Client().get(self.draft.get_absolute_url()).text
        self.assertIn(f'{self.post.get_absolute_url()}#question">Asked before, in part 1</a>', page)
        self.assertNotIn("Asked before", Client().get(self.post.get_absolute_url()).text)
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        self.assertNotIn("Asked before", Client().get(self.draft.get_absolute_url()).text)
