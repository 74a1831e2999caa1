"""Test that an author closes the discussion with its summary, and what goes on afterwards."""

from typing import Any

from django.urls import reverse

from comments.models import Closing
from comments.models.moderation import Action, Decision
from posts.models import Post

from .cases import WORDS, ClosingCase


class ClosedWithItsSummaryTests(ClosingCase):
    """The choice on the page of the summary, and the page of a closed discussion."""

    def closed_reason(self) -> str:
        return Post.objects.get(pk=self.post.pk).closed_reason

    def test_it_is_a_choice_and_not_made_beforehand(self) -> None:
        page = self.page(self.author, self.edit_url)
        self.assertIn('name="closes"', page)
        self.assertNotIn("checked", page.partition('name="closes"')[2].partition(">")[0])
        self.write()
        self.assertEqual(self.closed_reason(), "")
        self.assertIs(Decision.objects.exists(), False)

    def test_summary_and_closure_are_one_write(self) -> None:
        answer = self.write(closes="on")
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(self.closed_reason(), "summed_up")
        row = Decision.objects.get()
        self.assertEqual((row.action, row.by, row.post), (Action.CLOSE, self.author, self.post))
        for person in (None, self.people["same"][0], self.author):
            page = self.post_page(person)
            self.assertIn("Closed on", page)
            self.assertIn(f'<a href="{self.url}">It has been summed up.</a>', page)
        self.assertNotIn('name="closes"', self.page(self.author, self.edit_url))

    def test_a_refused_summary_closes_nothing(self) -> None:
        mistakes: list[dict[str, Any]] = [{"body": ""}, {"same-cited": []}, {"based_on": "7"}]
        for wrong in mistakes:
            self.assertIn(self.write(closes="on", **wrong).status_code, {409, 422})
        self.assertEqual(self.closed_reason(), "")
        self.assertIs(Closing.objects.exists(), False)

    def test_nobody_else_closes_by_that_form(self) -> None:
        for person in (self.moderator, self.reader, self.other_author):
            self.assertEqual(self.write(person, closes="on").status_code, 403)
        self.assertEqual(self.closed_reason(), "")

    def test_the_same_summary_may_close_it_later(self) -> None:
        self.write()
        self.write(based_on="1", closes="on")
        self.assertEqual(self.closed_reason(), "summed_up")
        self.assertEqual(Closing.objects.count(), 1)
        self.write(based_on="1", closes="on")
        self.assertEqual(Decision.objects.count(), 1)

    def test_its_own_page_leads_authors_and_moderators_to_it(self) -> None:
        self.write()
        url = reverse("comments:discussion-close", args=[self.post.slug])
        for person, is_led in ((self.author, True), (self.moderator, True), (self.reader, False)):
            self.assertEqual(f'href="{url}"' in self.page(person), is_led)
        self.assertNotIn(url, self.page())

    def test_verdicts_and_further_versions_go_on(self) -> None:
        self.write(closes="on")
        self.all_judge("same", "fair", "fair")
        self.assertEqual(Closing.objects.get().verdicts.count(), 2)
        self.assertEqual(self.write(body=f"{WORDS} And more.", based_on="1").status_code, 302)
        self.assertEqual(self.closed_reason(), "summed_up")
