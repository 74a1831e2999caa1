"""Test what readers are told where a discussion or thread is closed for another reason."""

from typing import Any

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from comments.actions.discussions import why_closed, why_locked
from comments.me.erasure import erase
from comments.me.export import export_of
from comments.models import Comment, Decision, SentenceToReaders
from comments.models.moderation import SENTENCE_LONGEST, SENTENCE_SHORTEST
from comments.moderation.actions import close_discussion, lock, open_discussion
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment

SENTENCE = "We <all> need a rest & go on in May."
SHOWN = "We &lt;all&gt; need a rest &amp; go on in May."


class ToReadersCase(Cast):
    """A discussion with a thread, and the forms that close both."""

    def setUp(self) -> None:
        self.root = make_comment(self.post, self.stranger, self.stances["same"])
        self.page = self.post.get_absolute_url()
        self.close_url = reverse("comments:discussion-close", args=[self.post.slug])
        self.lock_url = reverse("comments:lock", args=[self.root.pk])
        self.sign_in(self.author)

    def send(self, url: str, **sent: Any) -> Any:
        return self.client.post(url, {"reason": "other_thread", **sent})

    def is_open(self) -> bool:
        """Return whether the discussion and the thread are both open."""
        root = Comment.objects.get(pk=self.root.pk)
        return Post.objects.get(pk=self.post.pk).closed_at is None and root.locked_at is None


class FormTests(ToReadersCase):
    """What the form of a closure or a lock asks for."""

    def test_with_another_reason_a_sentence_is_asked_for_and_the_note_is_not(self) -> None:
        for decided, url in enumerate((self.close_url, self.lock_url)):
            page = self.send(url, note="Typed with care.")
            self.assertContains(page, "Please say in a sentence what the", status_code=422)
            self.assertContains(page, "Typed with care.", status_code=422)
            self.assertNotContains(page, "Please say in a note", status_code=422)
            self.assertEqual(Decision.objects.count(), decided)
            self.assertEqual(self.send(url, to_readers=SENTENCE).status_code, 302)
        self.assertFalse(self.is_open())
        self.assertEqual(
            list(SentenceToReaders.objects.values_list("text", flat=True)), [SENTENCE, SENTENCE]
        )

    def test_it_has_ten_to_two_hundred_characters_and_comes_back_when_refused(self) -> None:
        self.assertEqual((SENTENCE_SHORTEST, SENTENCE_LONGEST), (10, 200))
        for url in (self.close_url, self.lock_url):
            for wrong, said in (
                ("y" * 9, "at least 10 characters"),
                ("y" * 201, "1 character too long"),
                ("Left\u202eright, then on.", "invisible character"),
                ("   ", "Please say in a sentence"),
            ):
                page = self.send(url, to_readers=wrong)
                self.assertContains(page, said, status_code=422)
                self.assertContains(page, wrong.strip() or "to_readers", status_code=422)
        self.assertTrue(self.is_open())
        for right in ("y" * 10, "y" * 200):
            self.assertEqual(self.send(self.close_url, to_readers=right).status_code, 302)
            self.assertEqual(SentenceToReaders.objects.latest("pk").text, right)
            open_discussion(self.post, by=self.moderator, reason="settled")

    def test_beside_a_reason_of_the_list_it_is_refused_and_kept(self) -> None:
        for url in (self.close_url, self.lock_url):
            page = self.send(url, reason="heated", to_readers=SENTENCE)
            self.assertContains(page, "Readers see this only with another reason", status_code=422)
            self.assertContains(page, SHOWN, status_code=422)
        self.assertTrue(self.is_open())
        self.assertFalse(Decision.objects.exists())

    def test_sent_twice_the_first_sentence_counts(self) -> None:
        self.send(self.close_url, to_readers=SENTENCE)
        self.send(self.close_url, to_readers="Another sentence altogether.")
        self.assertEqual(SentenceToReaders.objects.get().text, SENTENCE)

    def test_the_database_refuses_an_empty_one(self) -> None:
        close_discussion(self.post, by=self.author, reason="finished")
        with self.assertRaises(IntegrityError), transaction.atomic():
            SentenceToReaders.objects.create(decision=Decision.objects.get(), text="")


class PagesTests(ToReadersCase):
    """Where it is read."""

    def close(self) -> None:
        close_discussion(self.post, by=self.moderator, reason="other_thread", to_readers=SENTENCE)

    def test_everybody_reads_it_above_the_discussion(self) -> None:
        self.assertNotContains(Client().get(self.page), SHOWN)
        self.close()
        for person in (None, self.reader, self.author, self.moderator):
            client = Client()
            if person is not None:
                client.force_login(person)
            self.assertContains(client.get(self.page), f'<q dir="auto">{SHOWN}</q>')
        open_discussion(self.post, by=self.moderator, reason="settled")
        self.assertNotContains(Client().get(self.page), SHOWN)

    def test_a_later_closure_has_its_own(self) -> None:
        self.close()
        open_discussion(self.post, by=self.moderator, reason="settled")
        close_discussion(self.post, by=self.author, reason="heated")
        page = Client().get(self.page)
        self.assertContains(page, "It has become a quarrel.")
        self.assertNotContains(page, SHOWN)
        open_discussion(self.post, by=self.moderator, reason="settled")
        close_discussion(self.post, by=self.author, reason="other_thread")
        self.assertNotContains(Client().get(self.page), SHOWN)

    def test_refusals_say_it(self) -> None:
        lock(self.root, by=self.author, reason="other_thread", to_readers=SENTENCE)
        self.assertIn(f"“{SENTENCE}” Nobody can reply.", why_locked(self.fresh_root()))
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        sent = {"stance": "same", "body": "A reply.", "parent": self.root.pk}
        self.assertContains(self.client.post(url, sent), SHOWN, status_code=403)
        self.close()
        self.assertIn(f"The reason: “{SENTENCE}”", why_closed(self.post))
        self.assertContains(
            self.client.post(url, {"stance": "same", "body": "A comment."}), SHOWN, status_code=403
        )

    def test_the_log_and_the_page_of_the_act_show_it_beside_the_note(self) -> None:
        note = "Only for us."
        close_discussion(
            self.post, by=self.moderator, reason="other_thread", to_readers=SENTENCE, note=note
        )
        lock(self.root, by=self.moderator, reason="other_thread", to_readers=SENTENCE, note=note)
        self.sign_in(self.moderator)
        for url in (self.close_url, self.lock_url, reverse("comments:log")):
            page = self.client.get(url)
            self.assertContains(page, SHOWN)
            self.assertContains(page, note)
        self.assertNotContains(Client().get(self.page), note)

    def test_it_stays_with_the_texts_of_an_erased_account(self) -> None:
        self.close()
        erase(self.moderator, delete_texts=False)
        self.assertContains(Client().get(self.page), SHOWN)

    def test_it_goes_with_them_and_from_cached_pages_too(self) -> None:
        self.close()
        self.assertContains(Client().get(self.page), SHOWN)
        before = Post.objects.get(pk=self.post.pk).page_version
        erase(self.moderator, delete_texts=True)
        self.assertFalse(SentenceToReaders.objects.exists())
        self.assertGreater(Post.objects.get(pk=self.post.pk).page_version, before)
        page = Client().get(self.page)
        self.assertContains(page, "Closed on")
        self.assertNotContains(page, SHOWN)

    def test_its_writer_finds_it_in_the_download(self) -> None:
        self.close()
        [row] = export_of(self.moderator)["decisions_by_me"]
        self.assertEqual(row["sentence_to_readers_text"], SENTENCE)

    def fresh_root(self) -> Comment:
        return Comment.objects.get(pk=self.root.pk)
