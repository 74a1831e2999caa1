"""Test that what an author types into an article is kept as a draft until it is saved."""

from typing import Any
from unittest import mock

from django.core.cache import cache
from django.urls import reverse

from accounts.models import KeptForm, User
from core import limits
from posts.actions import save_draft
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_post

from .forms import fields_in, fields_of, newest_text

NEW = "/studio/posts/new/"
SAVE = reverse("comments:draft")
THROW_AWAY = reverse("comments:draft-removal")
BRING_BACK = reverse("comments:draft-removal-undo")
WORDS = "An hour of thought, not saved."
NEWER = "A newer version was saved after you began this text."
# Shown only by scripts, if the browser has an older draft.
HIDDEN = "data-overtaken hidden"


class UnsavedTests(Cast):
    """An article in the studio, and a page that sends what is typed."""

    def setUp(self) -> None:
        cache.clear()
        self.sign_in(self.author)
        self.draft = make_post(self.author, published_at=None, title="Draft", body="As it was.")
        self.url = reverse("posts:studio-post", args=[self.draft.pk])

    def typed(self, url: str = "", **changes: Any) -> dict[str, Any]:
        """Return the fields of the form at `url` after somebody typed `changes`."""
        return fields_of(self.client, url or self.url, holding="title") | changes

    def keep(self, url: str = "", **changes: Any) -> Any:
        """Send what somebody types into the form at `url`."""
        return self.client.post(SAVE, self.typed(url, **changes) | {"form": url or self.url})

    def test_it_is_kept_and_shown_and_changes_nothing(self) -> None:
        for url in (self.url, reverse("posts:studio-post", args=[self.post.pk]), NEW):
            with self.subTest(url):
                posts = Post.objects.count()
                saved = self.keep(url, title="A title", standfirst="A lead", body=WORDS)
                self.assertEqual(saved.json()["saved"], KeptForm.objects.get().version)
                page = self.client.get(url)
                for words in ("A title", "A lead", WORDS, "did not save"):
                    self.assertContains(page, words)
                self.assertNotContains(page, "field--wrong")
                self.assertEqual(Post.objects.count(), posts)
                self.assertEqual(newest_text(self.draft)[1], "As it was.")
                KeptForm.objects.all().delete()

    def test_a_title_alone_is_kept(self) -> None:
        self.keep(NEW, title="Only a title")
        page = self.client.get(NEW)
        self.assertContains(page, 'value="Only a title"')
        self.assertNotContains(page, "field--wrong")

    def test_saving_ends_it(self) -> None:
        for url in (self.url, NEW):
            for act in ("save", "preview", "publish"):
                with self.subTest(url, act=act):
                    self.keep(url, title="A title", body=f"{WORDS} {act}")
                    answer = self.client.post(url, self.typed(url, act=act), follow=True)
                    self.assertFalse(KeptForm.objects.exists())
                    self.assertContains(answer, f'data-draft-done="{self.author.pk}:{url}"')

    def test_a_save_that_fails_ends_nothing(self) -> None:
        self.keep(body=WORDS)
        self.client.post(self.url, self.typed(title=""))
        with mock.patch("posts.studio.saving.save_draft", side_effect=ZeroDivisionError):
            self.assertRaises(ZeroDivisionError, self.client.post, self.url, self.typed())
        self.assertEqual(KeptForm.objects.count(), 1)

    def test_what_is_saved_already_is_no_draft(self) -> None:
        form = self.typed(body=WORDS)
        self.client.post(self.url, form)
        self.assertIsNone(self.client.post(SAVE, form | {"form": self.url}).json()["saved"])
        new = self.typed(NEW, title="Once", body=WORDS)
        self.client.post(NEW, new)
        late = self.client.post(SAVE, new | {"form": NEW, "body": "An earlier state."})
        self.assertIsNone(late.json()["saved"])
        self.assertFalse(KeptForm.objects.exists())

    def test_what_is_typed_back_to_what_is_saved_is_no_draft(self) -> None:
        self.keep(body=WORDS)
        self.assertIsNone(self.keep(body="As it was.").json()["saved"])
        self.assertFalse(KeptForm.objects.exists())

    def test_one_on_an_older_version_says_so_and_replaces_nothing(self) -> None:
        self.keep(body=WORDS)
        self.assertContains(self.client.get(self.url), HIDDEN)
        save_draft(self.draft, by=self.admin, title="Draft", body="Saved elsewhere.")
        page = self.client.get(self.url)
        for words in (NEWER, WORDS, "Saved elsewhere.", self.admin.display_name):
            self.assertContains(page, words)
        self.assertNotContains(page, HIDDEN)
        form = fields_in(page.text, holding="title")
        conflict = self.client.post(self.url, form | {"act": "save"})
        self.assertEqual(
            (conflict.status_code, newest_text(self.draft)[1]), (409, "Saved elsewhere.")
        )

    def test_one_on_an_older_version_can_be_saved_knowingly(self) -> None:
        form = self.typed(body=WORDS)
        save_draft(self.draft, by=self.admin, title="Draft", body="Saved elsewhere.")
        self.client.post(self.url, form | {"over": "2"})
        self.assertEqual(newest_text(self.draft)[1], WORDS)
        save_draft(self.draft, by=self.admin, title="Draft", body="And again.")
        refused = self.client.post(self.url, form | {"over": "2", "body": "Mine."})
        self.assertEqual((refused.status_code, newest_text(self.draft)[1]), (409, "And again."))

    def test_one_press_discards_it_and_another_brings_it_back(self) -> None:
        self.keep(body=WORDS)
        form = self.typed()
        discarded = self.client.post(THROW_AWAY, form | {"form": self.url}, follow=True)
        self.assertContains(discarded, "You have discarded")
        self.assertContains(discarded, "As it was.</textarea>")
        back = self.client.post(BRING_BACK, self.typed() | {"form": self.url}, follow=True)
        self.assertContains(back, f"{WORDS}</textarea>")

    def test_a_conflict_can_be_discarded_without_a_draft(self) -> None:
        form = self.typed(body=WORDS)
        save_draft(self.draft, by=self.admin, title="Draft", body="Saved elsewhere.")
        self.client.post(self.url, form)
        page = self.client.post(THROW_AWAY, form | {"form": self.url}, follow=True)
        self.assertContains(page, "Saved elsewhere.</textarea>")
        self.assertContains(page, "Bring back what I typed")

    def test_nobody_else_has_it(self) -> None:
        self.draft.authorships.create(user=self.other_author)
        self.keep(body=WORDS)
        others = {self.other_author: 200, self.admin: 200, self.reader: 403}
        for person, status in others.items():
            self.sign_in(person)
            page = self.client.get(self.url)
            self.assertEqual(page.status_code, status, person)
            self.assertNotIn(WORDS, page.text)

    def test_who_may_keep_one(self) -> None:
        form = {"title": "A title", "body": WORDS}
        expected: dict[User, tuple[int, int]] = {
            self.author: (200, 200),
            self.admin: (200, 200),
            self.other_author: (404, 200),
            self.reader: (404, 404),
            self.moderator: (404, 404),
            self.suspended: (404, 404),
        }
        for person, statuses in expected.items():
            self.sign_in(person)
            for url, status in zip((self.url, NEW), statuses, strict=True):
                answer = self.client.post(SAVE, form | {"form": url})
                self.assertEqual(answer.status_code, status, (person, url))
        self.client.logout()
        self.assertEqual(self.client.post(SAVE, form | {"form": NEW}).status_code, 403)

    def test_its_length_has_a_limit(self) -> None:
        longest = "字" * limits.POST_MAX
        self.assertEqual(self.keep(body=longest).status_code, 200)
        self.assertContains(self.client.get(self.url), longest)
        with mock.patch.object(limits, "ARTICLE_DRAFT_CHARACTERS", 500):
            self.assertEqual(self.keep(body="x" * 500).status_code, 413)
        self.assertContains(self.client.get(self.url), longest)

    def test_thrown_away_it_has_the_same_limit(self) -> None:
        self.keep(body=WORDS)
        form = self.typed(body="x" * limits.ARTICLE_DRAFT_CHARACTERS) | {"form": self.url}
        self.assertRedirects(self.client.post(THROW_AWAY, form), self.url)
        [kept] = KeptForm.objects.all()
        self.assertEqual(kept.fields["body"], WORDS)
        self.assertTrue(kept.thrown_away_at)
        self.client.post(BRING_BACK, {"form": self.url})
        self.assertContains(self.client.get(self.url), WORDS)
        self.client.post(THROW_AWAY, self.typed(body="A little.") | {"form": self.url})
        self.assertEqual(KeptForm.objects.get().fields["body"], "A little.")
        KeptForm.objects.all().delete()
        self.assertEqual(self.client.post(THROW_AWAY, form).status_code, 302)
        self.assertFalse(KeptForm.objects.exists())

    def test_the_list_of_drafts_has_it(self) -> None:
        self.keep(title="Other title", body=WORDS)
        self.keep(NEW, title="A new title", body="Of which only this.")
        page = self.client.get(reverse("comments:my-drafts"))
        for words in ("Changes to an article", "Other title", WORDS, "A new title", "only this."):
            self.assertContains(page, words)
        self.assertContains(page, "<bdi>Draft</bdi>")
        for url in (self.url, NEW):
            self.assertContains(page, f'href="{url}"')
        self.draft.authorships.all().delete()
        self.assertContains(self.client.get(reverse("comments:my-drafts")), "place for it is gone")
