"""Test the cached page of a post: it shows every write, and equals the page rendered again."""

import re
from collections.abc import Callable

from django.test import Client

from accounts.models import User
from comments.actions import comments, edits, states
from comments.me.erasure import erase
from comments.models import Comment, CommentState
from comments.models.moderation import Reason
from comments.moderation.actions import decisions, people, threads
from core.caching.pages import store
from tests.cast import Cast
from tests.factories import make_comment


class EveryWriteTests(Cast):
    """The page after a write, from the cache and rendered again."""

    def setUp(self) -> None:
        self.root = make_comment(self.post, self.reader, self.stances["same"])
        self.reply = make_comment(
            self.post, self.stranger, self.stances["overlap"], parent=self.root
        )

    def page(self) -> str:
        """Return the page, but for the version in the link to what is new since."""
        return re.sub(r"since=\d+", "", Client().get(self.post.get_absolute_url()).text)

    def assert_shows(self, write: Callable[[], object]) -> None:
        before = self.page()
        write()
        kept = self.page()
        store.clear()
        self.assertEqual(kept, self.page())
        self.assertNotEqual(kept, before)

    def fresh(self, comment: Comment) -> Comment:
        return Comment.objects.select_related("author", "post", "stance").get(pk=comment.pk)

    def test_writing(self) -> None:
        self.assert_shows(lambda: make_comment(self.post, self.reader, self.stances["same"]))
        self.assert_shows(
            lambda: make_comment(self.post, self.author, self.stances["same"], parent=self.reply)
        )
        self.assert_shows(
            lambda: edits.edit_comment(self.fresh(self.root), by=self.reader, body="Other words")
        )
        self.assert_shows(
            lambda: edits.edit_comment(
                self.fresh(self.root),
                by=self.reader,
                body="Other words",
                stance=self.stances["different"],
                now=self.root.created_at,
            )
        )
        self.assert_shows(lambda: comments.delete_comment(self.fresh(self.root)))

    def test_answering(self) -> None:
        question = self.post.question
        self.assert_shows(
            lambda: comments.answer_question(
                reader=self.moderator, question=question, stance=self.stances["same"]
            )
        )
        self.assert_shows(
            lambda: comments.answer_question(
                reader=self.reader, question=question, stance=self.stances["different"]
            )
        )
        self.assert_shows(
            lambda: comments.answer_question(reader=self.reader, question=question, stance=None)
        )

    def test_moderating(self) -> None:
        by = self.moderator
        self.assert_shows(
            lambda: decisions.remove(self.fresh(self.reply), by=by, reason=Reason.SPAM)
        )
        self.assert_shows(lambda: decisions.restore(self.fresh(self.reply), by=by))
        self.assert_shows(
            lambda: states.change_state(self.fresh(self.reply), to=CommentState.HIDDEN)
        )
        self.assert_shows(
            lambda: states.change_state(self.fresh(self.reply), to=CommentState.PUBLISHED)
        )
        self.assert_shows(lambda: threads.lock(self.fresh(self.root), by=by, reason="heated"))
        self.assert_shows(lambda: threads.unlock(self.fresh(self.root), by=by, reason="settled"))
        self.assert_shows(
            lambda: decisions.retag(self.fresh(self.root), by=by, stance=self.stances["different"])
        )

    def test_people(self) -> None:
        self.assert_shows(
            lambda: people.suspend(self.reader, by=self.moderator, days=None, reason=Reason.SPAM)
        )
        self.assert_shows(
            lambda: User.objects.filter(pk=self.stranger.pk).update(handle="another-name")
        )
        self.assert_shows(lambda: erase(self.stranger, delete_texts=True))

    def test_a_held_comment_shows_when_it_is_approved(self) -> None:
        held = make_comment(self.post, self.stranger, self.stances["same"])
        states.change_state(held, to=CommentState.HELD, held_reason="link")
        before = self.page()
        self.assertNotIn(f"comment-{held.pk}", before)
        self.assert_shows(lambda: decisions.approve(self.fresh(held), by=self.moderator))
