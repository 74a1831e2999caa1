"""Test writing a post in the studio: saving, publishing, and keeping all typed text."""

from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import limits
from posts.actions import save_draft
from posts.models import Part, Post, PostState
from tests.accounts.drafts.test_kept import drawn_for, next_of
from tests.cast import Cast
from tests.factories import make_post, make_series

from .forms import fields_in, fields_of, newest_text

NEW = "/studio/posts/new/"
WORDS = {"title": "On asking", "standfirst": "Why ask?", "body": "Ask **first**.", "language": "en"}


def post_url(post: Post) -> str:
    """Return the address of the editor of `post`."""
    return reverse("posts:studio-post", args=[post.pk])


class CreateTests(Cast):
    """A new article."""

    def setUp(self) -> None:
        self.sign_in(self.author)

    def create(self, **changes: Any) -> Any:
        form = fields_of(self.client, NEW, holding="title") | WORDS | changes
        return self.client.post(NEW, form)

    def test_it_becomes_a_draft(self) -> None:
        answer = self.create(act="save")
        post = Post.objects.get(slug="on-asking")
        self.assertRedirects(answer, post_url(post))
        self.assertEqual(post.state(), PostState.DRAFT)
        self.assertEqual(post.byline, [self.author])
        self.assertEqual(newest_text(post), ("On asking", "Ask **first**."))
        self.assertEqual(post.title, "On asking")

    def test_the_same_form_twice_makes_one_post(self) -> None:
        form = fields_of(self.client, NEW, holding="title") | WORDS
        before = Post.objects.count()
        answers = [self.client.post(NEW, form) for _click in range(2)]
        self.assertEqual(Post.objects.count(), before + 1)
        self.assertEqual(answers[0].headers["Location"], answers[1].headers["Location"])
        self.assertEqual(Post.objects.latest("pk").revisions.count(), 1)

    def test_twice_at_the_same_moment_makes_one_post(self) -> None:
        form = fields_of(self.client, NEW, holding="title") | WORDS | {"slug": "my-address"}
        self.client.post(NEW, form)
        made = Post.objects.get(slug="my-address")
        with mock.patch("posts.studio.saving.find_by_form_key", side_effect=[None, made]):
            form["slug"] = ""
            answer = self.client.post(NEW, form)
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Post.objects.filter(newest_revision__title="On asking").count(), 1)

    def test_a_used_form_with_other_words_changes_its_post(self) -> None:
        form = fields_of(self.client, NEW, holding="title") | WORDS
        self.client.post(NEW, form)
        self.client.post(NEW, form | {"body": "Ask later."})
        post = Post.objects.get(slug="on-asking")
        self.assertEqual(newest_text(post)[1], "Ask later.")
        self.assertEqual(self.client.post(NEW, form | {"body": "Third."}).status_code, 409)

    def test_the_key_of_another_authors_form_leads_nowhere(self) -> None:
        form = fields_of(self.client, NEW, holding="title") | WORDS
        self.client.post(NEW, form)
        self.sign_in(self.other_author)
        form["drawn_for"] = drawn_for(self.other_author)
        answer = self.client.post(NEW, form | {"body": "Mine now."})
        self.assertEqual(answer.status_code, 503)
        self.assertEqual(newest_text(Post.objects.get(slug="on-asking"))[1], "Ask **first**.")

    def test_nobody_else_comes_in(self) -> None:
        for person in (self.reader, self.moderator, self.suspended, self.newcomer):
            self.sign_in(person)
            self.assertEqual(self.client.get(NEW).status_code, 403)
            self.assertEqual(self.client.post(NEW, WORDS).status_code, 403)
        self.client.logout()
        self.assertRedirects(
            self.client.get(NEW), f"/accounts/login/?next={NEW}", fetch_redirect_response=False
        )
        self.assertFalse(Post.objects.filter(slug="on-asking").exists())

    def test_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.put(NEW).status_code, 405)

    def test_what_is_wrong_is_said_and_every_word_comes_back(self) -> None:
        answer = self.create(title=" ", slug="not an address", body="Long thought.")
        self.assertEqual(answer.status_code, 422)
        self.assertContains(answer, "Long thought.", status_code=422)
        self.assertContains(answer, "not an address", status_code=422)
        self.assertContains(answer, '<a href="#id_title">', status_code=422)
        self.assertContains(answer, "Please give it a title", status_code=422)

    def test_hostile_text_is_refused_in_words(self) -> None:
        for body in ("null \0 byte", "turn \u202e round", "x" * 200_001):
            answer = self.create(body=body)
            self.assertEqual(answer.status_code, 422)
        self.assertFalse(Post.objects.filter(slug="on-asking").exists())

    def test_a_text_that_cannot_be_rendered_comes_back(self) -> None:
        answer = self.create(body="> " * 3_000 + "deep")
        self.assertContains(answer, "deep", status_code=422)
        self.assertContains(answer, "#id_body", status_code=422)

    def test_an_address_taken_already_is_said(self) -> None:
        answer = self.create(slug=self.post.slug)
        self.assertContains(answer, "Another article has this address", status_code=422)

    def test_titles_may_be_alike(self) -> None:
        for _turn in range(2):
            self.create()
        self.assertTrue(Post.objects.filter(slug="on-asking-2").exists())

    def test_a_language_brings_its_direction(self) -> None:
        self.create(language="ar")
        self.assertEqual(Post.objects.latest("pk").direction, Post.Direction.RTL)

    def test_it_can_become_the_announced_part(self) -> None:
        series = make_series(self.author)
        part = Part.objects.create(series=series, position=1, title="Announced")
        self.create(place=f"part-{part.pk}")
        part.refresh_from_db()
        self.assertEqual(part.post, Post.objects.latest("pk"))

    def test_it_can_become_a_new_part(self) -> None:
        series = make_series(self.author)
        self.create(place=f"new-{series.pk}")
        part = series.parts.get()
        self.assertEqual((part.title, part.post), ("On asking", Post.objects.latest("pk")))

    def test_another_authors_series_is_out_of_reach(self) -> None:
        series = make_series(self.other_author)
        answer = self.create(place=f"new-{series.pk}")
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(series.parts.exists())

    def test_what_was_typed_waits_behind_the_sign_in(self) -> None:
        self.client.logout()
        answer = self.client.post(NEW, WORDS | {"body": "Typed for an hour."})
        waits_at = next_of(answer)
        self.assertTrue(waits_at.startswith(f"{NEW}?kept="))
        self.client.force_login(self.author)
        page = self.client.get(waits_at)
        self.assertContains(page, "Typed for an hour.")
        self.assertContains(page, "not saved yet")
        self.client.post(NEW, fields_in(page.content.decode(), holding="title"))
        self.assertNotContains(self.client.get(waits_at), "Typed for an hour.")


class EditPostTests(Cast):
    """An existing post."""

    def setUp(self) -> None:
        self.sign_in(self.author)
        self.draft = make_post(self.author, published_at=None, title="Draft", body="As it was.")
        self.url = post_url(self.draft)

    def edit(self, post: Post | None = None, **changes: Any) -> Any:
        url = post_url(post or self.draft)
        form = fields_of(self.client, url, holding="title") | changes
        return self.client.post(url, form)

    def test_every_save_is_kept(self) -> None:
        self.assertRedirects(self.edit(body="Better.", act="save"), self.url)
        self.assertEqual(newest_text(self.draft), ("Draft", "Better."))
        self.assertEqual(self.draft.revisions.count(), 2)

    def test_twice_is_once(self) -> None:
        form = fields_of(self.client, self.url, holding="title") | {"body": "Better."}
        answers = [self.client.post(self.url, form) for _click in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [302, 302])
        self.assertEqual(self.draft.revisions.count(), 2)

    def test_a_save_does_not_show_to_readers(self) -> None:
        self.edit(self.post, body="Not yet.", act="save")
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "Not yet.")

    def test_an_update_does(self) -> None:
        self.edit(self.post, body="Now.", act="publish")
        self.assertContains(self.client.get(self.post.get_absolute_url()), "Now.")

    def test_who_writes_is_told_where_the_question_is_and_that_there_is_none(self) -> None:
        hint = "asks no question"
        self.assertContains(self.client.get(NEW), "on its own page, “Question”")
        page = self.client.get(post_url(self.draft))
        self.assertContains(page, hint)
        question_url = reverse("posts:studio-question", args=[self.draft.pk])
        self.assertContains(page, f'<a href="{question_url}">Write its question</a>')
        self.assertNotContains(self.client.get(post_url(self.post)), hint)
        self.edit(body="Out.", act="publish")
        self.assertContains(self.client.get("/studio/"), "Published. It asks no question")

    def test_publishing(self) -> None:
        self.edit(body="Out.", act="publish")
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.state(), PostState.PUBLISHED)
        self.assertContains(Client().get(self.draft.get_absolute_url()), "Out.")

    def test_a_post_without_text_is_saved_but_not_published(self) -> None:
        self.assertEqual(self.edit(body="", act="save").status_code, 302)
        answer = self.edit(body="", act="publish")
        self.assertContains(answer, "has no text", status_code=422)
        self.draft.refresh_from_db()
        self.assertIsNone(self.draft.published_at)

    def test_scheduling(self) -> None:
        at = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
        self.edit(at=at.strftime("%Y-%m-%dT%H:%M"), act="schedule")
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.published_at, at)
        self.assertEqual(self.draft.state(), PostState.SCHEDULED)
        self.assertContains(self.client.get(self.url), at.strftime("%Y-%m-%dT%H:%M"))

    def test_the_past_is_refused_and_nothing_is_saved(self) -> None:
        for at in ("2001-01-01T10:00", "", "soon"):
            answer = self.edit(at=at, act="schedule", body="Kept.")
            self.assertContains(answer, "Kept.", status_code=422)
            self.assertContains(answer, "#id_at", status_code=422)
        self.assertEqual(newest_text(self.draft)[1], "As it was.")

    def test_an_unknown_button_only_saves(self) -> None:
        self.assertEqual(self.edit(body="Saved.", act="explode").status_code, 302)
        self.draft.refresh_from_db()
        self.assertIsNone(self.draft.published_at)

    def test_the_address_can_change_until_it_is_out(self) -> None:
        self.edit(slug="elsewhere", act="save")
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.slug, "elsewhere")
        before = self.post.slug
        self.edit(self.post, slug="moved", act="save")
        self.post.refresh_from_db()
        self.assertEqual(self.post.slug, before)

    def test_two_tabs(self) -> None:
        form = fields_of(self.client, self.url, holding="title")
        self.client.post(self.url, form | {"body": "First tab."})
        conflict = self.client.post(self.url, form | {"body": "Second tab."})
        self.assertContains(conflict, "Second tab.", status_code=409)
        self.assertContains(conflict, "First tab.", status_code=409)
        self.assertContains(conflict, "Save mine as the newest", status_code=409)
        self.assertEqual(newest_text(self.draft)[1], "First tab.")
        again = fields_in(conflict.content.decode(), holding="title")
        self.assertEqual(self.client.post(self.url, again | {"act": "save"}).status_code, 302)
        self.assertEqual(newest_text(self.draft)[1], "Second tab.")
        self.assertEqual(self.draft.revisions.count(), 3)

    def test_a_third_tab_meets_the_newest_again(self) -> None:
        form = fields_of(self.client, self.url, holding="title")
        self.client.post(self.url, form | {"body": "First."})
        conflict = self.client.post(self.url, form | {"body": "Second."})
        save_draft(self.draft, by=self.author, title="Draft", body="Third.")
        again = fields_in(conflict.content.decode(), holding="title")
        self.assertEqual(self.client.post(self.url, again).status_code, 409)

    def test_a_database_that_fails_gives_the_text_back(self) -> None:
        with mock.patch("posts.studio.saving.save_draft", side_effect=OperationalError("locked")):
            answer = self.edit(body="An hour of work.")
        self.assertContains(answer, "An hour of work.", status_code=503)
        self.assertContains(answer, "could not be saved", status_code=503)

    def test_who_may(self) -> None:
        form = fields_of(self.client, self.url, holding="title") | {"body": "Not mine."}
        del form["drawn_for"]
        out = post_url(self.post)
        expected = {
            self.other_author: (404, 403),
            self.reader: (403, 403),
            self.moderator: (403, 403),
            self.suspended: (403, 403),
        }
        for person, statuses in expected.items():
            self.sign_in(person)
            for url, status in zip((self.url, out), statuses, strict=True):
                self.assertEqual(self.client.get(url).status_code, status, (person, url))
                self.assertEqual(self.client.post(url, form).status_code, status, (person, url))
        self.client.logout()
        self.assertEqual(self.client.post(self.url, form).status_code, 302)
        self.assertEqual(newest_text(self.draft)[1], "As it was.")
        self.assertEqual(self.client.get("/studio/posts/999999/").status_code, 302)
        self.sign_in(self.author)
        self.assertEqual(self.client.get("/studio/posts/999999/").status_code, 404)

    def test_an_admin_may(self) -> None:
        self.sign_in(self.admin)
        self.edit(body="Mended.")
        self.assertEqual(newest_text(self.draft)[1], "Mended.")
        self.assertEqual(self.draft.byline, [self.author])

    def test_a_suspended_author_may_not(self) -> None:
        self.author.suspended_until = timezone.now() + timedelta(days=1)
        self.author.save()
        self.assertEqual(self.client.get(self.url).status_code, 403)

    def test_an_expired_session_gives_the_text_back(self) -> None:
        form = fields_of(self.client, self.url, holding="title") | {"body": "Typed long."}
        self.client.logout()
        self.client.post(self.url, form)
        self.client.force_login(self.author)
        self.assertContains(self.client.get(self.url), "Typed long.")
        self.assertEqual(newest_text(self.draft)[1], "As it was.")

    def test_a_form_without_a_token_gives_the_text_back(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.author)
        answer = strict.post(self.url, {"title": "Draft", "body": "Typed for a long time."})
        self.assertContains(answer, "Typed for a long time.", status_code=403)

    def test_the_longest_article_survives_a_lost_session(self) -> None:
        text = "字" * limits.POST_MAX
        form = fields_of(self.client, self.url, holding="title") | {"body": text}
        self.client.logout()
        self.client.post(
            self.url, urlencode(form), content_type="application/x-www-form-urlencoded"
        )
        self.client.force_login(self.author)
        self.assertContains(self.client.get(self.url), text)

    def test_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.delete(self.url).status_code, 405)


class PublicationTests(Cast):
    """Unpublishing, and publishing from the preview."""

    def setUp(self) -> None:
        self.sign_in(self.author)
        self.undo = reverse("posts:studio-publication-undo", args=[self.post.pk])

    def test_it_asks_first(self) -> None:
        self.assertContains(self.client.get(self.undo), "Unpublish it")
        self.post.refresh_from_db()
        self.assertEqual(self.post.state(), PostState.PUBLISHED)

    def test_it_takes_the_post_back_once_or_twice(self) -> None:
        for _click in range(2):
            self.assertRedirects(self.client.post(self.undo), post_url(self.post))
        self.post.refresh_from_db()
        self.assertEqual(self.post.state(), PostState.DRAFT)
        self.assertEqual(Client().get(self.post.get_absolute_url()).status_code, 404)

    def test_published_again_it_has_its_first_date_and_no_other_can_be_chosen(self) -> None:
        first = self.post.published_at
        self.client.post(self.undo)
        page = self.client.get(post_url(self.post))
        self.assertNotContains(page, 'value="schedule"')
        form = fields_in(page.content.decode(), holding="title")
        later = f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
        answer = self.client.post(
            post_url(self.post), form | {"at": later, "act": "schedule", "body": "Other words."}
        )
        self.assertContains(answer, "has been published before", status_code=422)
        self.assertContains(answer, "Other words.", status_code=422)
        self.assertEqual(self.post.revisions.count(), 1)
        self.client.post(post_url(self.post), form | {"act": "publish"})
        self.post.refresh_from_db()
        self.assertEqual(self.post.published_at, first)

    def test_a_scheduled_post_leaves_the_calendar(self) -> None:
        later = make_post(self.author, published_at=timezone.now() + timedelta(days=1))
        self.client.post(reverse("posts:studio-publication-undo", args=[later.pk]))
        later.refresh_from_db()
        self.assertEqual(later.state(), PostState.DRAFT)

    def test_who_may(self) -> None:
        for person in (self.other_author, self.reader, self.moderator, self.suspended):
            self.sign_in(person)
            self.assertEqual(self.client.post(self.undo).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.post(self.undo).status_code, 302)
        self.post.refresh_from_db()
        self.assertEqual(self.post.state(), PostState.PUBLISHED)
        self.sign_in(self.author)
        self.assertEqual(self.client.put(self.undo).status_code, 405)

    def test_publishing_what_was_looked_at(self) -> None:
        draft = make_post(self.author, published_at=None)
        url = reverse("posts:studio-publication", args=[draft.pk])
        self.assertEqual(self.client.post(url, {"revision": "7"}).status_code, 302)
        draft.refresh_from_db()
        self.assertEqual(draft.state(), PostState.DRAFT)
        for _click in range(2):
            self.assertRedirects(self.client.post(url, {"revision": "1"}), draft.get_absolute_url())
        draft.refresh_from_db()
        self.assertEqual(draft.state(), PostState.PUBLISHED)
        self.assertIn("/preview/", self.client.get(url).headers["Location"])
        self.sign_in(self.other_author)
        self.assertEqual(self.client.post(url, {"revision": "1"}).status_code, 403)
