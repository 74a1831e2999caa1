"""Test that two pages with the form of one article, or of new ones, undo nothing of each other."""

from typing import Any

from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.urls import reverse

from accounts import drafts
from accounts.models import KeptForm
from posts.models import Post
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import make_post, make_series, make_user

from .forms import fields_in, fields_of

NEW = "/studio/posts/new/"
SAVE = reverse("comments:draft")
THROW_AWAY = reverse("comments:draft-removal")


class TwoPagesTests(Cast):
    """One author with two tabs, then two authors."""

    def setUp(self) -> None:
        cache.clear()
        self.sign_in(self.author)
        self.draft = make_post(self.author, published_at=None, title="Draft", body="As it was.")
        self.url = reverse("posts:studio-post", args=[self.draft.pk])

    def opened(self, url: str = "", **changes: Any) -> dict[str, Any]:
        return fields_of(self.client, url or self.url, holding="title") | changes

    def keep(self, form: dict[str, Any], url: str = "", **changes: Any) -> Any:
        """Send what the page of `form` sends while somebody types, and let it know the answer."""
        answer = self.client.post(SAVE, form | changes | {"form": url or self.url})
        if answer.status_code == 200:
            form["draft_known"] = answer.json()["saved"] or ""
        return answer

    def kept(self) -> str:
        return str(KeptForm.objects.get().fields["body"])

    def test_an_old_page_does_not_replace_newer_words(self) -> None:
        old, new = self.opened(body="Old."), self.opened(body="Newer.")
        self.assertEqual(self.keep(new).status_code, 200)
        self.assertEqual(self.keep(old).status_code, 409)
        self.assertEqual(self.keep(new, body="Newest.").status_code, 200)
        for fields in ({"draft_known": "x"}, {"draft_known": "9" * 400}, {"body": "As it was."}):
            self.keep(old, **fields)
        self.client.post(THROW_AWAY, old | {"form": self.url})
        self.assertEqual(self.kept(), "Newest.")
        # A page that has shown the draft goes on with it.
        self.assertEqual(self.keep(self.opened(body="And on.")).status_code, 200)
        self.assertEqual(self.keep(new).status_code, 409)

    def test_saving_an_old_page_leaves_the_draft_of_a_newer_one(self) -> None:
        old, new = self.opened(body="Old."), self.opened(body="Newer.")
        self.keep(new)
        self.client.post(self.url, old)
        self.assertEqual(self.kept(), "Newer.")
        page = self.client.get(self.url)
        self.assertContains(page, "Newer.")
        self.assertContains(page, "A newer version was saved after you began this text.")

    def test_saving_ends_a_draft_though_its_last_answer_was_not_heard(self) -> None:
        form = self.opened(body="Words.")
        self.client.post(SAVE, form | {"form": self.url})
        self.client.post(self.url, form)
        self.assertFalse(KeptForm.objects.exists())

    def test_a_refused_form_is_the_same_page(self) -> None:
        form = self.opened(body="Words.")
        self.keep(form)
        refused = self.client.post(self.url, form | {"title": ""})
        again = fields_in(refused.text, holding="title") | {"title": "Draft", "body": "More."}
        self.assertEqual(self.keep(again).status_code, 200)
        self.client.post(self.url, again)
        self.assertFalse(KeptForm.objects.exists())

    def test_two_new_articles_lose_no_words(self) -> None:
        one, two = (self.opened(NEW, title=title, body=title) for title in ("One", "Two"))
        self.keep(two, NEW)
        self.assertEqual(self.keep(one, NEW).status_code, 409)
        self.client.post(NEW, one)
        late = self.keep(one, NEW, body="An earlier state.")
        self.assertEqual((late.json()["saved"], self.kept()), (None, "Two"))
        self.client.post(NEW, two)
        self.assertEqual(Post.objects.filter(revisions__body__in=["One", "Two"]).count(), 2)
        self.assertFalse(KeptForm.objects.exists())

    def test_an_old_page_of_another_author_keeps_what_was_chosen_meanwhile(self) -> None:
        self.draft.authorships.create(user=self.other_author)
        other = Client()
        other.force_login(self.other_author)
        old = fields_of(other, self.url, holding="title")
        part = make_series(self.author).parts.create(position=1, title="First")
        chosen = {"slug": "new-address", "language": "he", "place": f"part-{part.pk}"}
        self.client.post(self.url, self.opened(**chosen, mailed_as="none"))
        # Another article may have the former address by now: no reason to refuse the text.
        make_post(self.author, slug=self.draft.slug)
        answer = other.post(self.url, old | {"body": "More words."}, follow=True)
        self.assertContains(answer, "More words.")
        found = Post.objects.select_related("part").get(pk=self.draft.pk)
        self.assertEqual(
            (found.slug, found.language, found.direction, found.part, found.mailed_as),
            ("new-address", "he", "rtl", part, "none"),
        )
        other.post(self.url, old | {"language": "fr", "slug": "other", "based_on": "2"})
        found.refresh_from_db()
        self.assertEqual((found.slug, found.language, found.part), ("other", "fr", part))


class AtOnceTests(TransactionTestCase):
    """Two pages that keep the first draft at the same moment."""

    def test_one_of_them_is_told(self) -> None:
        person, place = make_user(), drafts.FormPlace(NEW)

        def keep(page: str) -> Any:
            typed = {"body": [page], drafts.PAGE: [page]}
            return drafts.save(person.pk, place, typed, drafts.SendingPage(page))

        results = at_once(lambda: keep("one"), lambda: keep("two"))
        self.assertEqual([type(one) for one in results].count(drafts.NewerDraft), 1, results)
