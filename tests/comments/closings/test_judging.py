"""Test verdicts on closings: permissions, the answer judged for, and whose verdicts count."""

from datetime import timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.actions import comments
from comments.closings import judging
from comments.integrity import faults
from comments.me.erasure import erase
from comments.me.export import export_of
from comments.models import Citation, Closing, ClosingSide, ClosingVerdict, Comment
from comments.models.moderation import Reason
from comments.moderation.actions import people
from core.caching.pages import store
from core.jobs.worker import JobWorker
from posts.models import Authorship, Post, Question
from tests.comments.integrity.test_integrity import Plant
from tests.comments.integrity.test_repair import check
from tests.factories import make_post, make_question, stances_by_key

from .cases import WORDS, ClosingCase


class WrittenCase(ClosingCase):
    """A written closing that cites Different and Same."""

    def setUp(self) -> None:
        super().setUp()
        self.write()
        self.same = self.people["same"]

    def said(self) -> list[tuple[int, bool]]:
        return list(ClosingVerdict.objects.order_by("pk").values_list("reader", "is_fair"))

    def answer(self, person: User, key: str | None) -> None:
        comments.answer_question(
            reader=person,
            question=self.post.question,
            stance=self.stances[key] if key else None,
            now=timezone.now() - timedelta(days=8),
        )


class JudgingTests(WrittenCase):
    """The form of a verdict."""

    def test_a_reader_says_it_is_fair_and_sees_so(self) -> None:
        page = self.page(self.same[0])
        self.assertIn('name="said" value="fair"', page)
        answer = self.judge(self.same[0])
        self.assertRedirects(answer, self.url, fetch_redirect_response=False)
        verdict = ClosingVerdict.objects.get()
        self.assertEqual((verdict.reader, verdict.is_fair), (self.same[0], True))
        self.assertEqual(verdict.stance, self.stances["same"])
        self.assertIn("You find it fair, as a reader who answers", self.page(self.same[0]))
        self.assertNotIn("You find it", self.page(self.same[1]))
        self.assertIn("2 more readers who answered Same", self.page())

    def test_it_can_be_changed_and_taken_back(self) -> None:
        self.judge(self.same[0])
        self.judge(self.same[0], "not_quite")
        self.assertEqual(self.said(), [(self.same[0].pk, False)])
        self.assertIn("not quite fair", self.page(self.same[0]))
        for _click in range(2):
            answer = self.withdraw(self.same[0])
            self.assertRedirects(answer, self.url, fetch_redirect_response=False)
        self.assertEqual(self.said(), [])
        self.assertIn("3 more readers who answered Same", self.page())

    def test_sent_twice_it_is_one(self) -> None:
        for _click in range(2):
            self.assertEqual(self.judge(self.same[0]).status_code, 302)
        self.assertEqual(self.said(), [(self.same[0].pk, True)])

    def test_each_judges_for_the_answer_held_at_that_moment(self) -> None:
        self.judge(self.same[0])
        self.answer(self.same[0], "different")
        self.assertIn("2 more readers who answered Same", self.page())
        self.judge(self.same[0], "not_quite")
        self.assertEqual(ClosingVerdict.objects.get().stance, self.stances["different"])
        self.assertIn("3 more readers who answered Same", self.page())

    def test_who_cannot_judge(self) -> None:
        writer = self.people["same"][1]
        Authorship.objects.create(post=self.post, user=writer, position=1)
        withdrawn = self.people["same"][2]
        self.answer(withdrawn, None)
        for person, sentence in (
            (self.reader, "Answer the question first"),
            (withdrawn, "Answer the question first"),
            (self.author, "This is your own summary"),
            (writer, "This is your own summary"),
            (self.people["overlap"][0], "Overlap was not one of them"),
        ):
            with self.subTest(sentence):
                self.assertContains(self.judge(person), sentence, status_code=403)
                page = self.page(person)
                self.assertIn(sentence, page)
                self.assertNotIn('name="said"', page)
        self.assertEqual(self.said(), [])

    def test_suspended_people_read_and_do_not_judge(self) -> None:
        self.answer_as_suspended()
        self.assertEqual(self.judge(self.suspended).status_code, 403)
        self.assertNotIn('name="said"', self.page(self.suspended))
        self.assertEqual(self.said(), [])

    def answer_as_suspended(self) -> None:
        until = self.suspended.suspended_until
        User.objects.filter(pk=self.suspended.pk).update(suspended_until=None)
        self.answer(self.suspended, "same")
        User.objects.filter(pk=self.suspended.pk).update(suspended_until=until)

    def test_visitors_sign_in_first(self) -> None:
        for answer in (self.judge(None), self.withdraw(None)):
            self.assertIn("/accounts/login/", answer["Location"])
        page = self.page()
        self.assertIn("Sign in to say whether it is fair", page)
        self.assertNotIn('<form method="post"', page)
        self.assertNotIn("csrfmiddlewaretoken", page)

    def test_an_old_version_is_not_judged(self) -> None:
        self.write(body=f"{WORDS} And so on.", based_on="1")
        for version in (1, 0, 7):
            answer = self.judge(self.same[0], version=version)
            self.assertContains(answer, "The summary has changed since", status_code=409)
            self.assertContains(answer, "And so on.", status_code=409)
        url = f"{self.url}verdict/"
        self.assertEqual(self.send(self.same[0], url, {"said": "fair"}).status_code, 409)
        self.assertEqual(self.said(), [])
        self.assertEqual(self.judge(self.same[0], version=2).status_code, 302)

    def test_neither_fair_nor_not_quite(self) -> None:
        for said in ("", "winner"):
            answer = self.judge(self.same[0], said)
            self.assertContains(answer, "Please say whether", status_code=422)
        self.assertEqual(self.said(), [])

    def test_methods(self) -> None:
        url = f"{self.url}verdict/"
        for method in ("put", "delete"):
            self.assertEqual(self.send(self.same[0], url, {}, method).status_code, 405)
        answer = self.send(self.same[0], url, {}, "get")
        self.assertRedirects(answer, self.url, fetch_redirect_response=False)
        answer = self.send(self.same[0], f"{url}withdrawal/", {}, "get")
        self.assertEqual(answer.status_code, 405)
        self.assertEqual(self.said(), [])

    def test_nothing_to_judge(self) -> None:
        other = make_post(self.author)
        make_question(other)
        for part in ("verdict/", "verdict/withdrawal/"):
            url = f"{other.get_absolute_url()}closing/{part}"
            self.assertEqual(self.send(self.same[0], url, {"said": "fair"}).status_code, 404)


class CountingTests(WrittenCase):
    """Whose verdicts count, and the stored figures."""

    def setUp(self) -> None:
        super().setUp()
        self.all_judge("different", *["fair"] * 3)
        self.all_judge("same", *["fair"] * 3)

    def work(self) -> None:
        worker = JobWorker()
        while worker.turn():
            pass

    def test_a_closing_read_before_others_judged_is_judged_as_it_stands(self) -> None:
        Closing.objects.update(status="draft")
        stale = Closing.objects.select_related("post").get()
        Closing.objects.update(status="final")
        for person in self.same[:2]:
            judging.take_back(stale, by=person)
        self.assertEqual(Closing.objects.get().status, "draft")
        self.assertEqual(list(faults()), [])

    def test_banned_readers_do_not_count_and_count_again(self) -> None:
        self.assertIn("Final", self.post_page())
        people.suspend(self.same[0], by=self.moderator, days=None, reason=Reason.SPAM)
        self.work()
        for page in (self.page(), self.post_page()):
            self.assertRegex(page, "Draft: (1 )?more readers? who answered Same ha")
        self.assertEqual(list(faults()), [])
        people.lift_suspension(
            User.objects.get(pk=self.same[0].pk), by=self.moderator, reason="mistake"
        )
        self.work()
        self.assertIn("Final", self.post_page())
        self.assertEqual(list(faults()), [])

    def test_erasing_deletes_what_was_said(self) -> None:
        self.write(body=f"{WORDS} Again.", based_on="1")
        self.judge(self.same[0], version=2)
        erase(self.same[0], delete_texts=False)
        self.assertFalse(ClosingVerdict.objects.filter(reader=self.same[0]).exists())
        self.assertIn("3 more readers who answered Same", self.page())
        self.assertEqual(Closing.objects.get(number=1).status, "draft")
        self.assertEqual(list(faults()), [])

    def test_an_export_has_it(self) -> None:
        [judged] = export_of(self.same[0])["closings_judged"]
        self.assertEqual(judged["closing_post_slug"], self.post.slug)
        self.assertEqual((judged["stance_key"], judged["is_fair"]), ("same", True))
        [written] = export_of(self.author)["closings_written"]
        self.assertEqual((written["number"], written["body"]), (1, WORDS))
        self.assertEqual(export_of(self.reader)["closings_judged"], [])

    def test_planted_faults_are_found_and_repaired(self) -> None:
        side = ClosingSide.objects.filter(stance=self.stances["same"])
        planted: dict[str, Plant] = {
            "stored are 1 of 9, counted are 3 of 3": lambda: side.update(fair=1, judges=9),
            "its status is draft, its sides make it final": lambda: Closing.objects.update(
                status="draft"
            ),
            "its stored summary differs": lambda: Post.objects.filter(pk=self.post.pk).update(
                closing="final\nOther words."
            ),
            f"post {self.post.pk}: its stored summary differs": lambda: Post.objects.filter(
                pk=self.post.pk
            ).update(closing=""),
        }
        for sentence, plant in planted.items():
            with self.subTest(sentence):
                plant()
                found = [str(fault) for fault in faults()]
                self.assertTrue([line for line in found if sentence in line], found)
                self.assertEqual(check("--repair", "--yes")[1], "")
                self.assertEqual(list(faults()), [])
                store.clear()
                self.assertIn("Final", self.post_page())

    def test_what_is_kept_of_nothing_is_found(self) -> None:
        other = make_post(self.author)
        Post.objects.filter(pk=other.pk).update(closing="final\nNo such thing.")
        self.assertIn(f"post {other.pk}: its stored summary differs", str(next(faults())))
        self.assertEqual(check("--repair", "--yes")[1], "")
        self.assertEqual(Post.objects.get(pk=other.pk).closing, "")

    def test_rows_that_do_not_belong_together_are_found(self) -> None:
        other = make_post(self.author)
        make_question(other)
        foreign = stances_by_key(other)["same"]
        planted: dict[str, Plant] = {
            "its stance is none of the closing's": lambda: ClosingVerdict.objects.filter(
                reader=self.same[0]
            ).update(stance=self.stances["overlap"]),
            "its stance is of another question": lambda: ClosingSide.objects.filter(
                stance=self.stances["same"]
            ).update(stance=foreign),
            "its comment is under another post": lambda: Comment.objects.filter(
                pk=Citation.objects.earliest("pk").comment_id
            ).update(post=other),
        }
        for sentence, plant in planted.items():
            with self.subTest(sentence), transaction.atomic():
                plant()
                found = [str(fault) for fault in faults()]
                self.assertTrue([line for line in found if sentence in line], found)
                transaction.set_rollback(True)

    def test_the_page_is_kept_and_a_verdict_shows_at_once(self) -> None:
        first = Client().get(self.url)
        self.assertEqual(first.content, Client().get(self.url).content)
        self.assertFalse(first.cookies)
        self.assertTrue(store.get(self.url))
        self.judge(self.same[3], "not_quite")
        self.assertIn("3 of 4 readers who answer Same find it fair.", self.page())

    def test_the_page_of_the_post_shows_what_would_be_drawn_anew(self) -> None:
        writes: list[Plant] = [
            lambda: self.judge(self.same[0], "not_quite"),
            lambda: self.judge(self.same[1], "not_quite"),
            lambda: self.withdraw(self.same[0]),
            lambda: self.write(body=f"Again. {WORDS}", based_on="1"),
        ]
        for write in writes:
            write()
            kept = self.post_page()
            store.clear()
            self.assertEqual(kept, self.post_page())
        self.assertIn("Again. Most of you", self.post_page())

    def test_where_totals_are_hidden_again_no_verdict_tells(self) -> None:
        Question.objects.update(reveal="after_answer", closes_at=None)
        store.clear()
        for page in (self.page(), self.post_page()):
            self.assertNotIn("who answer", page)
            self.assertNotIn("Final", page)
            self.assertIn("Most of you keep", page)
        self.assertIn("Final", self.page(self.same[0]))

    def test_queries_stay_as_they_are(self) -> None:
        def cost(person: User | None, url: str) -> int:
            client = Client()
            if person:
                client.force_login(person)
            client.get(url)
            store.clear()
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        before = cost(None, self.url), cost(self.same[0], self.url)
        self.all_judge("different", *["fair"] * 5)
        self.write(body=f"{WORDS} Again.", based_on="1", **self.cites("overlap"))
        self.assertEqual((cost(None, self.url), cost(self.same[0], self.url)), before)
        self.assertLessEqual(before[0], 10)
        post = self.post.get_absolute_url()
        self.assertLessEqual(cost(None, post), 4)
        self.assertLessEqual(cost(self.same[0], post), 8)
