"""Test the list of one's own comments and their states."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.actions.comments import delete_comment
from comments.moderation import actions
from tests.cast import Cast
from tests.factories import make_comment


class MyCommentsTests(Cast):
    """Every state, with the reason of a removal."""

    def setUp(self) -> None:
        self.url = reverse("comments:my-comments")

    def test_visitors_sign_in_first(self) -> None:
        assert self.client.get(self.url).status_code == 302

    def test_only_mine_are_there(self) -> None:
        make_comment(self.post, self.stranger, body="Somebody else's.")
        self.sign_in(self.reader)
        page = self.client.get(self.url)
        self.assertNotContains(page, "Somebody else")
        self.assertContains(page, "You have not written anything yet")

    def test_a_published_comment_says_how_many_replies_it_has_and_no_state(self) -> None:
        mine = make_comment(self.post, self.reader, body="Mine.")
        self.sign_in(self.reader)
        for said in (None, "1 reply", "2 replies"):
            with self.subTest(said):
                page = self.client.get(self.url)
                self.assertNotContains(page, 'class="badge"')
                if said:
                    self.assertContains(page, f"<span>{said}</span>")
                else:
                    self.assertNotContains(page, "repl")
                make_comment(self.post, self.stranger, parent=mine)

    def test_a_held_comment_says_why_it_waits(self) -> None:
        make_comment(self.post, self.newcomer, body="My first.")
        self.sign_in(self.newcomer)
        page = self.client.get(self.url)
        self.assertContains(page, "My first.")
        self.assertContains(page, "Your first 2 comments are checked before they appear.")

    def test_a_removed_comment_says_why_and_what_the_moderator_adds(self) -> None:
        comment = make_comment(self.post, self.reader, body="You fool.")
        actions.remove(comment, by=self.moderator, reason="attack", note="Argue, please.")
        self.sign_in(self.reader)
        page = self.client.get(self.url)
        sentence = "A moderator removed your comment because it attacks a person, not an argument."
        self.assertContains(page, sentence)
        self.assertContains(page, "Argue, please.")
        self.assertNotContains(page, "june")

    def test_a_restored_comment_says_nothing_of_it(self) -> None:
        comment = make_comment(self.post, self.reader)
        actions.remove(comment, by=self.moderator, reason="attack", note="Argue, please.")
        actions.restore(comment, by=self.moderator)
        self.sign_in(self.reader)
        self.assertNotContains(self.client.get(self.url), "Argue, please.")

    def test_a_deleted_comment_is_named_without_its_text(self) -> None:
        comment = make_comment(self.post, self.reader, body="I regret this.")
        delete_comment(comment)
        self.sign_in(self.reader)
        page = self.client.get(self.url)
        self.assertContains(page, "deleted by you")
        self.assertNotContains(page, "I regret this.")

    def test_pages_follow_each_other_with_few_queries(self) -> None:
        made = [make_comment(self.post, self.reader).pk for _ in range(2)]
        self.sign_in(self.reader)
        few = self.queries()
        made += [make_comment(self.post, self.reader).pk for _ in range(43)]
        assert self.queries() == few <= 12
        seen, url = [], self.url
        while url:
            own = self.client.get(url).context["own"]
            seen += [row.comment.pk for row in own.rows]
            url = own.next_page_url
        assert seen == sorted(made, reverse=True)

    def test_garbage_as_a_place_is_not_found(self) -> None:
        self.sign_in(self.reader)
        assert self.client.get(self.url, {"after": "garbage"}).status_code == 404

    def queries(self) -> int:
        self.client.get(self.url)  # begins the session
        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.url)
        return len(asked)
