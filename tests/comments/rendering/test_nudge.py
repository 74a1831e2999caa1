"""Test the private nudge: shown to one reader, without more queries, until dismissed."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from comments.actions import reactions
from core.caching.pages import store
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_question, make_user
from tests.reauthenticated import reauthenticate

SAID = "You have marked 0 of the 9 comments from other answers on this page as well argued."
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


class NudgeCase(Cast):
    """A reader who answers Same, among nine comments of other answers and one of the same."""

    def setUp(self) -> None:
        self.url = self.post.get_absolute_url()
        self.dismissal = reverse("comments:nudge-dismissal")
        self.settings_url = reverse("comments:my-settings")
        make_comment(self.post, self.reader, self.stances["same"])
        make_comment(self.post, make_user(is_demo=True), self.stances["same"])
        self.others = [
            make_comment(
                self.post,
                make_user(is_demo=True),
                self.stances["different" if number % 2 else "overlap"],
            )
            for number in range(9)
        ]
        make_comment(self.post, self.author, self.stances["same"])
        self.sign_in(self.reader)

    def page(self, person: User | None = None, url: str = "") -> str:
        client = Client()
        client.force_login(person or self.reader)
        return client.get(url or self.url).text


class NudgeTests(NudgeCase):
    """The text of the nudge, and the readers who see it."""

    def test_7_a_reader_sees_how_few_they_marked(self) -> None:
        self.assertIn(SAID, self.page())
        reactions.press(self.others[0], by=self.reader)
        self.assertIn(SAID.replace("0 of", "1 of"), self.page())

    def test_who_marks_as_many_as_others_is_told_nothing(self) -> None:
        for comment in self.others[:2]:
            reactions.press(comment, by=self.reader)
        self.assertNotIn("from other answers", self.page())

    def test_replies_count_and_what_is_gone_or_ones_own_does_not(self) -> None:
        reply = make_comment(
            self.post, self.stranger, self.stances["overlap"], parent=self.others[0]
        )
        self.assertIn(SAID.replace("9", "10"), self.page())
        self.client.force_login(self.stranger)
        self.client.post(reverse("comments:deletion", args=[reply.pk]))
        self.assertIn(SAID, self.page())
        make_comment(self.post, self.reader, self.stances["overlap"])
        self.assertNotIn("10 comments from other answers", self.page())

    def test_of_two_comments_nothing_is_said(self) -> None:
        post = make_post(self.author)
        make_question(post)
        stances = {stance.key: stance for stance in post.question.stances.all()}
        make_comment(post, self.reader, stances["same"])
        for number, is_said in ((1, False), (2, False), (3, True)):
            make_comment(post, make_user(is_demo=True), stances["overlap"])
            with self.subTest(number):
                self.assertEqual(
                    "from other answers" in self.page(url=post.get_absolute_url()), is_said
                )

    def test_nobody_else_is_told(self) -> None:
        self.assertNotIn("from other answers", Client().get(self.url).text)
        self.assertNotIn("from other answers", self.page(self.newcomer))
        make_comment(self.post, self.stranger, self.stances["same"])
        self.assertIn("from other answers", self.page(self.stranger))
        User.objects.filter(pk=self.stranger.pk).update(
            suspended_until=self.suspended.suspended_until
        )
        self.assertNotIn("from other answers", self.page(self.stranger))

    def test_it_costs_no_query(self) -> None:
        self.client.get(self.url)
        with CaptureQueriesContext(connection) as said:
            self.assertContains(self.client.get(self.url), SAID)
        self.client.post(self.dismissal)
        self.client.get(self.url)  # the message that it is dismissed
        with CaptureQueriesContext(connection) as silent:
            self.assertNotContains(self.client.get(self.url), SAID)
        self.assertEqual(len(said), len(silent))
        self.assertLessEqual(len(said), 8)


class DismissalTests(NudgeCase):
    """Hidden for good, until the reader restores it."""

    def test_it_is_dismissed_by_a_plain_form_and_comes_back(self) -> None:
        self.assertContains(self.client.get(self.url), f'name="post" value="{self.post.pk}"')
        answer = self.client.post(self.dismissal, {"post": str(self.post.pk)})
        self.assertRedirects(answer, f"{self.url}#discussion", fetch_redirect_response=False)
        page = self.client.get(self.url)
        self.assertNotContains(page, SAID)
        self.assertContains(page, "You can switch it back on")
        self.assertContains(self.client.get(self.settings_url), "Switch it on")
        undo = reverse("comments:nudge-dismissal-undo")
        self.assertRedirects(self.client.post(undo), self.settings_url)
        self.assertContains(self.client.get(self.url), SAID)
        self.assertContains(self.client.get(self.settings_url), "Switch it off")

    def test_with_scripts_its_place_says_so(self) -> None:
        answer = self.client.post(self.dismissal, **HTMX)
        self.assertContains(answer, 'role="status"')
        self.assertNotContains(answer, "<html")
        self.assertNotContains(self.client.get(self.url), SAID)

    def test_twice_is_once(self) -> None:
        self.client.post(self.dismissal)
        first = User.objects.get(pk=self.reader.pk).nudge_dismissed_at
        self.client.post(self.dismissal)
        self.assertEqual(User.objects.get(pk=self.reader.pk).nudge_dismissed_at, first)
        for _click in range(2):
            self.client.post(reverse("comments:nudge-dismissal-undo"))
        self.assertIsNone(User.objects.get(pk=self.reader.pk).nudge_dismissed_at)

    def test_any_other_post_leads_to_the_settings(self) -> None:
        draft = make_post(self.other_author, published_at=None)
        for named in ("", "x", "0", "9" * 30, str(draft.pk), "//example.com"):
            answer = self.client.post(self.dismissal, {"post": named})
            self.assertRedirects(answer, self.settings_url, fetch_redirect_response=False)

    def test_it_is_ones_own(self) -> None:
        self.client.post(self.dismissal)
        make_comment(self.post, self.stranger, self.stances["same"])
        self.assertIn("from other answers", self.page(self.stranger))
        reauthenticate(self.client, self.reader)
        data = self.client.get(reverse("comments:export")).json()
        self.assertIsNotNone(data["account"]["nudge_dismissed_at"])
        self.client.logout()
        for address in (self.dismissal, reverse("comments:nudge-dismissal-undo")):
            self.assertEqual(self.client.post(address).status_code, 302)
        self.assertIsNotNone(User.objects.get(pk=self.reader.pk).nudge_dismissed_at)

    def test_no_visit_changes_it(self) -> None:
        for address in (self.dismissal, reverse("comments:nudge-dismissal-undo")):
            self.assertEqual(self.client.get(address).status_code, 405)
        self.assertEqual(self.client.post(self.settings_url).status_code, 405)

    def test_public_pages_stay_as_they_are(self) -> None:
        before = Client().get(self.url).content
        self.client.post(self.dismissal)
        store.clear()
        self.assertEqual(Client().get(self.url).content, before)
