"""Test changes of mind: giving credit, responding to it, taking it back."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import KeptForm, User
from comments.actions.states import change_state
from comments.integrity import faults
from comments.me.erasure import erase
from comments.models import ChangeOfMind, Comment, CommentState, StanceRecord
from comments.ranking import moved_minds
from tests.cast import Cast
from tests.factories import make_comment

WORDS = "It was the part about who writes the rota that made me see it otherwise."

CONFIRMED = "<bdi>sam</bdi>: “Yes, that was my point.”"


class ChangeOfMindCase(Cast):
    """The reader answered Same long ago; the stranger wrote for Overlap since."""

    def setUp(self) -> None:
        old = timezone.now() - timedelta(days=30)
        self.own = make_comment(self.post, self.reader, self.stances["same"], now=old)
        self.comment = make_comment(
            self.post, self.stranger, self.stances["overlap"], now=old + timedelta(days=1)
        )
        self.url = reverse("comments:changes", args=[self.comment.pk])

    def give(self, person: User | None = None, url: str = "", **data: str) -> Any:
        self.sign_in(person or self.reader)
        sent = {"kind": "moved", "stance": "overlap", "was": "same", "words": WORDS, **data}
        return self.client.post(url or self.url, sent)

    def given(self) -> ChangeOfMind:
        return ChangeOfMind.objects.get()

    def public(self, url: str = "") -> str:
        return Client().get(url or self.url).text


class GivingTests(ChangeOfMindCase):
    """Crediting a comment."""

    def test_8_verified_change_of_mind(self) -> None:
        refused = self.give(words="x" * 49)
        self.assertContains(refused, "x" * 49, status_code=422)
        self.assertEqual((ChangeOfMind.objects.count(), StanceRecord.objects.count()), (0, 2))
        self.assertRedirects(self.give(), self.url)
        record = self.given().record
        assert record is not None
        self.assertEqual((record.stance, record.source), (self.stances["overlap"], "change"))
        self.assertIn("Changed 1 mind</a>", self.public(self.post.get_absolute_url()))
        self.show_sides_at_once()
        self.post.bump_page_version()
        page = self.public(self.post.get_absolute_url())
        self.assertIn("Changed 1 mind</a>", page)
        self.assertIn("Not yet confirmed by the writer.", self.public())
        self.sign_in(self.stranger)
        self.assertContains(self.client.get(reverse("comments:me")), WORDS)
        answer = reverse("comments:change-answer", args=[self.given().pk])
        self.client.post(answer, {"said": "yes"})
        self.assertIn("Yes, that was my point", self.public())
        self.assertIn(CONFIRMED, self.public())
        profile = self.public(self.reader.get_absolute_url())
        self.assertIn("Came to see it differently", profile)
        self.assertIn("after reading <bdi>sam</bdi>’s comment", profile)
        self.assertEqual(list(faults()), [])

    def test_a_page_without_one_says_of_what_nobody_spoke_yet(self) -> None:
        self.assertIn("No one yet.", self.public())
        of_post = self.public(reverse("comments:post-changes", args=[self.post.slug]))
        self.assertIn("You can change your answer without saying why.", of_post)

    def test_8_taken_back_within_a_day_and_not_later(self) -> None:
        self.give()
        url = reverse("comments:change-revocation", args=[self.given().pk])
        ChangeOfMind.objects.update(created_at=timezone.now() - timedelta(hours=25))
        self.assertEqual(self.client.post(url).status_code, 403)
        self.assertIsNone(self.given().revoked_at)
        ChangeOfMind.objects.update(created_at=timezone.now() - timedelta(hours=23))
        for _click in range(2):
            self.assertEqual(self.client.post(url).status_code, 302)
        self.assertIsNotNone(self.given().revoked_at)
        self.assertNotIn("Moved 1 reader", self.public(self.post.get_absolute_url()))
        self.assertNotIn(WORDS, self.public())
        self.assertEqual(list(faults()), [])

    def test_2_the_comment_keeps_its_answer_and_says_where_its_writer_stands_now(self) -> None:
        reply = make_comment(self.post, self.stranger, self.stances["same"], parent=self.own)
        before = Comment.objects.filter(pk=self.own.pk).values().get()
        self.give()
        self.assertEqual(Comment.objects.filter(pk=self.own.pk).values().get(), before)
        page = self.public(self.post.get_absolute_url())
        card = page[page.index(f'id="comment-{self.own.pk}"') :]
        self.assertIn('<span class="stance">Same</span>', card)
        self.assertRegex(card[: card.index("</article>")], r"now <span[^>]*>.*Overlap")
        self.assertEqual(Comment.objects.get(pk=reply.pk).parent, self.own)

    def test_sent_twice_it_is_the_same_one(self) -> None:
        for _click in range(2):
            self.assertEqual(self.give().status_code, 302)
        self.assertEqual((ChangeOfMind.objects.count(), StanceRecord.objects.count()), (1, 3))

    def test_of_two_at_once_the_second_is_told(self) -> None:
        self.give()
        other = make_comment(self.post, self.stranger, self.stances["different"])
        url = reverse("comments:changes", args=[other.pk])
        second = self.give(url=url, stance="different")
        self.assertContains(second, "Your answer has changed since", status_code=409)
        self.assertContains(second, WORDS, status_code=409)
        self.assertEqual(ChangeOfMind.objects.count(), 1)

    def test_same_answer_better_reasons_changes_no_answer(self) -> None:
        for kind in ("softened", "new_reason"):
            ChangeOfMind.objects.all().delete()
            self.give(kind=kind, stance="")
            self.assertIsNone(self.given().record)
        self.assertEqual(StanceRecord.objects.count(), 2)
        self.assertNotIn("Moved", self.public(self.post.get_absolute_url()))

    def test_a_paragraph_of_the_article_can_be_credited(self) -> None:
        url = reverse("comments:post-changes", args=[self.post.slug])
        self.assertEqual(self.give(url=url).status_code, 422)
        self.assertRedirects(self.give(url=url, paragraph="2"), url)
        self.assertEqual(self.given().paragraph, "Others lead. There will be more.")
        self.assertIn("Others lead.", self.public(url))
        self.assertEqual(self.give(self.author, url, paragraph="2").status_code, 403)

    def test_not_quite(self) -> None:
        self.give()
        url = reverse("comments:change-answer", args=[self.given().pk])
        self.sign_in(self.stranger)
        self.client.post(url, {"said": "no", "note": ""})
        self.assertIsNone(self.given().disputed_at)
        self.client.post(url, {"said": "no", "note": "I meant the horizon."})
        self.assertIn("I meant the horizon.", self.public())
        self.client.post(url, {"said": "yes"})
        self.assertIsNone(self.given().confirmed_at)

    def test_after_two_weeks_without_a_word_it_reads_unconfirmed(self) -> None:
        self.give()
        self.assertNotIn("unconfirmed", self.public())
        for days, reads in ((13, False), (15, True)):
            ChangeOfMind.objects.update(created_at=timezone.now() - timedelta(days=days))
            self.assertEqual("unconfirmed" in self.public(), reads)
        self.sign_in(self.stranger)
        answer = reverse("comments:change-answer", args=[self.given().pk])
        self.assertContains(self.client.get(self.url), answer)
        self.client.post(answer, {"said": "yes"})
        self.assertNotIn("unconfirmed", self.public())
        self.assertIn(CONFIRMED, self.public())

    def test_what_the_articles_author_gives_says_so(self) -> None:
        old = timezone.now() - timedelta(days=20)
        self.give()
        self.assertNotIn("by the author", self.public())
        make_comment(self.post, self.author, self.stances["same"], now=old)
        self.give(self.author, kind="softened", stance="")
        for url in (self.url, self.author.get_absolute_url(), self.stranger.get_absolute_url()):
            self.assertEqual(self.public(url).count("by the author</span>"), 1, url)

    def test_profiles_show_given_and_received(self) -> None:
        self.give()
        for person in (self.reader, self.stranger):
            self.assertIn(WORDS, self.public(person.get_absolute_url()))

    def test_erasing_takes_it_from_every_figure(self) -> None:
        self.give()
        erase(self.reader, delete_texts=False)
        self.assertEqual(Comment.objects.get(pk=self.comment.pk).minds_moved, "")
        self.assertNotIn(WORDS, self.public())
        self.assertEqual(list(faults()), [])

    def test_an_answer_has_to_settle(self) -> None:
        lately = timezone.now() - timedelta(hours=2)
        make_comment(self.post, self.author, self.stances["same"], now=lately)
        answer = self.give(self.author)
        self.assertContains(answer, "less than a day ago", status_code=409)
        self.assertEqual(ChangeOfMind.objects.count(), 0)

    def test_its_words_wait_until_it_can_be_said(self) -> None:
        lately = timezone.now() - timedelta(hours=2)
        make_comment(self.post, self.author, self.stances["same"], now=lately)
        said = re.search(
            r"from ([^<]*?) \(UTC\) on",
            self.give(self.author, more="x" * 9999, paragraph="1" * 9999).text,
        )
        self.assertLess(len(KeptForm.objects.get().typed), 500)
        assert said is not None
        at = datetime.strptime(said[1], "%d %B %Y, %H:%M").replace(tzinfo=UTC)
        for _visit in range(2):
            self.assertContains(self.client.get(self.url), WORDS)
            self.assertContains(self.client.get(self.url), 'value="moved" required checked')
        others = reverse("comments:changes", args=[self.own.pk])
        self.assertNotContains(self.client.get(others), WORDS)
        self.assertNotIn(WORDS, self.public())
        with patch("django.utils.timezone.now", lambda: at):
            self.assertRedirects(self.give(self.author), self.url)
        self.assertFalse(KeptForm.objects.exists())
        self.assertEqual(ChangeOfMind.objects.count(), 1)


class ChangeRefusalTests(ChangeOfMindCase):
    """Refusals write nothing, and keep the typed text."""

    def tearDown(self) -> None:
        self.assertEqual((ChangeOfMind.objects.count(), StanceRecord.objects.count()), (0, 2))

    def test_visitors_sign_in_first(self) -> None:
        answer = Client().post(self.url, {"words": WORDS})
        self.assertIn("/accounts/login/", answer["Location"])

    def test_nobody_credits_themselves(self) -> None:
        answer = self.give(self.stranger, was="overlap", stance="same")
        self.assertContains(answer, "your own comment", status_code=403)

    def test_a_quotation_is_no_reason(self) -> None:
        answer = self.give(words=f"> {WORDS}")
        self.assertContains(answer, "Quotations do not count", status_code=422)

    def test_bad_input_is_told(self) -> None:
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({"words": "x" * 281}, "too long"),
            ({"kind": ""}, "say what changed"),
            ({"stance": ""}, "what your answer is now"),
            ({"stance": "same"}, "what your answer is now"),
            ({"stance": "elsewhere"}, "one of the answers shown"),
            ({"was": "elsewhere"}, "answer the question first"),
        )
        for data, sentence in cases:
            with self.subTest(data):
                answer = self.give(**data)
                self.assertContains(answer, sentence, status_code=422)

    def test_what_is_gone_cannot_be_credited(self) -> None:
        change_state(self.comment, to=CommentState.REMOVED, removed_reason="spam")
        self.assertEqual(self.give().status_code, 404)

    def test_only_who_is_credited_answers(self) -> None:
        self.assertEqual(moved_minds.recount(self.comment), "")
        url = reverse("comments:change-answer", args=[999])
        self.sign_in(self.reader)
        self.assertEqual(self.client.post(url, {"said": "yes"}).status_code, 404)
        self.assertEqual(self.client.get(url).status_code, 405)
