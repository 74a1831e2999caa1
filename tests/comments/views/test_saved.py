"""Test saving articles and comments for later, on the pages that show them."""

import re
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.actions import states
from comments.models import CommentState
from core import limits
from core.caching.pages import store
from posts.models import SavedItem, SavedKind
from tests.cast import Cast
from tests.comments.rendering.test_discussion import PERSONAL_QUERIES
from tests.factories import make_comment, make_post

HTMX = {"HX-Request": "true"}


class SavedCase(Cast):
    """A comment under an article."""

    def setUp(self) -> None:
        self.comment = make_comment(self.post, self.stranger)
        self.page_url = self.post.get_absolute_url()
        self.of_post = reverse("comments:saved-post", args=[self.post.slug])
        self.of_comment = reverse("comments:saved", args=[self.comment.pk])
        self.urls = (self.of_post, self.of_comment)
        self.sign_in(self.reader)

    def saved(self) -> list[tuple[str, int]]:
        items = SavedItem.objects.filter(reader=self.reader).order_by("id")
        return list(items.values_list("kind", "target_id"))

    def button(self, url: str) -> str:
        """Return the words of the button on the page of the article that sends to `url`."""
        page = self.client.get(self.page_url).text
        found = re.search(rf'form="praise" formaction="{url}">([^<]+)<', page)
        return found[1] if found else ""


class PressTests(SavedCase):
    """One press saves, a second takes it back."""

    def test_it_works_without_scripts(self) -> None:
        for url, place in (
            (self.of_post, self.page_url),
            (self.of_comment, f"{self.page_url}#comment-{self.comment.pk}"),
        ):
            self.assertEqual(self.button(url), "Save for later")
            answer = self.client.post(url)
            self.assertRedirects(answer, place, fetch_redirect_response=False)
            self.assertContains(self.client.get(self.page_url), "Saved for later.")
            self.assertEqual(self.button(f"{url}removal/"), "Remove from saved")
        self.assertEqual(self.saved(), [("post", self.post.pk), ("comment", self.comment.pk)])
        for url in self.urls:
            self.client.post(f"{url}removal/")
            self.assertEqual(self.button(url), "Save for later")
        self.assertEqual(self.saved(), [])

    def test_with_scripts_the_other_button_comes_back(self) -> None:
        for url in self.urls:
            first = self.client.post(url, headers=HTMX)
            self.assertContains(first, f'formaction="{url}removal/"')
            self.assertContains(first, 'data-announce="Saved for later."')
            second = self.client.post(f"{url}removal/", headers=HTMX)
            self.assertContains(second, f'formaction="{url}"')
            self.assertContains(second, "Save for later")

    def test_twice_is_once(self) -> None:
        for url in self.urls:
            for _press in range(2):
                self.assertEqual(self.client.post(url).status_code, 302)
        self.assertEqual(len(self.saved()), 2)
        for url in self.urls:
            for _press in range(2):
                self.assertEqual(self.client.post(f"{url}removal/").status_code, 302)
        self.assertEqual(self.saved(), [])

    def test_ones_own_comment_and_a_suspended_reader(self) -> None:
        own = make_comment(self.post, self.reader)
        self.client.post(reverse("comments:saved", args=[own.pk]))
        self.assertEqual(self.saved(), [("comment", own.pk)])
        self.sign_in(self.suspended)
        self.client.post(self.of_post)
        self.assertTrue(SavedItem.objects.filter(reader=self.suspended).exists())


class RefusalTests(SavedCase):
    """Requests that change nothing."""

    def test_signed_out_it_leads_to_signing_in_and_comes_back(self) -> None:
        for url in self.urls:
            client = Client()
            answer = client.post(url)
            self.assertIn(reverse("account_login"), answer["Location"])
            client.force_login(self.reader)
            back = re.sub(r".*next=", "", answer["Location"])
            self.assertContains(client.get(back.replace("%3F", "?").replace("%3D", "=")), url)
        self.assertFalse(SavedItem.objects.exists())

    def test_other_methods(self) -> None:
        for url in self.urls:
            for address in (url, f"{url}removal/"):
                self.assertEqual(self.client.get(address).status_code, 405)

    def test_what_cannot_be_read_cannot_be_saved(self) -> None:
        draft = make_post(self.author, published_at=None)
        held = make_comment(self.post, self.newcomer)
        states.change_state(self.comment, to=CommentState.REMOVED, removed_reason="attack")
        urls = [
            reverse("comments:saved-post", args=[draft.slug]),
            reverse("comments:saved", args=[held.pk]),
            reverse("comments:saved", args=[10**12]),
            self.of_comment,
        ]
        for person in (self.reader, self.author, self.newcomer, self.moderator):
            self.sign_in(person)
            for url in urls:
                self.assertEqual(self.client.post(url).status_code, 404, (person, url))
        self.assertFalse(SavedItem.objects.exists())

    def test_there_is_room_for_so_many(self) -> None:
        with patch.object(limits, "SAVED_MOST", 1):
            self.client.post(self.of_post)
            answer = self.client.post(self.of_comment)
            self.assertContains(answer, "there is no room for more", status_code=409)
            self.assertEqual(self.client.post(self.of_post).status_code, 302)
            self.client.post(f"{self.of_post}removal/")
            self.assertEqual(self.client.post(self.of_comment).status_code, 302)


class PageTests(SavedCase):
    """The pages around it."""

    def test_signed_out_the_page_has_none_of_it(self) -> None:
        store.clear()
        public = Client().get(self.page_url).text
        self.client.post(self.of_post)
        self.client.post(self.of_comment)
        store.clear()
        self.assertEqual(Client().get(self.page_url).text, public)
        self.assertNotIn("saved", public)

    def test_others_do_not_see_what_somebody_saved(self) -> None:
        for url in self.urls:
            self.client.post(url)
        self.sign_in(self.author)
        for url in self.urls:
            self.assertEqual(self.button(url), "Save for later")

    def test_a_draft_cannot_be_saved_from_its_page(self) -> None:
        draft = make_post(self.author, published_at=None)
        self.sign_in(self.author)
        self.assertNotIn('class="save"', self.client.get(draft.get_absolute_url()).text)

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as captured:
            self.client.get(self.page_url)
        return len(captured)

    def test_the_page_costs_no_query_more(self) -> None:
        self.client.get(self.page_url)
        none = self.queries()
        for _number in range(12):
            comment = make_comment(self.post, self.stranger)
            item: dict[str, Any] = {"reader": self.reader, "post": self.post}
            SavedItem.objects.create(kind=SavedKind.COMMENT, target_id=comment.pk, **item)
        SavedItem.objects.create(kind=SavedKind.POST, target_id=self.post.pk, **item)
        self.assertEqual(self.queries(), none)
        self.assertLessEqual(none, PERSONAL_QUERIES)
        self.assertEqual(self.client.get(self.page_url).text.count("Remove from saved"), 13)
