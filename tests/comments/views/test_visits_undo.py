"""Test that "Mark all as read" can be undone, and what nobody can undo."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from posts.models import Visit
from tests.factories import make_comment

from .test_visits import VisitCase


class UndoTests(VisitCase):
    """Marking all as read is undone by a press on the page that it leads to."""

    def setUp(self) -> None:
        super().setUp()
        self.undo_url = reverse("comments:visit-read-undo", args=[self.post.slug])

    def mark(self) -> str:
        """Mark all as read, and return what the page sends to undo that."""
        answer = self.client.post(self.read_url, {"version": self.version()})
        page = self.client.get(answer["Location"]).text
        form = page.split(f'action="{self.undo_url}"')[1].split("</form>")[0]
        self.assertIn("Marked as read.", form)
        found = re.search(r'name="marked" value="([^"]+)"', form)
        assert found
        return found[1]

    def undo(self, marked: str) -> Any:
        return self.client.post(self.undo_url, {"marked": marked})

    def test_what_was_new_is_new_again_also_at_the_next_visit(self) -> None:
        self.come_back()
        late = make_comment(self.post, self.stranger)
        marked = self.mark()
        self.assertEqual(self.new(), [])
        for _time in range(2):
            answer = self.undo(marked)
            self.assertRedirects(answer, f"{self.url}#discussion", fetch_redirect_response=False)
            self.assertEqual(self.new(), [late.pk])
        self.leave()
        self.assertEqual(self.new(), [late.pk])

    def test_within_a_visit_it_lasts_as_long_as_the_visit(self) -> None:
        self.come_back()
        late = make_comment(self.post, self.stranger)
        self.visit()
        self.undo(self.mark())
        self.assertEqual(self.new(), [late.pk])
        self.leave()
        self.assertEqual(self.new(), [])

    def test_where_nothing_was_new_there_is_nothing_to_undo(self) -> None:
        for _time in range(2):
            answer = self.client.post(self.read_url, {"version": self.version()})
            self.assertEqual(answer["Location"], f"{self.url}#discussion")
            self.assertContains(self.client.get(self.url), "Marked as read.", count=1)

    def test_nonsense_changes_nothing_and_shows_nothing(self) -> None:
        self.come_back()
        late = make_comment(self.post, self.stranger)
        before = Visit.objects.values().get()
        for marked in ("", "-", "1", "x-y", "1-", "-1-1", "5-3", f"{2**70}-{2**70}", "1-2-3"):
            self.assertEqual(self.undo(marked).status_code, 302)
            self.assertNotIn(self.undo_url, self.page(f"?marked={marked}"))
        self.assertEqual(Visit.objects.values().get(), before)
        self.undo(f"{2**62}-{2**62}")
        self.assertEqual(self.new(), [late.pk])

    def test_nobody_else_is_concerned(self) -> None:
        self.come_back()
        make_comment(self.post, self.stranger)
        marked = self.mark()
        client = Client()
        self.assertEqual(client.post(self.undo_url, {"marked": marked}).status_code, 302)
        self.assertNotIn(self.undo_url, self.page(f"?marked={marked}", client))
        client.force_login(self.stranger)
        client.post(self.undo_url, {"marked": marked})
        self.assertEqual(self.new(), [])
        self.assertFalse(Visit.objects.exclude(reader=self.reader).exists())
        self.assertEqual(self.client.get(self.undo_url).status_code, 405)
