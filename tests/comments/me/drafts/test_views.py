"""Test saving drafts, showing them where they belong, throwing them away, and their list."""

import re
from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlencode
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import KeptForm, User
from comments.actions import states
from comments.models import Comment, CommentState
from comments.moderation.actions.threads import lock
from core import limits
from posts.models import Post
from tests.accounts.drafts.test_kept import drawn_for
from tests.cast import Cast
from tests.factories import make_comment, make_post

WORDS = "Half a thought, and half of another."
SAVE = reverse("comments:draft")
THROW_AWAY = reverse("comments:draft-removal")
BRING_BACK = reverse("comments:draft-removal-undo")
LIST = reverse("comments:my-drafts")


class DraftCase(Cast):
    """Requests about drafts under the post of the cast."""

    def setUp(self) -> None:
        cache.clear()
        self.root = make_comment(self.post, self.stranger)
        lately = timezone.now() - timedelta(minutes=2)
        self.own = make_comment(self.post, self.reader, body="As it was posted.", now=lately)
        self.answer = reverse("comments:answer", args=[self.post.slug])
        self.sign_in(self.reader)

    def save(self, form: str = "", **typed: Any) -> Any:
        return self.client.post(SAVE, {"form": form or self.answer, "body": WORDS, **typed})

    def throw_away(self, form: str = "", **typed: Any) -> Any:
        return self.client.post(THROW_AWAY, {"form": form or self.answer, **typed})

    def bring_back(self, form: str = "", **typed: Any) -> Any:
        return self.client.post(BRING_BACK, {"form": form or self.answer, **typed})

    def queries_of(self, page: str) -> int:
        self.client.get(page)
        with CaptureQueriesContext(connection) as captured:
            self.client.get(page)
        return len(captured)


class SavingTests(DraftCase):
    """What a page sends while it is written."""

    def test_each_form_shows_its_draft_to_its_writer_alone(self) -> None:
        forms = {
            self.answer: "body",
            reverse("comments:edit", args=[self.own.pk]): "body",
            reverse("comments:flags", args=[self.root.pk]): "note",
            reverse("comments:changes", args=[self.root.pk]): "words",
            reverse("comments:post-changes", args=[self.post.slug]): "words",
        }
        for form, field in forms.items():
            with self.subTest(form):
                answer = self.save(form, **{"body": "", field: WORDS})
                self.assertEqual(answer.json()["saved"], KeptForm.objects.get().version)
                page = self.client.get(form)
                self.assertContains(page, f"{WORDS}</textarea>")
                self.assertContains(page, "kept as you left it")
                self.assertContains(page, f'data-draft-saved="{answer.json()["saved"]}"')
                elsewhere = self.client_class()
                elsewhere.force_login(self.admin)
                self.assertNotIn(WORDS, elsewhere.get(form).text)
                KeptForm.objects.all().delete()

    def test_a_closing_has_one_with_its_citations(self) -> None:
        self.sign_in(self.author)
        form = reverse("comments:closing-edit", args=[self.post.slug])
        self.save(form, based_on="0")
        self.assertContains(self.client.get(form), f"{WORDS}</textarea>")
        self.sign_in(self.reader)
        self.assertEqual(self.save(form).status_code, 404)

    def test_a_reply_has_its_own_and_the_answer_chosen(self) -> None:
        self.save(parent=self.root.pk, stance="overlap")
        self.assertNotIn(WORDS, self.client.get(self.answer).text)
        page = self.client.get(f"{self.answer}?parent={self.root.pk}")
        self.assertContains(page, f"{WORDS}</textarea>")
        self.assertContains(page, 'value="overlap" checked')

    def test_a_quotation_is_added_to_it(self) -> None:
        self.save(parent=self.root.pk)
        page = self.client.get(f"{self.answer}?quote={self.root.pk}").text
        self.assertIn(f"{WORDS}\n\n&gt; {self.root.body}", page)

    def test_an_unfinished_draft_shows_no_errors(self) -> None:
        self.save(body="x")
        self.assertNotContains(self.client.get(self.answer), "notice--error")

    def test_an_emptied_form_has_none(self) -> None:
        self.save()
        self.assertEqual(self.save(body="").json(), {"saved": None})
        self.assertFalse(KeptForm.objects.exists())

    def test_secrets_and_names_of_the_request_are_not_kept(self) -> None:
        self.save(wish="post", csrfmiddlewaretoken="t" * 32, drawn_for=drawn_for(self.reader))
        self.assertEqual(set(KeptForm.objects.get().fields), {"body"})

    def test_posting_it_deletes_it_and_a_refusal_does_not(self) -> None:
        sent = {"body": WORDS, "stance": "same", "form_key": uuid4()}
        self.save()
        self.assertEqual(self.client.post(self.answer, sent).status_code, 302)
        self.assertFalse(KeptForm.objects.exists())
        # Sent before, it arrives late.
        self.assertEqual(self.save(form_key=sent["form_key"]).json(), {"saved": None})
        self.assertFalse(KeptForm.objects.exists())
        self.save(parent=self.root.pk)
        lock(self.root, by=self.moderator, reason="heated")
        refused = self.client.post(self.answer, {**sent, "parent": self.root.pk})
        self.assertContains(refused, WORDS, status_code=403)
        self.assertTrue(KeptForm.objects.exists())

    def test_the_other_forms_delete_theirs_too(self) -> None:
        flags = reverse("comments:flags", args=[self.root.pk])
        edit = reverse("comments:edit", args=[self.own.pk])
        for form, sent in ((flags, {"reason": "spam", "note": WORDS}), (edit, {"body": WORDS})):
            with self.subTest(form):
                self.save(form)
                stance = {"stance": self.own.stance.key} if self.own.stance else {}
                self.assertEqual(self.client.post(form, {**stance, **sent}).status_code, 302)
                self.assertFalse(KeptForm.objects.exists())

    def test_a_thread_closed_meanwhile_shows_the_words_to_be_copied(self) -> None:
        self.save(parent=self.root.pk)
        lock(self.root, by=self.moderator, reason="heated")
        page = self.client.get(f"{self.answer}?parent={self.root.pk}")
        self.assertContains(page, "has been locked")
        self.assertContains(page, "What you were writing here is kept, to copy.")
        self.assertContains(page, f"{WORDS}</textarea>")


class RefusalTests(DraftCase):
    """What is not saved."""

    def tearDown(self) -> None:
        self.assertFalse(KeptForm.objects.exists())

    def test_visitors_and_pages_of_another_account(self) -> None:
        self.assertEqual(self.save(drawn_for=drawn_for(self.stranger)).status_code, 403)
        self.assertEqual(self.save(drawn_for="1:forged").status_code, 403)
        self.client.logout()
        self.assertEqual(self.save(drawn_for=drawn_for(self.reader)).status_code, 403)

    def test_other_methods(self) -> None:
        self.assertEqual(self.client.get(SAVE).status_code, 405)

    def test_without_a_token(self) -> None:
        strict = self.client_class(enforce_csrf_checks=True)
        strict.force_login(self.reader)
        self.assertEqual(strict.post(SAVE, {"form": self.answer, "body": WORDS}).status_code, 403)

    def test_places_that_are_none(self) -> None:
        others = reverse("comments:edit", args=[self.root.pk])
        nowhere = reverse("comments:answer", args=["nowhere"])
        for form in (
            others,
            nowhere,
            "/",
            "/studio/posts/new/",
            "//evil.example/",
            "\0",
            "x" * 9000,
        ):
            with self.subTest(form):
                self.assertEqual(self.save(form).status_code, 404)
        held = make_comment(self.post, self.stranger)
        Comment.objects.filter(pk=held.pk).update(state=CommentState.HELD, is_shown=False)
        form = reverse("comments:flags", args=[held.pk])
        self.assertEqual(self.save(form).status_code, 404)

    def test_an_article_taken_back(self) -> None:
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        self.assertEqual(self.save().status_code, 404)

    def test_too_long(self) -> None:
        self.assertEqual(self.save(body="ä" * (limits.DRAFT_CHARACTERS + 1)).status_code, 413)
        typed = {"form": self.answer, "body": "Short.", "n" * (limits.DRAFT_CHARACTERS + 1): ""}
        answer = self.client.post(SAVE, urlencode(typed), "application/x-www-form-urlencoded")
        self.assertEqual(answer.status_code, 413)


class RateTests(DraftCase):
    """How often a page may save."""

    def test_sixty_times_a_minute(self) -> None:
        statuses = [self.save(body=f"{WORDS} {number}").status_code for number in range(62)]
        self.assertEqual(statuses, [200] * 60 + [429] * 2)
        self.assertIn(" 59", KeptForm.objects.get().fields["body"])


class ThrowingAwayTests(DraftCase):
    """One press, which can be undone; also without scripts."""

    def test_it_is_gone_from_its_form_and_comes_back(self) -> None:
        self.save()
        self.assertRedirects(self.throw_away(body=f"{WORDS} More."), self.answer)
        page = self.client.get(self.answer)
        self.assertNotContains(page, WORDS)
        self.assertContains(page, "You have thrown away what you were writing here.")
        self.assertRedirects(self.bring_back(), self.answer)
        self.assertContains(self.client.get(self.answer), f"{WORDS} More.</textarea>")

    def test_a_reply_leads_back_to_its_form(self) -> None:
        where = f"{self.answer}?parent={self.root.pk}"
        self.assertRedirects(self.throw_away(parent=self.root.pk, body=WORDS), where)
        self.assertRedirects(self.bring_back(parent=self.root.pk), where)
        self.assertContains(self.client.get(where), WORDS)

    def test_with_scripts_it_is_a_header(self) -> None:
        sent = {"form": self.answer, "body": WORDS}
        answer = self.client.post(THROW_AWAY, sent, headers={"HX-Request": "true"})
        self.assertEqual(answer.headers["HX-Redirect"], self.answer)

    def test_nobody_elses(self) -> None:
        self.save()
        self.sign_in(self.stranger)
        self.throw_away()
        self.assertEqual(self.bring_back().status_code, 404)
        self.assertFalse(KeptForm.objects.get().is_thrown_away)

    def test_visitors_sign_in_first(self) -> None:
        self.client.logout()
        self.assertIn("/accounts/login/", self.throw_away()["Location"])
        self.assertEqual(self.client.get(THROW_AWAY).status_code, 405)

    def test_twice_is_once(self) -> None:
        self.save()
        for _press in range(2):
            self.assertEqual(self.throw_away().status_code, 302)
        self.assertEqual(self.bring_back().status_code, 302)
        self.assertEqual(self.bring_back().status_code, 404)

    def test_nothing_to_bring_back_and_no_such_place(self) -> None:
        self.assertEqual(self.bring_back().status_code, 404)
        self.assertEqual(self.throw_away("/nowhere/").status_code, 404)


class OfPostTests(DraftCase):
    """What the scripts of a post ask for, and what its page says without them."""

    def of(self, person: User | None) -> Any:
        client = self.client_class()
        if person:
            client.force_login(person)
        return client.get(reverse("comments:post-drafts", args=[self.post.slug]))

    def test_comments_and_replies_of_the_person(self) -> None:
        self.save(stance="same")
        self.save(parent=self.root.pk)
        self.save(reverse("comments:flags", args=[self.root.pk]))
        first, second = self.of(self.reader).json()["drafts"]
        report = reverse("comments:flags", args=[self.root.pk])
        self.assertEqual(self.of(self.reader).json()["others"], [report])
        self.assertEqual(first["fields"], {"body": [WORDS], "stance": ["same"]})
        self.assertEqual((first["parent"], second["parent"]), ("", str(self.root.pk)))
        self.assertEqual(
            self.of(self.stranger).json(), {"drafts": [], "others": [], "paragraph": ""}
        )
        self.assertEqual(self.of(None).status_code, 302)
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        self.assertEqual(self.of(self.reader).status_code, 404)

    def test_the_page_says_so_of_every_form_that_belongs_to_it(self) -> None:
        page = self.post.get_absolute_url()
        forms = {
            reverse("comments:edit", args=[self.own.pk]): self.reader,
            reverse("comments:flags", args=[self.root.pk]): self.reader,
            reverse("comments:changes", args=[self.root.pk]): self.reader,
            reverse("comments:post-changes", args=[self.post.slug]): self.reader,
            reverse("comments:closing-edit", args=[self.post.slug]): self.author,
        }
        for form, person in forms.items():
            with self.subTest(form):
                self.sign_in(person)
                self.assertNotContains(self.client.get(page), "data-draft-others")
                self.assertEqual(self.save(form, note=WORDS).status_code, 200)
                self.assertContains(self.client.get(page), "data-draft-others")
                self.assertEqual(self.of(person).json()["others"], [form])
                self.sign_in(self.stranger)
                self.assertNotContains(self.client.get(page), "data-draft-others")
                self.sign_in(person)
                self.throw_away(form)
                self.assertNotContains(self.client.get(page), "data-draft-others")

    def test_it_says_which_paragraph_a_change_of_mind_is_about(self) -> None:
        form = reverse("comments:post-changes", args=[self.post.slug])
        self.save(form, words=WORDS)
        self.assertEqual(self.of(self.reader).json()["paragraph"], "")
        self.save(form, words=WORDS, paragraph="2")
        self.assertEqual(self.of(self.reader).json()["paragraph"], "2")
        self.assertEqual(self.of(self.stranger).json()["paragraph"], "")
        self.throw_away(form)
        self.assertEqual(self.of(self.reader).json()["paragraph"], "")

    def test_a_form_of_another_article_is_not_of_the_page(self) -> None:
        elsewhere = make_comment(make_post(self.author), self.stranger)
        self.save(reverse("comments:flags", args=[elsewhere.pk]), note=WORDS)
        self.save(reverse("comments:answer", args=[elsewhere.post.slug]))
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "data-draft-others")

    def test_the_page_says_so_and_asks_for_no_query_more(self) -> None:
        page = self.post.get_absolute_url()
        self.assertNotContains(self.client.get(page), "data-draft-others")
        before = self.queries_of(page)
        self.save(parent=self.root.pk)
        self.assertContains(self.client.get(page), "data-draft-others")
        self.assertEqual(self.queries_of(page), before)

    def test_a_slug_in_any_script(self) -> None:
        Post.objects.filter(pk=self.post.pk).update(slug="führung")
        self.save(reverse("comments:answer", args=["führung"]))
        self.assertContains(self.client.get("/posts/führung/"), "data-draft-others")
        drafts = self.client.get("/posts/führung/drafts/").json()["drafts"]
        self.assertEqual(len(drafts), 1)
        self.client.post("/posts/führung/answer/", {"body": WORDS, "stance": "same"})
        self.assertFalse(KeptForm.objects.exists())


class ListTests(DraftCase):
    """The page of all drafts."""

    def test_it_says_what_they_are_and_where_to_write_on(self) -> None:
        self.save()
        self.save(parent=self.root.pk, body="A reply, half of it.")
        self.save(reverse("comments:flags", args=[self.root.pk]), body="", note="A report.")
        page = self.client.get(LIST)
        for words in (WORDS, "A reply, half of it.", "A report.", self.post.title):
            self.assertContains(page, words)
        self.assertContains(page, f'href="{self.answer}?parent={self.root.pk}"')
        self.sign_in(self.stranger)
        empty = self.client.get(LIST)
        self.assertContains(empty, "You have no drafts.")
        self.assertContains(empty, "Answer the newest question")
        self.assertNotContains(empty, "What you have begun to write.")

    def test_it_says_to_whom_and_each_heading_leads_to_the_form(self) -> None:
        self.save()
        self.save(parent=self.root.pk, body="A reply, half of it.")
        flags = reverse("comments:flags", args=[self.root.pk])
        self.save(flags, body="", note="A report.")
        self.save(parent=self.own.pk, body="And another thing.")
        page = " ".join(self.client.get(LIST).text.split())
        who = f"<bdi>{self.root.author.display_name}</bdi>"
        self.assertEqual(page.count(f"<span>to {who}</span>"), 1)
        self.assertEqual(page.count(f"<span>about a comment by {who}</span>"), 1)
        self.assertEqual(page.count(f"to <bdi>{self.reader.display_name}</bdi>"), 0)
        self.assertEqual(page.count("<span>last changed <time"), 4)
        reply = f"{self.answer}?parent={self.root.pk}"
        for address, name in ((self.answer, "A comment"), (reply, "A reply"), (flags, "A report")):
            self.assertIn(f'<h2 class="item__title"><a href="{address}">{name}</a></h2>', page)

    def test_nobody_is_named_who_wrote_what_one_may_not_read(self) -> None:
        """A removed comment keeps its place while there are replies to it."""
        make_comment(self.post, self.newcomer, parent=self.root)
        make_comment(self.post, self.author, parent=self.root)
        self.save(parent=self.root.pk)
        states.change_state(self.root, to=CommentState.REMOVED, removed_reason="spam")
        self.assertNotContains(self.client.get(LIST), f"<bdi>{self.root.author.display_name}</bdi>")

    def test_what_is_thrown_away_says_for_how_long_it_comes_back(self) -> None:
        self.save()
        self.throw_away(list="1")
        page = self.client.get(LIST)
        self.assertContains(page, "You can bring it back for 10 minutes.")
        self.assertNotContains(page, f'<a href="{self.answer}">')
        with mock.patch("core.limits.UNDO_OFFER", 60):
            self.assertContains(self.client.get(LIST), "You can bring it back for 1 minute.")

    def test_several_whose_place_is_gone_can_each_be_copied(self) -> None:
        """Each field has an id and a label of its own."""
        self.save(parent=self.root.pk)
        self.save()
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        ids = re.findall(r'<textarea[^>]* id="([^"]+)"', self.client.get(LIST).text)
        self.assertEqual((len(ids), len(set(ids))), (2, 2))

    def test_where_the_place_is_gone_the_words_can_be_copied(self) -> None:
        self.save(parent=self.root.pk)
        states.mark_deleted(self.root)
        page = self.client.get(LIST)
        self.assertContains(page, "The place for it is gone.")
        self.assertContains(page, f"{WORDS}</textarea>")
        self.assertNotContains(page, f"?parent={self.root.pk}")
        thrown = self.throw_away(parent=self.root.pk, list="1")
        self.assertRedirects(thrown, LIST)
        self.assertNotContains(self.client.get(LIST), WORDS)
        self.assertRedirects(self.bring_back(parent=self.root.pk, list="1"), LIST)

    def test_an_article_taken_back_is_not_named(self) -> None:
        self.save()
        self.save(parent=self.root.pk)
        Post.objects.filter(pk=self.post.pk).update(published_at=None)
        page = self.client.get(LIST)
        self.assertNotContains(page, self.post.title)
        self.assertContains(page, WORDS)

    def test_the_same_queries_at_two_sizes(self) -> None:
        self.save(parent=self.root.pk)
        few = self.queries_of(LIST)
        for _number in range(5):
            root = make_comment(self.post, self.stranger)
            self.save(parent=root.pk)
            self.save(reverse("comments:flags", args=[root.pk]))
        self.assertEqual(self.queries_of(LIST), few)
