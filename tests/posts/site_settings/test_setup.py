"""Test the set-up of a new site."""

from django.core.files.uploadedfile import SimpleUploadedFile

from posts.models import Post
from publication.models import SiteProfile
from tests.factories import make_post
from tests.posts.site_settings.test_views import URL, SettingsCase

NAMING, ARTICLE, LATER = f"{URL}setup/", f"{URL}setup/article/", f"{URL}setup/later/"
TEXT = "On rotas\n\nA rota is a promise.\n\nDo you believe that? Why?"


class SetUpTests(SettingsCase):
    """The first visit of the first admin."""

    def key(self) -> str:
        """Return the key of a new form."""
        return str(self.client.get(ARTICLE).context["form"]["form_key"].value())

    def test_it_comes_once_to_the_admin_of_an_empty_site(self) -> None:
        self.assertRedirects(self.client.get("/"), NAMING)
        answer = self.client.post(NAMING, {"name": "The Rota", "tagline": "", "based_on": "0"})
        self.assertRedirects(answer, ARTICLE)
        self.assertContains(self.client.get("/"), "The Rota")
        self.client.logout()
        SiteProfile.objects.all().delete()
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_a_site_with_posts_needs_none(self) -> None:
        make_post(self.admin)
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_it_can_be_left_for_later(self) -> None:
        self.assertRedirects(self.client.post(LATER), ARTICLE)
        self.assertRedirects(self.client.post(LATER), ARTICLE)
        self.assertEqual(self.names(), ["Counterpoint"])
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_no_name_is_refused(self) -> None:
        for name in ("", "x" * 300):
            answer = self.client.post(NAMING, {"name": name, "based_on": "0"})
            self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.names(), [])

    def test_a_pasted_article_becomes_one_draft_with_its_question(self) -> None:
        sent = {"text": TEXT, "form_key": self.key()}
        answers = [self.client.post(ARTICLE, sent) for _time in range(2)]
        post = Post.objects.get()
        for answer in answers:
            self.assertRedirects(answer, f"/studio/posts/{post.pk}/")
        newest = post.newest_revision
        assert newest is not None
        self.assertEqual((newest.title, post.published_at), ("On rotas", None))
        self.assertIn("A rota is a promise.", newest.body)
        self.assertIn("Why?", str(post.question))

    def test_a_file_is_read_and_one_that_is_no_text_is_refused(self) -> None:
        file = SimpleUploadedFile("rotas.md", b"# On rotas\n\nIs a rota a *promise*?")
        self.client.post(ARTICLE, {"file": file, "form_key": self.key()})
        self.assertIn("*promise*", str(Post.objects.get().newest_revision.body))  # type: ignore[union-attr]
        wrong = {"": b"", "not a text in UTF-8": b"\xff\xfe\x00\xd8", "nobody can see": b"a\0b"}
        for said, content in wrong.items():
            file = SimpleUploadedFile("x.txt", content)
            answer = self.client.post(ARTICLE, {"file": file, "form_key": self.key()})
            self.assertContains(answer, said, status_code=422)
        self.assertEqual(Post.objects.count(), 1)
