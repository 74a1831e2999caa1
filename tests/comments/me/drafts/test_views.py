"""Test saving drafts, showing them where they belong, and throwing them away."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse

from accounts.models import KeptForm, User
from comments.models import Comment, CommentState
from comments.moderation.actions.threads import lock
from core import limits
from posts.models import Post
from tests.accounts.drafts.test_kept import drawn_for
from tests.factories import make_comment, make_post

from .cases import SAVE, THROW_AWAY, WORDS, DraftCase


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
