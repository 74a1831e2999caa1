"""Test a clock set back an hour: no reader is blocked, no comment lost, and all counts agree."""

from datetime import datetime, timedelta
from unittest.mock import patch

from django.urls import reverse
from django.utils import timezone

from comments.actions import comments, edits
from comments.actions.comments import Draft, post_comment
from comments.integrity import faults
from comments.models import Comment, StanceRecord
from core.exceptions import ActionRefused
from tests.cast import Cast


class ClockSetBackTests(Cast):
    """A reader who wrote at noon, when the clock shows eleven again."""

    def setUp(self) -> None:
        self.noon = timezone.now()
        self.before = self.post_at(self.noon, "Written before.")
        self.eleven = self.noon - timedelta(hours=1)
        self.enterContext(patch("django.utils.timezone.now", lambda: self.eleven))

    def post_at(self, when: datetime, body: str, parent: Comment | None = None) -> Comment:
        """Post a comment as the reader at a given time."""
        draft = Draft(self.reader, self.post, body, parent, self.stances["same"])
        return post_comment(draft, now=when).comment

    def test_people_go_on_writing_and_reading(self) -> None:
        after = self.post_at(self.eleven, "Written after.")
        reply = self.post_at(self.eleven + timedelta(seconds=30), "To the first.", self.before)
        for sort in ("", "?sort=newest", "?sort=oldest", "?since=0"):
            page = self.client.get(f"{self.post.get_absolute_url()}{sort}").content.decode()
            for comment in (self.before, after, reply):
                self.assertEqual(page.count(f'id="comment-{comment.pk}"'), 1, (sort, comment.pk))
        self.assertEqual(list(faults()), [])

    def test_rates_bite_for_what_was_written_since_and_for_nothing_else(self) -> None:
        self.post_at(self.eleven, "Written after.")
        with self.assertRaises(ActionRefused) as refused:
            self.post_at(self.eleven + timedelta(seconds=1), "At once.")
        self.assertLessEqual(refused.exception.retry_after or 0, 5)

    def test_what_is_new_is_told_by_order_not_by_time(self) -> None:
        self.post.refresh_from_db()
        seen = self.post.page_version
        after = self.post_at(self.eleven, "Written after.")
        page = self.client.get(self.post.get_absolute_url(), {"since": seen}).content.decode()
        self.assertIn(f'id="comment-{after.pk}"', page)
        self.assertNotIn(f'id="comment-{self.before.pk}"', page)

    def test_the_writer_edits_and_deletes_and_changes_the_answer(self) -> None:
        edits.edit_comment(self.before, by=self.reader, body="Other words, and many of them.")
        for stance in ("overlap", "different"):
            comments.answer_question(
                reader=self.reader, question=self.post.question, stance=self.stances[stance]
            )
        newest = StanceRecord.objects.get(reader=self.reader, superseded_by__isnull=True)
        self.assertEqual(newest.stance, self.stances["different"])
        self.sign_in(self.reader)
        self.client.post(reverse("comments:deletion", args=[self.before.pk]))
        self.assertTrue(Comment.objects.get(pk=self.before.pk).is_deleted)
        self.assertEqual(list(faults()), [])
