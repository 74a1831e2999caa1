"""Test the preview beside the editor, and the preview of the whole page."""

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from core import limits
from posts.models import Post
from posts.studio.preview import preview_url
from tests.cast import Cast
from tests.factories import make_post, make_question

LIVE = "/studio/preview/"
HOSTILE = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
)


class LivePreviewTests(Cast):
    """The preview that the editor requests while its author types."""

    def show(self, text: str) -> str:
        self.sign_in(self.author)
        return self.client.post(LIVE, {"content": text}).content.decode()

    def test_it_shows_what_readers_would_see(self) -> None:
        self.assertInHTML("<p>Ask <em>first</em>.</p>", self.show("Ask *first*."))

    def test_it_is_safe(self) -> None:
        for text in HOSTILE:
            html = self.show(text).lower()
            for danger in ("<script", "<svg", "<img", 'href="javascript'):
                self.assertNotIn(danger, html)

    def test_it_answers_everything_in_words(self) -> None:
        for text in ("", "  \n", "> " * 3_000 + "x", "x" * (limits.POST_MAX + 1), "null \0"):
            self.sign_in(self.author)
            answer = self.client.post(LIVE, {"content": text})
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(answer.content)
        self.assertEqual(self.client.post(LIVE).status_code, 200)

    def test_it_is_for_authors_and_never_redirects(self) -> None:
        for person in (self.reader, self.moderator, self.suspended, None):
            self.client.logout()
            if person:
                self.sign_in(person)
            answer = self.client.post(LIVE, {"content": "*secret*"})
            self.assertContains(answer, "preview has stopped", status_code=403)
            self.assertNotContains(answer, "secret", status_code=403)
        User.objects.filter(pk=self.author.pk).update(banned_at=timezone.now())
        self.sign_in(self.author)
        answer = self.client.post(LIVE, {"content": "*secret*"})
        self.assertContains(answer, "You can no longer write", status_code=403)

    def test_it_is_not_for_reading(self) -> None:
        self.sign_in(self.author)
        self.assertEqual(self.client.get(LIVE).status_code, 405)

    def test_it_takes_the_token_from_either_cookie(self) -> None:
        for name in ("csrftoken", "__Host-csrftoken"):
            with override_settings(CSRF_COOKIE_NAME=name):
                strict = Client(enforce_csrf_checks=True)
                strict.force_login(self.author)
                self.assertEqual(strict.post(LIVE, {"content": "x"}).status_code, 403)
                strict.get("/studio/posts/new/")
                token = strict.cookies[name].value
                sent = {"content": "x", "csrfmiddlewaretoken": token}
                self.assertEqual(strict.post(LIVE, sent).status_code, 200)

    def test_pictures_are_refused_in_words(self) -> None:
        self.sign_in(self.author)
        picture = SimpleUploadedFile("x.png", b"\x89PNG", content_type="image/png")
        answer = self.client.post(LIVE, {"image": picture})
        self.assertEqual(answer.status_code, 415)
        self.assertIn("cannot be added", answer.json()["image_code"])

    def test_the_stock_addresses_are_not_there(self) -> None:
        for name in ("markdownx_upload", "markdownx_markdownify"):
            with self.assertRaises(NoReverseMatch):
                reverse(name)
        self.sign_in(self.author)
        for path in ("/markdownx/upload/", "/markdownx/markdownify/"):
            self.assertEqual(self.client.post(path).status_code, 404)

    def test_the_editor_knows_where_to_ask(self) -> None:
        self.sign_in(self.author)
        page = self.client.get("/studio/posts/new/")
        self.assertContains(page, f'data-markdownx-urls-path="{LIVE}"')
        self.assertContains(page, "markdownx/js/markdownx")


class PreviewPageTests(Cast):
    """The page as readers will get it."""

    def setUp(self) -> None:
        self.draft = make_post(self.author, published_at=None, title="To come", body="New words.")

    def test_saving_with_preview_leads_there(self) -> None:
        self.sign_in(self.author)
        answer = self.client.post(
            reverse("posts:studio-post", args=[self.draft.pk]),
            {"title": "To come", "body": "Newer words.", "language": "en", "act": "preview"},
            follow=True,
        )
        self.assertContains(answer, "Newer words.")
        self.assertContains(answer, "This is how readers will see it")

    def test_a_published_post_shows_its_newest_words(self) -> None:
        self.sign_in(self.author)
        make_question(self.draft, text="What now?")
        url = reverse("posts:studio-post", args=[self.post.pk])
        self.client.post(
            url, {"title": "New title", "body": "Unseen.", "language": "en", "based_on": "1"}
        )
        self.assertContains(self.client.get(preview_url(self.post)), "Unseen.")
        self.assertNotContains(self.client.get(self.post.get_absolute_url()), "Unseen.")
        self.post.refresh_from_db()
        self.assertNotEqual(self.post.live_revision_id, self.post.newest_revision_id)
        self.assertContains(self.client.get(preview_url(self.draft)), "What now?")

    def test_it_is_for_those_who_may_edit(self) -> None:
        url = preview_url(self.draft)
        expected = {
            self.author: 200,
            self.admin: 200,
            self.other_author: 404,
            self.reader: 403,
            self.moderator: 403,
            self.suspended: 403,
        }
        for person, status in expected.items():
            self.sign_in(person)
            self.assertEqual(self.client.get(url).status_code, status, person)
        self.client.logout()
        self.assertEqual(self.client.get(url).status_code, 302)

    def test_only_our_own_addresses_open_it(self) -> None:
        self.sign_in(self.author)
        pk, salt = str(self.draft.pk), "posts.studio.preview"
        forged = (
            signing.Signer(salt="accounts.restoring").sign(pk),
            signing.Signer(salt=salt, key="another key").sign(pk),
            signing.Signer(salt=salt, algorithm="sha1").sign(pk),
            signing.dumps(self.draft.pk, salt=salt),
        )
        self.assertEqual(preview_url(self.draft), f"/preview/{signing.Signer(salt=salt).sign(pk)}/")
        for token in (*forged, pk, f"{pk}:made-up", "x", "%00"):
            self.assertEqual(self.client.get(f"/preview/{token}/").status_code, 404)

    def test_nothing_about_it_is_kept_or_found(self) -> None:
        self.sign_in(self.author)
        answer = self.client.get(preview_url(self.draft))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn("noindex", answer.headers["X-Robots-Tag"])
        self.assertEqual(Post.objects.get(pk=self.draft.pk).live_revision, None)
        self.assertEqual(self.client.post(preview_url(self.draft)).status_code, 405)
