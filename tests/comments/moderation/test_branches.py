"""Test removing, restoring and moving a branch in batches, each of which leaves no fault."""

from datetime import timedelta
from typing import ClassVar
from unittest.mock import patch

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from comments.actions import branches, states
from comments.actions.comments import delete_comment
from comments.integrity import faults
from comments.models import BranchMove, Comment, CommentState, Flag
from comments.models.moderation import Action, Decision
from comments.moderation import actions, sentences
from comments.moderation.actions import branches as removals
from core.jobs.worker import JobWorker
from posts.models import Post
from tests.factories import make_comment

from .cases import HTMX, Moderated

SPAM = {"reason": "spam", "with_replies": "on"}


class BranchCase(Moderated):
    """A thread of 13: a top with three replies, of which each has three."""

    root: ClassVar[Comment]
    top: ClassVar[Comment]
    below: ClassVar[list[Comment]]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        people = [cls.reader, cls.stranger]
        cls.root = make_comment(cls.post, cls.reader)
        cls.top = make_comment(cls.post, cls.stranger, parent=cls.root)
        middle = [make_comment(cls.post, people[n % 2], parent=cls.top) for n in range(3)]
        low = [
            make_comment(cls.post, people[n % 2], parent=reply)
            for n, reply in enumerate(middle * 3)
        ]
        cls.below = middle + low

    def setUp(self) -> None:
        self.sign_in(self.moderator)
        for module in (branches, removals):
            self.enterContext(patch.object(module, "BATCH", 5))
        self.enterContext(patch.object(branches, "PAUSE", 0))

    def work(self) -> int:
        """Do the jobs that wait and return how many there were."""
        count = Job.objects.ready().count()
        while JobWorker().turn():
            pass
        assert not Job.objects.failed().exists()
        return count

    def assert_sound(self) -> None:
        assert [str(fault) for fault in faults()] == []

    def states(self) -> list[str]:
        """Return the states of the comments below the top, in the order of their ids."""
        rows = Comment.objects.filter(pk__in=[row.pk for row in self.below])
        return list(rows.order_by("pk").values_list("state", flat=True))

    def fresh(self, comment: Comment) -> Comment:
        return Comment.objects.get(pk=comment.pk)


class RemovingTests(BranchCase):
    """Removing a comment with all replies below it."""

    def test_everything_goes_and_nothing_else(self) -> None:
        standing = Comment.objects.readable().count()
        assert self.send("removal", self.top, SPAM).status_code == 302
        assert self.states().count(CommentState.REMOVED) == 5
        self.assert_sound()
        assert self.work() == 1
        assert set(self.states()) == {CommentState.REMOVED}
        assert Comment.objects.readable().count() == standing - 13
        root = self.fresh(self.root)
        assert (root.reply_count, root.thread_size, root.is_readable) == (0, 0, True)
        assert Post.objects.get().comment_count == standing - 13
        self.assert_sound()

    def test_a_small_branch_needs_no_worker(self) -> None:
        with patch.object(removals, "BATCH", 50):
            self.send("removal", self.below[0], SPAM)
            self.send("restoration", self.below[0])
            self.send("removal", self.below[0], SPAM)
        assert self.states().count(CommentState.REMOVED) == 4
        # The worker checks whether more replies arrived meanwhile.
        self.work()
        self.assert_sound()

    def test_without_the_tick_only_the_top_goes(self) -> None:
        self.send("removal", self.top, {"reason": "spam"})
        assert set(self.states()) == {CommentState.PUBLISHED}
        assert self.fresh(self.top).is_shown

    def test_each_writer_has_a_row_in_the_log_and_the_log_shows_one(self) -> None:
        flag = Flag.objects.create(comment=self.below[-1], reporter=self.newcomer, reason="attack")
        self.send("removal", self.top, SPAM)
        self.work()
        (whole,) = Decision.objects.whole()
        assert (whole.action, whole.comment) == (Action.REMOVE_BRANCH, self.top)
        parts = whole.parts.all()
        assert {part.comment_id for part in parts} == {row.pk for row in self.below}
        assert {(part.reason, part.action) for part in parts} == {("spam", "remove")}
        flag.refresh_from_db()
        assert flag.decision in parts
        self.sign_in(self.admin)
        assert list(self.get("log").context["decisions"]) == [whole]

    def test_what_is_held_or_deleted_below_it(self) -> None:
        held, deleted = self.below[3], self.below[0]
        states.change_state(held, to=CommentState.HELD, held_reason=sentences.HELD_REVIEW)
        delete_comment(deleted)
        self.send("removal", self.top, SPAM)
        self.work()
        assert self.fresh(held).state == CommentState.REMOVED
        assert self.fresh(deleted).state == CommentState.PUBLISHED
        assert not self.fresh(deleted).is_shown
        self.assert_sound()

    def test_a_reply_that_comes_meanwhile_goes_too(self) -> None:
        self.send("removal", self.top, SPAM)
        late = make_comment(self.post, self.reader, parent=self.below[0])
        self.work()
        assert self.fresh(late).state == CommentState.REMOVED
        self.assert_sound()

    def test_twice_is_once(self) -> None:
        for _click in range(2):
            assert self.send("removal", self.top, SPAM).status_code == 302
        self.work()
        assert Decision.objects.whole().count() == 1
        assert Decision.objects.count() == 13

    def test_the_tick_after_the_comment_alone_is_refused(self) -> None:
        self.send("removal", self.top, {"reason": "spam"})
        assert self.send("removal", self.top, SPAM).status_code == 409
        assert set(self.states()) == {CommentState.PUBLISHED}

    def test_a_job_that_died_goes_on_where_it_was(self) -> None:
        self.send("removal", self.top, SPAM)
        decision = Decision.objects.whole().get()
        assert removals._remove_some(decision)
        self.assert_sound()
        removals.finish_removal.func(decision.pk)
        removals.finish_removal.func(decision.pk)
        assert set(self.states()) == {CommentState.REMOVED}
        assert Decision.objects.count() == 13

    def test_the_form_offers_it_where_there_are_replies(self) -> None:
        assert "with_replies" in self.get("moderation-case", self.top.pk).content.decode()
        assert "with_replies" not in self.get("moderation-case", self.quiet.pk + 1).content.decode()


class RestoringTests(BranchCase):
    """Restoring a removed branch."""

    def test_what_was_removed_together_comes_back_together(self) -> None:
        gone_before, waiting = self.below[1], self.below[-1]
        states.change_state(waiting, to=CommentState.HELD, held_reason=sentences.HELD_REVIEW)
        actions.remove(gone_before, by=self.moderator, reason="attack")
        before = self.picture()
        self.send("removal", self.top, SPAM)
        self.work()
        assert self.send("restoration", self.top).status_code == 302
        self.assert_sound()
        assert self.work() == 1
        assert self.picture() == before
        self.assert_sound()

    def test_a_removal_that_is_undone_halfway_stops(self) -> None:
        before = self.picture()
        self.send("removal", self.top, SPAM)
        self.send("restoration", self.top)
        self.work()
        assert self.picture() == before
        self.assert_sound()

    def test_a_restoration_that_is_overruled_halfway_stops(self) -> None:
        self.send("removal", self.top, SPAM)
        self.work()
        self.send("restoration", self.top)
        self.send("removal", self.top, SPAM)
        self.work()
        assert set(self.states()) == {CommentState.REMOVED}
        self.assert_sound()

    def picture(self) -> list[tuple[object, ...]]:
        """Return everything that a removal changes and a restoration puts back."""
        fields = ("pk", "state", "is_shown", "reply_count", "thread_size", "removed_reason")
        return list(Comment.objects.order_by("pk").values_list(*fields))


class MovingTests(BranchCase):
    """Making a reply a separate thread."""

    def test_the_branch_becomes_a_thread(self) -> None:
        assert self.send("detachment", self.top).status_code == 302
        # Some replies have moved, others not yet: readers find each once, in either thread.
        assert Comment.objects.filter(thread=self.top).count() == 6
        self.assert_sound()
        page = self.client.get(self.post.get_absolute_url()).content.decode()
        for comment in [self.root, self.top, *self.below]:
            assert page.count(f'id="comment-{comment.pk}"') == 1, comment.pk
        assert self.work() == 1
        top, old = self.fresh(self.top), self.fresh(self.root)
        assert (top.parent, top.depth, top.thread_size, top.reply_count) == (None, 0, 12, 3)
        assert (old.thread_size, old.reply_count) == (0, 0)
        assert not BranchMove.objects.exists()
        self.assert_sound()

    def test_a_reply_that_comes_meanwhile_follows(self) -> None:
        self.send("detachment", self.top)
        stale = self.below[-1]
        late = make_comment(self.post, self.reader, parent=stale)
        self.work()
        assert self.fresh(late).thread_id == self.top.pk
        later = make_comment(self.post, self.reader, parent=stale)
        assert self.fresh(later).thread_id == self.top.pk
        actions.remove(stale, by=self.moderator, reason="spam")
        self.assert_sound()

    def test_the_thread_stays_locked(self) -> None:
        self.send("lock", self.root, {"reason": "heated"})
        self.send("detachment", self.top)
        assert self.fresh(self.top).locked_at is not None

    def test_twice_is_once_and_a_thread_is_left_alone(self) -> None:
        for _click in range(2):
            self.send("detachment", self.top)
        self.send("detachment", self.root)
        assert [row.action for row in self.decisions()] == [Action.DETACH]

    def test_a_second_branch_waits_for_the_first(self) -> None:
        self.send("detachment", self.top)
        for name, data in (("detachment", {}), ("removal", SPAM)):
            answer = self.send(name, self.below[0], data, **HTMX)
            assert answer.status_code == 409
            self.assertContains(answer, "try again soon", status_code=409)
        self.work()
        assert self.send("detachment", self.below[0]).status_code == 302
        self.assert_sound()

    def test_only_what_stands_is_moved(self) -> None:
        actions.remove(self.top, by=self.moderator, reason="spam")
        assert self.send("detachment", self.top).status_code == 409
        delete_comment(self.below[0])
        assert self.send("detachment", self.below[0]).status_code == 409

    def test_authors_of_the_article_and_nobody_else(self) -> None:
        for person, status in ((self.stranger, 403), (self.suspended, 403), (self.author, 302)):
            self.sign_in(person)
            assert self.send("detachment", self.top).status_code == status
        self.client.logout()
        assert reverse("account_login") in self.send("detachment", self.top)["Location"]
        assert self.get("detachment", self.top.pk).status_code == 405

    def test_a_last_batch_that_was_rolled_back_is_done_again(self) -> None:
        self.send("detachment", self.top)
        move = BranchMove.objects.get()
        with patch.object(branches, "BATCH", 50):
            with transaction.atomic():
                assert not branches.move_some(move)
                transaction.set_rollback(True)
            assert Comment.objects.filter(thread=self.top).count() == 6
            assert not branches.move_some(move)
        assert Comment.objects.filter(thread=self.top).count() == 13
        self.assert_sound()

    def test_a_move_that_died_is_finished_by_the_next(self) -> None:
        self.send("detachment", self.top)
        move = BranchMove.objects.get()
        assert branches.move_some(move)
        branches.finish_move.func(move.pk)
        branches.finish_move.func(move.pk)
        assert Comment.objects.filter(thread=self.top).count() == 13
        self.assert_sound()


class UnfinishedTests(BranchCase):
    """A move whose job was lost is found, and finished."""

    def test_the_check_finds_it_after_an_hour_and_the_repair_finishes_it(self) -> None:
        self.send("detachment", self.top)
        Job.objects.all().delete()
        self.assert_sound()
        BranchMove.objects.update(started_at=timezone.now() - timedelta(hours=2))
        (fault,) = faults()
        assert (
            str(fault) == f"comment {self.top.pk}: not all of its replies have been moved with it"
        )
        assert fault.repair is not None
        assert list(fault.repair.do([fault.key])) == [
            f"comment {self.top.pk}: all of its replies have been moved now"
        ]
        assert Comment.objects.filter(thread=self.top).count() == 13
        self.assert_sound()


class BranchCostTests(BranchCase):
    """The queries of a batch, the same for any size of branch."""

    def queries(self, name: str, data: dict[str, str]) -> int:
        with (
            patch.object(branches, "BATCH", 500),
            patch.object(removals, "BATCH", 500),
            CaptureQueriesContext(connection) as asked,
        ):
            assert self.send(name, self.top, data).status_code == 302
        self.work()
        self.assert_sound()
        return len(asked)

    def test_removing_restoring_and_moving_ask_as_much_of_many_as_of_few(self) -> None:
        # Twice: what a person is told of the second time takes the place of the first.
        for _twice in range(2):
            few = [self.queries("removal", SPAM), self.queries("restoration", {})]
        for reply in self.below[:3] * 8:
            make_comment(self.post, self.reader, parent=reply)
        many = [self.queries("removal", SPAM), self.queries("restoration", {})]
        # One query more where a shown comment has a number of replies that none had before.
        assert max(b - a for a, b in zip(few, many, strict=True)) <= 1
        moving = self.queries("detachment", {})
        assert moving <= few[0]
