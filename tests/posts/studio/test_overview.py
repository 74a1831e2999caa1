"""Test the author's desk, which lists posts and series."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Question
from tests.cast import Cast
from tests.factories import make_comment, make_post, make_series

DESK = "/studio/"


class DeskTests(Cast):
    """An author's posts and series."""

    def test_posts_by_state(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        make_post(self.author, published_at=None, title="Half written")
        make_post(self.author, published_at=timezone.now() + timedelta(days=1), title="Waiting")
        make_post(self.other_author, published_at=None, title="Of another")
        make_series(self.author, title="My series")
        self.sign_in(self.author)
        page = self.client.get(DESK)
        for words in (
            "Half written",
            "Waiting",
            self.post.title,
            "1 comment",
            "1 answer",
            "Asks no question yet",
            "Ask a question",
            f"{self.post.question}</q>",
            "My series",
        ):
            self.assertContains(page, words)
        for heading in ("Drafts", "Scheduled", "Published"):
            self.assertContains(page, f">{heading}</h2>")
        self.assertContains(page, f'href="{self.post.get_absolute_url()}stances/">1 answer</a>')
        self.assertContains(page, "Edit the question")
        self.assertNotContains(page, "No answers yet")
        self.assertNotContains(page, "Of another")
        self.assertNotContains(page, "Write your first article")

    def test_an_empty_desk_invites(self) -> None:
        self.sign_in(self.other_author)
        self.assertContains(self.client.get(DESK), "Write your first article")

    def test_an_admin_finds_what_others_write(self) -> None:
        make_post(self.author, published_at=None, title="Of another")
        self.sign_in(self.admin)
        self.assertContains(self.client.get(DESK), "Of another")

    def test_a_question_that_hides_its_totals_hides_them_here(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"])
        Question.objects.update(reveal=Question.Reveal.AFTER_ANSWER)
        self.sign_in(self.author)
        page = self.client.get(DESK)
        self.assertContains(page, "1 comment")
        for figure in ("1 answer", "No answers yet"):
            self.assertNotContains(page, figure)

    def test_a_question_without_answers_says_so(self) -> None:
        self.sign_in(self.author)
        self.assertContains(self.client.get(DESK), "<span>No answers yet</span>", count=1)

    def test_queries_do_not_grow_with_posts(self) -> None:
        self.sign_in(self.author)
        self.client.get(DESK)  # the first visit writes to the session
        with CaptureQueriesContext(connection) as few:
            self.client.get(DESK)
        for _number in range(5):
            make_post(self.author, published_at=None)
            make_post(self.author)
        with CaptureQueriesContext(connection) as many:
            self.client.get(DESK)
        self.assertEqual(len(many), len(few))

    def test_who_may(self) -> None:
        for person in (self.reader, self.moderator, self.suspended, self.newcomer):
            self.sign_in(person)
            self.assertEqual(self.client.get(DESK).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(DESK).headers["Location"], f"/accounts/login/?next={DESK}")
        self.sign_in(self.author)
        self.assertEqual(self.client.post(DESK).status_code, 405)
