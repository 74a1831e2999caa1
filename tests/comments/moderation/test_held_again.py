"""Test that the answer of a comment counts while the comment is approved, and not before."""

from accounts.models import User
from comments.actions.stances import answers_total
from comments.integrity import faults
from comments.models import Comment, CommentState, CurrentStance
from comments.moderation import actions
from posts.models import Post
from tests.factories import make_comment

from .cases import Moderated


class HeldAgainTests(Moderated):
    """The answer of a comment that is held again does not count until it is approved."""

    def answer(self, person: User | None = None) -> str:
        row = CurrentStance.objects.filter(reader=person or self.newcomer).first()
        return row.stance.key if row and row.stance else ""

    def total(self) -> int:
        return answers_total(Post.objects.get(pk=self.post.pk))

    def write(self, stance: str) -> Comment:
        return make_comment(self.post, self.newcomer, self.stances[stance])

    def approve(self, comment: Comment) -> None:
        actions.approve(comment, by=self.moderator)

    def hold(self, comment: Comment) -> None:
        actions.reopen(comment, by=self.moderator)

    def tearDown(self) -> None:
        assert [str(fault) for fault in faults()] == []

    def test_it_counts_while_approved(self) -> None:
        before = self.total()
        for _ in range(2):
            self.approve(self.held)
            assert (self.answer(), self.total()) == ("overlap", before + 1)
            self.hold(self.held)
            assert (self.answer(), self.total()) == ("", before)

    def test_the_answer_before_counts_again(self) -> None:
        second = self.write("same")
        self.approve(self.held)
        self.approve(second)
        assert self.answer() == "same"
        self.hold(second)
        assert self.answer() == "overlap"
        self.hold(self.held)
        assert self.answer() == ""
        self.approve(second)
        assert self.answer() == "same"
        self.approve(self.held)
        assert self.answer() == "same"

    def test_another_comment_with_the_same_answer_carries_it(self) -> None:
        second = self.write("overlap")
        self.approve(self.held)
        self.approve(second)
        self.hold(self.held)
        assert self.answer() == "overlap"
        self.hold(second)
        assert self.answer() == ""

    def test_removing_and_restoring_one_that_is_held_again_counts_nothing(self) -> None:
        self.approve(self.held)
        self.hold(self.held)
        actions.remove(self.held, by=self.moderator, reason="spam")
        assert self.answer() == ""
        other = self.write("same")
        self.approve(other)
        self.hold(other)
        assert self.answer() == ""
        actions.restore(self.held, by=self.moderator)
        assert self.answer() == ""

    def test_a_newcomer_whose_approvals_were_undone_is_still_one(self) -> None:
        second = self.write("same")
        for comment in (self.held, second):
            self.approve(comment)
            self.hold(comment)
        assert self.write("same").state == CommentState.HELD
