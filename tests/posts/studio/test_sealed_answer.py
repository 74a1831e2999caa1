"""Test sealing the author's answer: permissions, allowed changes, and the note for readers."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions import sealed_answers
from comments.models import StanceRecord
from core.caching.pages import store
from posts.actions import Opening
from posts.models import Authorship, SealedAnswer
from posts.pages import post_page
from tests.accounts.drafts.test_kept import next_of
from tests.cast import Cast
from tests.factories import make_comment, make_post

from .forms import fields_of


class SealingCase(Cast):
    """An author whose post has a question without answers."""

    def setUp(self) -> None:
        self.sign_in(self.author)
        self.url = reverse("posts:studio-sealed-answer", args=[self.post.pk])
        self.removal = reverse("posts:studio-sealed-answer-removal", args=[self.post.pk])

    def seal(self, key: str = "same", by: Client | None = None, **when: Any) -> Any:
        data = {"stance": key, **(when or {"opens_after": "50"})}
        return (by or self.client).post(self.url, data)

    def sealed(self) -> SealedAnswer:
        return SealedAnswer.objects.get(author=self.author)

    def page(self, person: User | None = None) -> str:
        client = Client()
        if person:
            client.force_login(person)
        return client.get(self.post.get_absolute_url()).text


class SealingTests(SealingCase):
    """Sealing, changing and withdrawing."""

    def test_it_works_as_a_plain_form(self) -> None:
        form = fields_of(self.client, self.url, holding="opens_after")
        self.assertNotIn("stance", form)
        later = f"{timezone.now() + timedelta(days=9):%Y-%m-%dT%H:%M}"
        answer = self.client.post(
            self.url,
            form | {"stance": "same", "opens_after": "50", "opens_at": later},
            follow=True,
        )
        self.assertContains(answer, "Sealed. Only you know it")
        sealed = self.sealed()
        assert sealed.stance is not None
        self.assertEqual((sealed.stance.key, sealed.opens_after), ("same", 50))
        again = fields_of(self.client, self.url, holding="opens_after")
        self.assertEqual((again["stance"], again["opens_at"]), ("same", later))
        self.assertFalse(StanceRecord.objects.exists())

    def test_readers_are_told_when_it_opens_and_no_more(self) -> None:
        self.seal()
        told = "The author's own answer is sealed until 50 readers have answered."
        self.assertIn(told, self.page())
        self.assertIn(told, self.page(self.reader))
        self.seal(opens_at="2040-12-03T09:00")
        self.assertIn("is sealed until <time", self.page())
        self.assertIn("3 December 2040", self.page())
        self.seal(opens_at="2040-12-03T09:00", opens_after="1")
        self.assertIn("until 1 reader has answered, or until <time", self.page())

    def test_several_authors_each_have_one(self) -> None:
        Authorship.objects.create(post=self.post, user=self.other_author, position=1)
        other = Client()
        other.force_login(self.other_author)
        self.seal()
        self.seal("overlap", by=other, opens_after="60")
        self.assertEqual(SealedAnswer.objects.count(), 2)
        page = self.page()
        self.assertIn("<bdi>ada</bdi>'s own answer is sealed until 50 readers", page)
        self.assertIn("<bdi>otto</bdi>'s own answer is sealed until 60 readers", page)

    def test_twice_is_once(self) -> None:
        for _click in range(2):
            self.assertRedirects(self.seal(), self.url)
        self.assertEqual(SealedAnswer.objects.count(), 1)
        for _click in range(2):
            self.assertRedirects(self.client.post(self.removal), self.url)
        self.assertEqual(SealedAnswer.objects.count(), 0)

    def test_what_is_wrong_is_said_and_what_was_sent_is_kept(self) -> None:
        wrong = [
            ({"opens_after": "7"}, "Please choose your answer."),
            ({"stance": "same"}, "Please choose when it opens"),
            ({"stance": "same", "opens_after": "0"}, "greater than or equal to 1"),
            ({"stance": "same", "opens_after": "many"}, "whole number"),
            ({"stance": "same", "opens_after": "9" * 30}, "less than or equal to"),
            ({"stance": "same", "opens_at": "2020-01-01T09:00"}, "in the future"),
            ({"stance": "same", "opens_at": "soon"}, "date and a time"),
            ({"stance": "nothing", "opens_after": "7"}, "nothing"),
        ]
        for data, sentence in wrong:
            with self.subTest(sentence):
                answer = self.client.post(self.url, data)
                self.assertContains(answer, sentence, status_code=422)
                if data.get("stance") == "same":
                    self.assertContains(answer, 'value="same" checked', status_code=422)
        self.assertFalse(SealedAnswer.objects.exists())
        self.assertEqual(self.client.put(self.url).status_code, 405)
        self.assertEqual(self.client.put(self.removal).status_code, 405)

    def test_who_may(self) -> None:
        for person in (self.reader, self.moderator, self.admin, self.suspended, self.other_author):
            self.sign_in(person)
            for url in (self.url, self.removal):
                self.assertEqual(self.client.get(url).status_code, 403, person)
                self.assertEqual(self.client.post(url, {"stance": "same"}).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(self.url).status_code, 302)
        self.sign_in(self.author)
        silent = make_post(self.author)
        url = reverse("posts:studio-sealed-answer", args=[silent.pk])
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_a_lost_session_gives_it_back(self) -> None:
        self.client.logout()
        self.seal(opens_after="77")
        self.sign_in(self.author)
        self.client.get(self.url)
        session = Client()
        waits_at = next_of(session.post(self.url, {"stance": "overlap", "opens_after": "77"}))
        session.force_login(self.author)
        self.assertContains(session.get(waits_at), 'value="77"')
        self.assertFalse(SealedAnswer.objects.exists())

    def test_who_has_answered_cannot_seal(self) -> None:
        make_comment(self.post, self.author, self.stances["same"])
        self.assertContains(self.client.get(self.url), "in the open already")
        answer = self.seal()
        self.assertContains(answer, "in the open already", status_code=409)
        self.assertFalse(SealedAnswer.objects.exists())


class SealFairnessTests(SealingCase):
    """The conditions announced to readers stay."""

    def setUp(self) -> None:
        super().setUp()
        self.later = timezone.now() + timedelta(days=30)
        self.moment = f"{self.later:%Y-%m-%dT%H:%M}"

    def test_before_anybody_has_answered_all_may_change(self) -> None:
        self.seal("same", opens_after="50")
        self.assertEqual(self.seal("overlap", opens_after="80").status_code, 302)
        self.assertEqual(self.seal("overlap", opens_at=self.moment).status_code, 302)
        self.assertIsNone(self.sealed().opens_after)

    def test_once_answered_it_can_only_open_sooner(self) -> None:
        self.seal("same", opens_after="50", opens_at=self.moment)
        make_comment(self.post, self.reader, self.stances["same"])
        much_later = f"{self.later + timedelta(days=1):%Y-%m-%dT%H:%M}"
        each: tuple[dict[str, Any], ...] = (
            {"opens_after": "51", "opens_at": self.moment},
            {"opens_after": "50", "opens_at": much_later},
            {"opens_after": "50"},
            {"opens_at": self.moment},
        )
        for tighter in each:
            with self.subTest(tighter):
                answer = self.seal("same", **tighter)
                self.assertContains(answer, "can only open sooner", status_code=422)
        sooner = f"{self.later - timedelta(days=1):%Y-%m-%dT%H:%M}"
        self.assertEqual(self.seal("same", opens_after="49", opens_at=sooner).status_code, 302)
        self.assertEqual(self.seal("overlap", opens_after="49", opens_at=sooner).status_code, 302)
        self.assertEqual(self.sealed().opens_after, 49)

    def test_what_was_taken_back_after_answers_is_forgotten_and_not_sealed_again(self) -> None:
        self.seal()
        make_comment(self.post, self.reader, self.stances["same"])
        self.client.post(self.removal)
        sealed = self.sealed()
        self.assertIsNone(sealed.stance)
        self.assertNotIn("own answer", self.page())
        self.assertContains(self.seal(), "in the open, like everybody", status_code=409)
        answer = reverse("comments:answer", args=[self.post.slug])
        self.client.post(answer, {"stance": "same", "wish": "answer"})
        self.assertTrue(StanceRecord.objects.filter(reader=self.author).exists())

    def test_what_is_open_is_history(self) -> None:
        self.seal()
        SealedAnswer.objects.update(
            opens_at=timezone.now() - timedelta(hours=1),
            sealed_at=timezone.now() - timedelta(hours=2),
        )
        for _worker in range(2):  # before and after it has come by
            self.assertContains(self.client.get(self.url), "Your answer is open")
            self.assertEqual(self.seal("overlap").status_code, 409)
            self.assertContains(self.client.post(self.removal, follow=True), "Your answer is open")
            stance = self.sealed().stance
            assert stance is not None
            self.assertEqual(stance.key, "same")
            sealed_answers.open_due()

    def test_no_answer_can_be_taken_away_whichever_was_sealed(self) -> None:
        Authorship.objects.create(post=self.post, user=self.other_author, position=1)
        self.seal()
        self.sign_in(self.other_author)
        url = reverse("posts:studio-question", args=[self.post.pk])
        form = fields_of(self.client, url, holding="text")
        said = set()
        for number in range(3):
            gone = {f"stance-{number}-word": "", f"stance-{number}-meaning": ""}
            answer = self.client.post(url, form | gone)
            self.assertContains(answer, "all answers have to stay", status_code=422)
            said.add(answer.context["sheet"].errors[0])
        self.assertEqual(len(said), 1)
        removal = reverse("posts:studio-question-removal", args=[self.post.pk])
        self.assertContains(self.client.post(removal, follow=True), "has to stay")

    def test_only_either_condition_is_looser(self) -> None:
        sealed = SealedAnswer(opens_after=5)
        self.assertFalse(Opening(after=5, at=self.later).is_later_than(sealed))
        self.assertTrue(Opening(at=self.later).is_later_than(sealed))


class HoledPageTests(SealingCase):
    """The holed page that a process caches, and the queries of a page."""

    def test_a_closed_answer_is_in_no_holed_page(self) -> None:
        self.seal()
        post_page.holed_pages.clear()
        self.page(self.reader)
        [page] = post_page.holed_pages._values.values()
        [sealed] = page.post.question.sealed_answers.all()
        self.assertIn("stance_id", sealed.get_deferred_fields())
        self.assertIsNone(sealed.open_stance)

    def test_a_page_costs_no_more_queries(self) -> None:
        before = [self.cost(person) for person in (None, self.reader, self.author)]
        self.seal()
        after = [self.cost(person) for person in (None, self.reader, self.author)]
        self.assertEqual(after, before)

    def cost(self, person: User | None) -> int:
        """Return how many queries the page takes once its frame is there."""
        client = Client()
        if person:
            client.force_login(person)
        client.get(self.post.get_absolute_url())
        store.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(self.post.get_absolute_url())
        return len(queries)
