"""Test edits that meet a decision or an act of the same moment."""

from threading import Event

from django.db import transaction
from django.test import TransactionTestCase

from accounts.models import Role
from comments.actions import reactions
from comments.actions.comments import Draft, delete_comment, post_comment
from comments.actions.edits import edit_comment
from comments.integrity import faults
from comments.models import (
    Comment,
    CommentRevision,
)
from comments.models.moderation import Flag
from comments.moderation import actions as moderating
from core.exceptions import ActionRefused
from posts.models import Post
from tests.at_once import at_once
from tests.factories import make_comment, make_post, make_question, make_user, stances_by_key

from .test_responses import FreshComment, summed_up


class LateEditTests(FreshComment):
    """Edits that meet a decision made since their page was drawn."""

    def test_one_of_a_text_that_was_taken_down_meanwhile_is_refused(self) -> None:
        for end in (
            lambda: moderating.remove(self.comment, by=self.moderator, reason="spam"),
            lambda: delete_comment(self.comment),
            lambda: moderating.suspend(self.reader, by=self.moderator, days=1, reason="spam"),
        ):
            with transaction.atomic():
                end()
                with self.assertRaises(ActionRefused) as refused:
                    self.edit()
                assert refused.exception.status == 409
                assert not CommentRevision.objects.exists()
                transaction.set_rollback(True)
            self.comment.refresh_from_db()

    def test_a_text_whose_approval_was_undone_stays_in_public_once_it_is_replaced(self) -> None:
        """Readers could read it, and a reply says that it agrees."""
        comment = make_comment(self.post, self.newcomer, self.stances["same"], body="All fools.")
        moderating.approve(comment, by=self.moderator)
        make_comment(self.post, self.stranger, parent=comment, body="I agree, every word.")
        moderating.reopen(comment, by=self.moderator)
        edited = edit_comment(comment, by=self.newcomer, body="All friends.")
        assert edited.edited_at is not None
        edit_comment(comment, by=self.newcomer, body="All never approved.")
        public = comment.revisions.order_by("number").values_list("body", "is_public")
        assert list(public) == [("All fools.", True), ("All friends.", False)]


class SimultaneousEditTests(TransactionTestCase):
    """Acts and edits at the same moment: the lock decides which was first, and both agree."""

    def setUp(self) -> None:
        self.moderator = make_user("june", Role.MODERATOR)
        self.post: Post = make_post(make_user("ada", Role.AUTHOR))
        make_question(self.post)
        self.writer, self.other = make_user(is_demo=True), make_user(is_demo=True)
        stance = stances_by_key(self.post)["same"]
        draft = Draft(self.writer, self.post, "You are all fools.", stance=stance)
        self.comment = post_comment(draft).comment

    def edit(self) -> Comment:
        return edit_comment(self.comment, by=self.writer, body="You are all friends.")

    def test_a_flag_names_a_text_that_there_is(self) -> None:
        [raised, edited] = at_once(
            lambda: moderating.raise_flag(self.comment, by=self.other, reason="attack"), self.edit
        )
        assert raised.is_new, raised
        assert edited.body == "You are all friends."
        assert Flag.objects.get().text_number in {1, 2}
        self.assertEqual(list(faults()), [])

    def test_praise_and_edit_both_happen_and_the_mark_agrees_with_the_text(self) -> None:
        at_once(lambda: reactions.press(self.comment, by=self.other), self.edit)
        comment = Comment.objects.get(pk=self.comment.pk)
        assert comment.reactions.count() == 1
        assert (comment.edited_at is not None) == comment.revisions.get().is_public
        self.assertEqual(list(faults()), [])

    def test_an_edit_waits_for_a_closing_that_is_being_written(self) -> None:
        """A closing is written under the lock of the post, and what it cites counts."""
        begun = Event()

        def cite() -> None:
            with transaction.atomic():
                self.post.lock()
                begun.set()
                summed_up(self.comment, self.post.byline[0])

        def edit() -> Comment:
            begun.wait()
            return self.edit()

        [_cited, edited] = at_once(cite, edit)
        assert edited.revisions.get().is_public, edited
