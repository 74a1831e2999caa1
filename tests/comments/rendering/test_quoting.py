"""Test the quotation with which a reply begins: what it is of, how much, and of whose words."""

import re
from html import unescape
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from accounts.models import User
from comments.actions import states
from comments.models import Comment, CommentState
from comments.rendering.quoting import QUOTED_MAX
from tests.cast import Cast
from tests.factories import make_comment
from tests.reauthenticated import client_of

BODY = "> You said that.\n\nA *short* answer_to it.\n\n- And a list"


class QuotingTests(Cast):
    """The composer under a comment, at the addresses that its card leads to."""

    def setUp(self) -> None:
        self.comment = make_comment(self.post, self.stranger, self.stances["same"], body=BODY)

    def typed(self, comment: Comment, person: User | None = None, **asked: object) -> str:
        """Return the text in the composer at its address with `asked`."""
        client = client_of(person) if person else Client()
        address = reverse("comments:answer", args=[self.post.slug])
        page = client.get(f"{address}?{urlencode(asked)}").text
        self.assertIn(f'name="parent" value="{comment.pk}"', page)
        found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        assert found is not None
        return unescape(found[1])

    def test_the_whole_comment_without_what_it_quotes_itself(self) -> None:
        for person in (None, self.reader):
            said = self.typed(self.comment, person, quote=self.comment.pk)
            self.assertEqual(said.strip(), "> A *short* answer_to it.\n>\n> - And a list")

    def test_only_the_words_that_were_selected(self) -> None:
        said = self.typed(
            self.comment, self.reader, parent=self.comment.pk, passage="short  answer_to"
        )
        self.assertEqual(said.strip(), r"> short answer\_to")

    def test_an_address_puts_no_words_into_a_form_that_are_not_in_the_comment(self) -> None:
        said = self.typed(
            self.comment, self.reader, parent=self.comment.pk, passage="Buy at evil.example"
        )
        self.assertNotIn("evil", said)
        self.assertEqual(self.typed(self.comment, self.reader, parent=self.comment.pk), "")

    def test_a_long_comment_is_cut_after_a_word(self) -> None:
        long = make_comment(
            self.post, self.stranger, self.stances["same"], body="word " * 400 + "\n\nEnd."
        )
        said = self.typed(long, self.reader, quote=long.pk)
        self.assertLessEqual(len(said), QUOTED_MAX + 6)
        self.assertTrue(said.strip().endswith("word…"))

    def test_moderators_publish_nothing_that_was_removed(self) -> None:
        make_comment(self.post, self.reader, self.stances["same"], parent=self.comment)
        states.change_state(self.comment, to=CommentState.REMOVED, removed_reason="spam")
        self.assertEqual(self.typed(self.comment, self.moderator, quote=self.comment.pk), "")
