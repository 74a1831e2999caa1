"""Test the set-up of a new site."""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role, User
from posts.actions import publish, throw_away
from posts.models import Post
from publication.models import SiteProfile
from tests.factories import make_post, make_user
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

    def test_an_admin_without_a_name_is_asked_for_one(self) -> None:
        User.objects.filter(pk=self.admin.pk).update(name="")
        sent = {"name": "The Rota", "tagline": "", "based_on": "0"}
        self.assertContains(self.client.get(NAMING), 'name="author_name"')
        make_user("june", Role.MODERATOR)
        for name, said in (("June", "too close"), ("Moderator", "reserved"), ("x" * 300, "long")):
            answer = self.client.post(NAMING, sent | {"author_name": name})
            self.assertContains(answer, said, status_code=422)
            self.assertContains(answer, name, status_code=422)
        self.assertEqual(self.names(), [])
        for _time in range(2):
            answer = self.client.post(NAMING, sent | {"author_name": "Ines Rey"})
            self.assertRedirects(answer, ARTICLE)
        self.assertEqual(
            (User.objects.get(pk=self.admin.pk).name, self.names()), ("Ines Rey", ["The Rota"])
        )
        self.assertNotContains(self.client.get(NAMING), 'name="author_name"')
        self.assertContains(self.client.get(ARTICLE), f'href="{NAMING}">Back')

    def test_a_text_that_is_published_already_is_said_to_be(self) -> None:
        self.client.post(ARTICLE, {"text": TEXT, "form_key": self.key()})
        post = publish(Post.objects.get(), by=self.admin)
        answer = self.client.post(ARTICLE, {"text": TEXT, "form_key": self.key()})
        self.assertContains(answer, "This text is published already.", status_code=422)
        self.assertContains(answer, f'href="{post.get_absolute_url()}"', status_code=422)
        self.assertContains(answer, "A rota is a promise.", status_code=422)
        self.assertEqual(Post.objects.count(), 1)

    def test_a_text_that_is_a_draft_already_makes_no_second_one(self) -> None:
        for _time in range(2):
            answer = self.client.post(ARTICLE, {"text": TEXT, "form_key": self.key()})
            self.assertRedirects(answer, f"{ARTICLE}{Post.objects.get().pk}/")

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
            self.assertRedirects(answer, f"{ARTICLE}{post.pk}/")
        newest = post.newest_revision
        assert newest is not None
        self.assertEqual((newest.title, post.published_at), ("On rotas", None))
        self.assertIn("A rota is a promise.", newest.body)
        self.assertIn("Why?", str(post.question))

    def test_a_file_is_read_and_one_that_is_no_text_is_refused(self) -> None:
        file = SimpleUploadedFile("rotas.md", b"# On rotas\n\nIs a rota a *promise*?")
        self.client.post(ARTICLE, {"file": file, "form_key": self.key()})
        self.assertIn("*promise*", str(Post.objects.get().newest_revision.body))  # type: ignore[union-attr]
        wrong = {"": b"", "not text in UTF-8": b"\xff\xfe\x00\xd8", "invisible character": b"a\0b"}
        for said, content in wrong.items():
            file = SimpleUploadedFile("x.txt", content)
            answer = self.client.post(ARTICLE, {"file": file, "form_key": self.key()})
            self.assertContains(answer, said, status_code=422)
        self.assertEqual(Post.objects.count(), 1)


MEETINGS = "# Meetings\n\nWe meet.\n\nIs a weekly meeting worth its hour?"


class ReadingTests(SettingsCase):
    """What was understood of an article, before anybody else sees it."""

    def bring(self, text: str) -> tuple[Post, str]:
        """Send `text` as a first article; return its draft, and the page that shows it."""
        key = self.client.get(ARTICLE).context["form"]["form_key"].value()
        answer = self.client.post(ARTICLE, {"text": text, "form_key": str(key)})
        return Post.objects.latest("pk"), answer["Location"]

    def test_it_shows_what_was_read_and_publishes_it_once(self) -> None:
        post, url = self.bring(TEXT.replace("believe that?", "believe that it and a plan differ?"))
        page = self.client.get(url)
        for said in ("On rotas", "5 words", "1 paragraph", "Different: They are two things."):
            self.assertContains(page, said)
        self.assertNotContains(page, "do not seem to fit")
        sent = {name: page.context["form"][name].value() for name in ("question", "answers")}
        self.assertRedirects(self.client.post(url, sent | {"act": "publish"}), "/posts/on-rotas/")
        self.assertRedirects(
            self.client.post(url, sent | {"act": "publish"}), f"/studio/posts/{post.pk}/"
        )
        self.assertRedirects(self.client.get(url), f"/studio/posts/{post.pk}/")
        self.assertEqual([one.key for one in post.question.offered][0], "different")
        self.client.logout()
        self.assertContains(self.client.get("/posts/on-rotas/"), "it and a plan differ? Why?")

    def test_the_form_of_a_draft_in_the_bin_makes_no_second_one(self) -> None:
        key = str(self.client.get(ARTICLE).context["form"]["form_key"].value())
        self.client.post(ARTICLE, {"text": TEXT, "form_key": key})
        throw_away(Post.objects.get(), by=self.admin)
        answer = self.client.post(ARTICLE, {"text": TEXT, "form_key": key})
        self.assertContains(answer, "Bring it back first", status_code=422)
        self.assertRedirects(self.client.get("/"), NAMING)

    def test_answers_that_do_not_fit_are_not_filled_in(self) -> None:
        post, url = self.bring(MEETINGS)
        form = self.client.get(url).context["form"]
        self.assertEqual(form["answers"].value(), "")
        sent = {"question": form["question"].value(), "answers": ""}
        refused = self.client.post(url, sent | {"act": "publish"})
        self.assertContains(refused, "two to five answers", status_code=422)
        self.assertIsNone(Post.objects.get().published_at)
        kept = self.client.post(url, sent | {"act": "keep"})
        self.assertRedirects(kept, f"/studio/posts/{post.pk}/")
        self.assertEqual(str(Post.objects.get().question), "Is a weekly meeting worth its hour?")
        self.assertEqual(self.client.get(url).context["form"]["answers"].value(), "")

    def test_question_and_answers_are_mended_there(self) -> None:
        post, url = self.bring(MEETINGS)
        self.assertContains(self.client.get(url), "do not seem to fit")
        for answers, said in (
            ("Yes", "two to five"),
            ("Yes\nyes", "same word"),
            ("", "two to five"),
        ):
            answer = self.client.post(url, {"question": "Is it?", "answers": answers})
            self.assertContains(answer, said, status_code=422)
            self.assertContains(answer, "Is it?", status_code=422)
        self.assertEqual(str(Post.objects.get().question), "Is a weekly meeting worth its hour?")
        sent = {"question": "Is it worth it?", "answers": "Yes: always\nNo", "act": "keep"}
        self.assertRedirects(self.client.post(url, sent), f"/studio/posts/{post.pk}/")
        kept = Post.objects.get()
        self.assertEqual((str(kept.question), kept.published_at), ("Is it worth it?", None))
        words = [(one.word, one.meaning) for one in kept.question.offered]
        self.assertEqual(words, [("Yes", "always"), ("No", "")])
        self.assertNotContains(self.client.get(url), "do not seem to fit")

    def test_a_question_that_is_left_out_goes_back_into_the_text(self) -> None:
        _post, url = self.bring(MEETINGS)
        for _time in range(2):
            self.client.post(url, {"question": "", "answers": "Yes", "act": "keep"})
            kept = Post.objects.get()
            self.assertIsNone(kept.question_or_none)
            self.assertEqual(
                kept.newest_revision.body,  # type: ignore[union-attr]
                "We meet.\n\nIs a weekly meeting worth its hour?",
            )
        self.assertContains(self.client.get(url), "We found no question")

    def test_words_that_stayed_in_the_text_are_not_said_twice(self) -> None:
        _post, url = self.bring("# T\n\nWe ask: is it *so*? Tell me.")
        self.client.post(url, {"question": "", "answers": "", "act": "keep"})
        self.assertEqual(
            Post.objects.get().newest_revision.body,  # type: ignore[union-attr]
            "We ask: is it *so*? Tell me.",
        )
