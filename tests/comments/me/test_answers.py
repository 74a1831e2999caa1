"""Test the list of replies to a reader: unread first, and marked as read on request."""

from typing import Any, ClassVar

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.actions.comments import delete_comment
from comments.models import Comment
from comments.moderation import actions
from notifications.models import Notification
from posts.models import Post
from tests.cast import Cast
from tests.factories import make_comment

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


class AnswersTests(Cast):
    """The page /me/."""

    mine: ClassVar[Comment]
    first: ClassVar[Comment]
    second: ClassVar[Comment]

    @classmethod
    def setUpTestData(cls) -> None:
        """Let somebody answer the reader twice."""
        super().setUpTestData()
        cls.mine = make_comment(cls.post, cls.reader, body="What do you say?")
        cls.first = make_comment(cls.post, cls.stranger, parent=cls.mine, body="I say yes.")
        cls.second = make_comment(cls.post, cls.author, parent=cls.mine, body="I say no.")
        for reply in (cls.first, cls.second):
            Notification.objects.get_or_create(
                recipient=cls.reader, kind="reply", subject_id=reply.pk
            )

    def setUp(self) -> None:
        self.sign_in(self.reader)
        self.url = reverse("comments:me")

    def shown(self) -> tuple[list[int], list[int]]:
        answers = self.client.get(self.url).context["answers"]
        return (
            [answer.comment.pk for answer in answers.unread],
            [answer.comment.pk for answer in answers.earlier],
        )

    def read(self, newest: str = "") -> int:
        url = reverse("comments:me-read")
        status: int = self.client.post(url, {"newest": newest}).status_code
        return status

    def test_visitors_sign_in_first(self) -> None:
        self.client.logout()
        assert self.client.get(self.url).status_code == 302
        assert self.read("5") == 302
        assert Notification.objects.unread().count() == 2

    def test_unread_answers_come_first_with_what_they_answer(self) -> None:
        assert self.shown() == ([self.second.pk, self.first.pk], [])
        page = self.client.get(self.url)
        for words in ("I say yes.", "I say no.", "What do you say?", self.post.title):
            self.assertContains(page, words)

    def test_looking_marks_nothing_as_read(self) -> None:
        self.client.get(self.url)
        assert Notification.objects.unread().count() == 2

    def test_marking_reads_what_was_on_the_page_and_nothing_newer(self) -> None:
        newest = self.client.get(self.url).context["answers"].newest
        later = make_comment(self.post, self.stranger, parent=self.mine)
        Notification.objects.get_or_create(recipient=self.reader, kind="reply", subject_id=later.pk)
        for _ in range(2):
            assert self.read(str(newest)) == 302
        assert self.shown() == ([later.pk], [self.second.pk, self.first.pk])

    def test_nonsense_marks_nothing(self) -> None:
        for newest in ("", "garbage", "-1", "9" * 40):
            assert self.read(newest) == 302
        assert Notification.objects.unread().count() == 2
        assert self.client.get(reverse("comments:me-read")).status_code == 405

    def test_nobody_marks_what_others_were_told(self) -> None:
        newest = str(Notification.objects.latest("pk").pk)
        self.sign_in(self.stranger)
        self.read(newest)
        assert Notification.objects.filter(recipient=self.reader).unread().count() == 2

    def test_htmx_gets_a_word_for_the_button(self) -> None:
        newest = self.client.get(self.url).context["answers"].newest
        part = self.client.post(reverse("comments:me-read"), {"newest": newest}, **HTMX)
        self.assertContains(part, "All read.")
        self.assertNotContains(part, "<html")

    def test_what_can_no_longer_be_read_is_not_shown(self) -> None:
        actions.remove(self.first, by=self.moderator, reason="spam")
        delete_comment(self.second)
        assert self.shown() == ([], [])

    def test_nothing_is_shown_of_a_post_that_was_taken_back(self) -> None:
        Post.objects.update(published_at=None)
        assert self.shown() == ([], [])

    def test_an_empty_page_says_what_will_come(self) -> None:
        self.sign_in(self.stranger)
        self.assertContains(self.client.get(self.url), "Nobody has answered you yet")

    def test_a_suspended_person_reads_and_learns_why_they_do_not_write(self) -> None:
        actions.suspend(self.reader, by=self.moderator, days=3, reason="attack", note="Cool down.")
        page = self.client.get(self.url)
        self.assertContains(page, "because what you wrote attacks a person")
        self.assertContains(page, "Cool down.")

    def test_garbage_as_a_place_is_not_found(self) -> None:
        assert self.client.get(self.url, {"after": "garbage"}).status_code == 404

    def test_earlier_answers_have_pages_and_few_queries(self) -> None:
        few = self.queries()
        for _ in range(30):
            reply = make_comment(self.post, self.stranger, parent=self.mine)
            Notification.objects.get_or_create(
                recipient=self.reader, kind="reply", subject_id=reply.pk
            )
        self.read(str(Notification.objects.latest("pk").pk))
        assert self.queries() <= few
        seen, url = [], self.url
        while url:
            answers = self.client.get(url).context["answers"]
            seen += [answer.comment.pk for answer in answers.earlier]
            url = answers.next_page_url
        assert len(seen) == len(set(seen)) == 32

    def queries(self) -> int:
        self.client.get(self.url)  # begins the session
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.url)
        return len(asked)
