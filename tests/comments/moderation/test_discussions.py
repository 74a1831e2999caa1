"""Test the page on which authors and moderators close a discussion and open it again."""

import re
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.models.moderation import Action, Decision, DiscussionReason
from comments.moderation.actions import close_discussion, open_discussion
from core.exceptions import ActionRefused
from posts.actions import unpublish
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment, make_post


class CloseTests(Cast):
    """Closing and opening: by whom, with which words, and what stays as it is."""

    def setUp(self) -> None:
        self.close_url = reverse("comments:discussion-close", args=[self.post.slug])
        self.open_url = reverse("comments:discussion-open", args=[self.post.slug])
        self.page_url = self.post.get_absolute_url()

    def close(self, **sent: Any) -> Any:
        return self.client.post(self.close_url, {"reason": "circling", **sent}, follow=True)

    def open(self, **sent: Any) -> Any:
        return self.client.post(self.open_url, {"reason": "settled", **sent}, follow=True)

    def is_closed(self) -> bool:
        self.post.refresh_from_db()
        return self.post.closed_at is not None

    def test_authors_and_moderators_close_and_open_it(self) -> None:
        for person in (self.author, self.moderator, self.admin):
            self.sign_in(person)
            before = Post.objects.get(pk=self.post.pk).page_version
            said = self.close(note="Nothing new for a week.")
            self.assertContains(said, "closed this discussion just now, because it repeats what")
            self.assertIs(self.is_closed(), True)
            self.assertGreater(self.post.page_version, before)
            row = Decision.objects.latest("pk")
            self.assertEqual((row.action, row.by, row.post), (Action.CLOSE, person, self.post))
            self.assertEqual(row.decided_at, self.post.closed_at)
            self.assertEqual(row.note.text, "Nothing new for a week.")
            self.assertContains(
                self.open(), "opened this discussion again just now, because the problem is solved"
            )
            self.assertIs(self.is_closed(), False)
            self.assertEqual(self.post.closed_reason, "")

    def test_nobody_else_does(self) -> None:
        for person in (None, self.reader, self.other_author, self.suspended):
            self.client.logout()
            if person is not None:
                self.sign_in(person)
            for url in (self.close_url, self.open_url):
                answer = self.client.post(url, {"reason": "circling"})
                self.assertEqual(answer.status_code, 302 if person is None else 403)
            self.assertIs(self.is_closed(), False)
            self.assertNotContains(self.client.get(self.page_url), self.close_url)
        self.assertFalse(Decision.objects.exists())

    def test_wrong_methods_and_invalid_input_change_nothing(self) -> None:
        self.sign_in(self.author)
        self.assertEqual(self.client.get(self.open_url).status_code, 405)
        self.assertEqual(self.client.put(self.close_url).status_code, 405)
        for sent in ({"reason": ""}, {"reason": "spam"}, {"reason": "other_thread", "note": ""}):
            page = self.client.post(self.close_url, {"note": "Typed with care.", **sent})
            self.assertContains(page, "Nothing is changed yet.", status_code=422)
        self.assertIs(self.is_closed(), False)
        self.assertIs(Decision.objects.exists(), False)

    def test_sent_twice_it_is_one_decision(self) -> None:
        self.sign_in(self.author)
        self.close()
        self.close(reason="heated")
        self.assertIs(self.is_closed(), True)
        self.assertEqual(self.post.closed_reason, "circling")
        self.open()
        self.open()
        self.assertEqual(Decision.objects.count(), 2)

    def test_that_it_is_summed_up_is_offered_once_it_is(self) -> None:
        self.sign_in(self.author)
        page = self.client.get(self.close_url)
        for reason in DiscussionReason:
            is_offered = f'value="{reason}"' in page.text
            self.assertEqual(is_offered, reason != DiscussionReason.SUMMED_UP, reason)
        page = self.client.post(self.close_url, {"reason": "summed_up"})
        self.assertEqual(page.status_code, 422)
        Post.objects.filter(pk=self.post.pk).update(closing="draft\nIn short.")
        self.assertContains(self.client.get(self.close_url), 'value="summed_up"')

    def test_an_article_that_is_not_published_has_nothing_to_close(self) -> None:
        self.sign_in(self.author)
        draft = make_post(self.author, published_at=None)
        url = reverse("comments:discussion-close", args=[draft.slug])
        self.assertEqual(self.client.post(url, {"reason": "finished"}).status_code, 403)
        close_discussion(self.post, by=self.author, reason="finished")
        unpublish(self.post, by=self.author)
        self.assertEqual(self.client.post(self.open_url, {"reason": "settled"}).status_code, 403)

    def test_taken_back_in_the_meantime_it_is_not_closed(self) -> None:
        stale = Post.objects.get(pk=self.post.pk)
        unpublish(self.post, by=self.author)
        for act in (close_discussion, open_discussion):
            with self.assertRaisesMessage(ActionRefused, "You can no longer decide about this"):
                act(stale, by=self.author, reason="finished")
        self.assertIs(self.is_closed(), False)

    def test_the_page_says_what_was_decided_before(self) -> None:
        self.sign_in(self.moderator)
        self.close(note="Only for us.")
        page = self.client.get(self.close_url)
        self.assertContains(page, "june closed this discussion just now")
        self.assertContains(page, "Only for us.")
        self.assertContains(page, f'action="{self.open_url}"')
        self.assertNotContains(Client().get(self.page_url), "Only for us.")

    def test_the_log_names_the_article_and_the_desk_undoes_it(self) -> None:
        self.sign_in(self.moderator)
        self.close()
        log = self.client.get(reverse("comments:log"))
        self.assertContains(log, f'<a href="{self.close_url}">{self.post.title}</a>')
        lately = self.client.get(reverse("comments:moderation")).context["lately"]
        self.assertEqual(lately.url, self.open_url)
        self.client.post(lately.url, lately.fields)
        self.assertIs(self.is_closed(), False)

    def test_the_log_does_not_name_an_article_that_was_taken_back(self) -> None:
        close_discussion(self.post, by=self.moderator, reason="finished")
        unpublish(self.post, by=self.author)
        self.sign_in(self.moderator)
        log = self.client.get(reverse("comments:log"))
        self.assertContains(log, "an article that is not published")
        self.assertNotContains(log, self.post.title)

    def test_the_database_refuses_a_closure_without_a_reason(self) -> None:
        posts = Post.objects.filter(pk=self.post.pk)
        for wrong in ({"closed_at": timezone.now()}, {"closed_reason": "finished"}):
            with self.assertRaises(IntegrityError), transaction.atomic():
                posts.update(**wrong)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Decision.objects.create(action=Action.CLOSE, by=self.author, reason="finished")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Decision.objects.create(action=Action.CLOSE, by=self.author, post=self.post)


class UndoTests(Cast):
    """The undo beside the message that a discussion was closed."""

    def setUp(self) -> None:
        self.close_url = reverse("comments:discussion-close", args=[self.post.slug])
        self.open_url = reverse("comments:discussion-open", args=[self.post.slug])

    def offered(self, page: str) -> list[dict[str, str]]:
        """Return the hidden fields of each form on `page` that undoes the closing."""
        forms = re.findall(
            rf'<form class="notice[^>]* action="{self.open_url}">.*?</form>', page, re.DOTALL
        )
        return [
            dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
            for form in forms
        ]

    def test_one_press_opens_it_again(self) -> None:
        for person in (self.author, self.moderator):
            self.sign_in(person)
            page = self.client.post(self.close_url, {"reason": "finished"}, follow=True)
            [fields] = self.offered(page.text)
            self.assertContains(page, ">Undo</button>")
            self.assertEqual(fields["reason"], "undone")
            page = self.client.post(self.open_url, fields, follow=True)
            self.assertContains(page, "undid the closing of this discussion just now.")
            self.assertIsNone(Post.objects.get(pk=self.post.pk).closed_at)

    def test_it_is_offered_once_and_to_the_person_who_closed_it(self) -> None:
        self.sign_in(self.author)
        page = self.client.post(self.close_url, {"reason": "finished"}, follow=True)
        self.assertEqual(len(self.offered(page.text)), 1)
        self.assertEqual(self.offered(self.client.get(self.post.get_absolute_url()).text), [])
        page = self.client.post(self.close_url, {"reason": "heated"}, follow=True)
        self.assertEqual(self.offered(page.text), [])
        # A moderator's takes the place of it, and has no undo; after that, nobody's does.
        for person in (self.moderator, self.admin):
            self.sign_in(person)
            page = self.client.post(self.close_url, {"reason": "heated"}, follow=True)
            self.assertContains(page, "june closed this discussion just now, because it has become")
            self.assertEqual(self.offered(page.text), [])

    def test_opening_again_offers_none(self) -> None:
        close_discussion(self.post, by=self.author, reason="finished")
        self.sign_in(self.author)
        page = self.client.post(self.open_url, {"reason": "settled"}, follow=True)
        self.assertContains(page, "opened this discussion again just now")
        self.assertNotContains(page, ">Undo</button>")

    def test_pressed_twice_or_too_late_it_changes_nothing_more(self) -> None:
        self.sign_in(self.author)
        page = self.client.post(self.close_url, {"reason": "finished"}, follow=True)
        [fields] = self.offered(page.text)
        for _press in range(2):
            self.assertEqual(self.client.post(self.open_url, fields).status_code, 302)
        self.assertEqual(Decision.objects.count(), 2)
        close_discussion(self.post, by=self.author, reason="finished")
        self.sign_in(self.reader)
        self.assertEqual(self.client.post(self.open_url, fields).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.post(self.open_url, fields).status_code, 302)
        self.assertIsNotNone(Post.objects.get(pk=self.post.pk).closed_at)

    def test_it_ends_no_later_closure_by_somebody_else(self) -> None:
        self.sign_in(self.author)
        page = self.client.post(self.close_url, {"reason": "finished"}, follow=True)
        [fields] = self.offered(page.text)
        form = self.client.get(self.close_url).text
        seen = re.findall(r'<input type="hidden" name="seen" value="(\d+)"', form)
        open_discussion(self.post, by=self.moderator, reason="mistake")
        close_discussion(self.post, by=self.moderator, reason="besieged")
        for sent in (fields, {"reason": "settled", "seen": seen[0]}):
            answer = self.client.post(self.open_url, sent)
            self.assertContains(answer, "june closed this discussion just now", status_code=409)
            self.assertContains(answer, "You have changed nothing.", status_code=409)
        self.assertEqual(Decision.objects.count(), 3)
        self.assertIsNotNone(Post.objects.get(pk=self.post.pk).closed_at)
        self.sign_in(self.admin)
        form = self.client.get(self.close_url).text
        seen = re.findall(r'<input type="hidden" name="seen" value="(\d+)"', form)
        self.client.post(self.open_url, {"reason": "settled", "seen": seen[0]})
        self.assertIsNone(Post.objects.get(pk=self.post.pk).closed_at)


class PagesTests(Cast):
    """What pages show of a closed discussion."""

    def setUp(self) -> None:
        self.root = make_comment(self.post, self.stranger, self.stances["same"])
        self.url = self.post.get_absolute_url()
        self.answer_url = reverse("comments:answer", args=[self.post.slug])

    def pages(self) -> dict[str, str]:
        """Return the page of the article as each kind of reader sees it."""
        people = {"": None, "reader": self.reader, "author": self.author, "june": self.moderator}
        found = {}
        for name, person in people.items():
            client = Client()
            if person is not None:
                client.force_login(person)
            found[name] = client.get(self.url).text
        return found

    def test_it_says_since_when_and_why_and_offers_no_comment_to_anybody(self) -> None:
        for name, page in self.pages().items():
            self.assertIn(f"answer/?parent={self.root.pk}", page, name)
            self.assertNotIn("Closed on", page)
        close_discussion(self.post, by=self.moderator, reason="circling")
        for name, page in self.pages().items():
            self.assertIn("Closed on", page, name)
            self.assertIn("It repeats what has been said.", page)
            self.assertIn("You can still read, and change your answer.", page)
            self.assertNotIn("answer/?", page, name)
            self.assertNotIn("<textarea", page, name)
            self.assertNotIn("data-composer", page, name)
            self.assertIn("Well argued", page, name)

    def test_public_bytes_are_the_same_for_everybody_and_change_at_once(self) -> None:
        first = Client().get(self.url)
        close_discussion(self.post, by=self.author, reason="finished")
        closed = [Client().get(self.url).content for _each in range(2)]
        self.assertNotIn(b"Closed on", first.content)
        self.assertIn(b"Closed on", closed[0])
        self.assertEqual(*closed)
        for secret in (b"csrf", b"<form", b"discussion/close/"):
            self.assertNotIn(secret, closed[0])

    def test_a_reason_that_says_nothing_is_not_shown(self) -> None:
        close_discussion(self.post, by=self.author, reason="other_thread", note="A pause.")
        page = Client().get(self.url)
        self.assertContains(page, "Closed on")
        self.assertNotContains(page, "another reason")
        self.assertNotContains(page, "A pause.")

    def test_signed_in_readers_change_their_answer_there(self) -> None:
        close_discussion(self.post, by=self.author, reason="finished")
        self.sign_in(self.stranger)
        page = self.client.get(self.url)
        self.assertContains(page, 'value="same" checked')
        sent = {"wish": "answer", "stance": "overlap"}
        self.assertRedirects(
            self.client.post(self.answer_url, sent),
            f"{self.url}#question",
            fetch_redirect_response=False,
        )
        self.assertContains(self.client.get(self.url), 'value="overlap" checked')
        refused = self.client.post(self.answer_url, {"wish": "answer", "stance": "nonsense"})
        self.assertContains(refused, "Please choose one of the answers shown.", status_code=422)

    def test_lists_of_articles_mark_it(self) -> None:
        newer = make_post(self.author, title="A newer one")
        lists = [reverse("posts:home"), reverse("posts:archive"), "/archive/?by=series"]
        for url in lists:
            self.assertNotContains(Client().get(url), "Closed on")
        close_discussion(self.post, by=self.author, reason="finished")
        close_discussion(newer, by=self.author, reason="finished")
        for url in lists:
            self.assertContains(Client().get(url), "Closed on", 2)

    def test_the_front_page_leads_to_the_article_and_not_to_a_form(self) -> None:
        home = reverse("posts:home")
        self.assertContains(Client().get(home), f"{self.answer_url}?stance=")
        close_discussion(self.post, by=self.author, reason="finished")
        page = Client().get(home)
        self.assertNotContains(page, self.answer_url)
        self.assertContains(page, f"{self.url}#question")
        self.assertContains(page, "This discussion is closed.")

    def test_it_costs_no_query_more(self) -> None:
        for person in (None, self.reader):
            client = Client()
            if person is not None:
                client.force_login(person)
            ran = {}
            for is_closed in (False, True):
                # As an act of its own that both pages are built again after.
                self.post.set_closed(timezone.now() if is_closed else None, "finished" * is_closed)
                client.get(self.url)
                self.post.bump_page_version()
                with CaptureQueriesContext(connection) as captured:
                    client.get(self.url)
                ran[is_closed] = len(captured)
            self.assertEqual(ran[True], ran[False], person)
            self.post.set_closed(None, "")

    def test_an_empty_one_asks_nobody_to_begin(self) -> None:
        empty = make_post(self.author)
        page = Client().get(empty.get_absolute_url())
        self.assertContains(page, "Write the first comment")
        close_discussion(empty, by=self.author, reason="finished")
        page = Client().get(empty.get_absolute_url())
        self.assertNotContains(page, "Write the first comment")
        self.assertContains(page, "No comments yet.")
        self.assertContains(page, "You can still read.")
        self.sign_in(self.reader)
        self.assertNotContains(self.client.get(empty.get_absolute_url()), "<textarea")

    def test_programs_read_since_when(self) -> None:
        url = reverse("comments:stances-json", args=[self.post.slug])
        self.assertIsNone(Client().get(url).json()["closed_at"])
        close_discussion(self.post, by=self.author, reason="finished")
        assert self.post.closed_at is not None
        since = self.post.closed_at.isoformat(timespec="seconds")
        self.assertEqual(Client().get(url).json()["closed_at"], since)
