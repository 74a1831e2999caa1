"""Test that the answer of a comment counts while the comment is approved, and not before."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments.actions.stances import answers_total
from comments.integrity import faults
from comments.models import Comment, CommentState, CurrentStance
from comments.moderation import actions
from posts.models import Post
from tests.factories import make_comment, make_user
from tests.posts.studio.forms import fields_of
from tests.reauthenticated import client_of

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

    def written_lately(self) -> tuple[User, Comment]:
        """Return a newcomer with a comment that its writer may still answer otherwise."""
        newcomer, written_at = make_user("nomi"), timezone.now() - timedelta(minutes=6)
        return newcomer, make_comment(self.post, newcomer, self.stances["overlap"], now=written_at)

    def edit(self, comment: Comment, **changed: str) -> None:
        """Send the form of its writer with `changed` fields."""
        url = reverse("comments:edit", args=[comment.pk])
        client = client_of(comment.author)
        sent = fields_of(client, url, holding="body") | changed
        assert client.post(url, sent).status_code == 302
        comment.refresh_from_db()

    def test_an_edit_that_holds_it_again_counts_no_other_answer(self) -> None:
        newcomer, first = self.written_lately()
        self.approve(first)
        before = self.total()
        new_words = "Entirely other words than those that were approved, about another thing."
        self.edit(first, body=new_words, stance="different")
        assert (first.state, self.answer(newcomer)) == (CommentState.HELD, "")
        assert self.total() == before - 1
        self.approve(first)
        assert (self.answer(newcomer), self.total()) == ("different", before)

    def test_an_edit_while_it_is_held_again_counts_no_answer(self) -> None:
        newcomer, first = self.written_lately()
        before = self.total()
        self.approve(first)
        self.hold(first)
        self.edit(first, stance="same")
        assert (first.state, self.answer(newcomer)) == (CommentState.HELD, "")
        assert self.total() == before
        self.approve(first)
        assert (self.answer(newcomer), self.total()) == ("same", before + 1)

    def test_a_retag_while_it_is_held_again_counts_no_answer(self) -> None:
        """Nor while it is removed, having been held again before."""
        before = self.total()
        self.approve(self.held)
        self.hold(self.held)
        moderator = client_of(self.moderator)
        for stance in ("same", "different"):
            url = reverse("comments:retag", args=[self.held.pk])
            assert moderator.post(url, {"stance": stance}).status_code == 302
            self.held.refresh_from_db()
            assert self.held.stance == self.stances[stance]
            assert (self.answer(), self.total()) == ("", before)
            if stance == "same":
                actions.remove(self.held, by=self.moderator, reason="spam")
        actions.restore(self.held, by=self.moderator)
        self.approve(self.held)
        assert (self.answer(), self.total()) == ("different", before + 1)
