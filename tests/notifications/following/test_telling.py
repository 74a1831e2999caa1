"""Test who is told of comments they follow: once, by the strongest reason, in batches."""

from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from comments.actions import states
from comments.models import CommentState
from comments.moderation import actions as moderating
from core.jobs.worker import JobWorker
from notifications.actions import notify_all
from notifications.following import telling
from notifications.following.actions import stop
from notifications.models import Notification, Subscription
from notifications.targets import Key
from posts.actions import (
    unpublish,
)
from tests.cast import Cast
from tests.factories import make_comment, make_user

from .telling import ADDRESS, Telling, mailed, run_jobs


class CommentTests(Telling):
    """Comments where one follows the thread, the answer or the article."""

    def test_each_reason_has_its_words(self) -> None:
        root = make_comment(self.post, self.author)
        for kind, what, words in (
            ("thread_reply", ("thread", root.pk, ""), "replied in a thread you follow"),
            ("answer_comment", ("stance", self.post.pk, "same"), "with the answer “Same”"),
            ("post_comment", ("post", self.post.pk, ""), "commented on an article you follow"),
        ):
            with self.subTest(kind):
                follower = make_user()
                self.follow(follower, *what)
                comment = self.write(make_user(is_demo=True), root)
                run_jobs()
                url = f"/comments/{comment.pk}/"
                self.assert_told(follower, kind, words, self.post.title, url=url)

    def test_of_several_reasons_the_strongest_is_told(self) -> None:
        root = make_comment(self.post, self.author)
        self.follow(self.reader, "post", self.post.pk)
        self.follow(self.reader, "stance", self.post.pk, "same")
        self.write(self.stranger, root)
        run_jobs()
        assert self.kinds(self.reader) == ["answer_comment"]
        self.follow(self.reader, "thread", root.pk)
        self.write(make_user(is_demo=True), root)
        run_jobs()
        assert self.kinds(self.reader) == ["answer_comment", "thread_reply"]

    def test_a_reply_to_oneself_is_told_as_that(self) -> None:
        mine = make_comment(self.post, self.reader)
        for what in (("thread", mine.pk), ("post", self.post.pk)):
            self.follow(self.reader, *what)
        self.write(self.stranger, mine)
        run_jobs()
        assert self.kinds(self.reader) == ["reply"]

    def test_other_answers_and_threads_are_not_told(self) -> None:
        other = make_comment(self.post, self.author)
        self.follow(self.reader, "stance", self.post.pk, "different")
        self.follow(self.reader, "thread", other.pk)
        self.write(self.stranger)
        run_jobs()
        assert self.kinds(self.reader) == []
        assert not Job.objects.filter(task_path__endswith="tell_followers").exists()

    def test_nobody_is_told_of_their_own_or_after_they_ended_it(self) -> None:
        for person in (self.stranger, self.reader):
            self.follow(person, "post", self.post.pk)
        stop(self.reader, "post", Key(self.post.pk))
        self.write(self.stranger)
        run_jobs()
        assert not Notification.objects.exists()

    def test_a_held_comment_is_told_once_it_is_approved(self) -> None:
        self.follow(self.reader, "post", self.post.pk)
        held = self.write(self.newcomer)
        run_jobs()
        assert self.kinds(self.reader) == []
        moderating.approve(held, by=self.moderator)
        run_jobs()
        assert self.kinds(self.reader) == ["post_comment"]

    def test_what_was_removed_before_the_job_ran_is_told_to_nobody(self) -> None:
        self.follow(self.reader, "post", self.post.pk)
        for change in (
            lambda each: states.change_state(each, to=CommentState.REMOVED, removed_reason="spam"),
            states.mark_deleted,
            lambda each: states.change_state(each, to=CommentState.HELD, held_reason="links"),
        ):
            comment = self.write(make_user(is_demo=True))
            change(comment)
        run_jobs()
        assert not Notification.objects.filter(recipient=self.reader).exists()

    def test_nor_under_an_article_that_was_taken_back(self) -> None:
        self.follow(self.reader, "post", self.post.pk)
        self.write(self.stranger)
        unpublish(self.post, by=self.author)
        run_jobs()
        assert self.kinds(self.reader) == []

    def test_nor_what_somebody_suspended_meanwhile_wrote(self) -> None:
        self.follow(self.reader, "post", self.post.pk)
        self.address("post", self.post.pk)
        self.write(self.stranger)
        User.objects.filter(pk=self.stranger.pk).update(banned_at=timezone.now())
        run_jobs()
        assert self.kinds(self.reader) == []
        assert mailed() == []

    def test_the_words_of_a_removed_comment_are_not_in_the_inbox(self) -> None:
        self.follow(self.reader, "post", self.post.pk)
        comment = self.write(self.stranger)
        run_jobs()
        moderating.remove(comment, by=self.moderator, reason="spam")
        self.sign_in(self.reader)
        self.assertNotContains(self.client.get("/me/notifications/"), comment.body)


class AddressTests(Telling):
    """Followers without an account."""

    def test_each_address_is_told_once_by_its_strongest_reason(self) -> None:
        root = make_comment(self.post, self.author)
        self.address("post", self.post.pk)
        self.address("thread", root.pk)
        self.address("post", self.post.pk, "kim@example.org")
        comment = self.write(self.stranger, root)
        run_jobs()
        assert sorted(mailed()) == [
            ("kim@example.org", "post_comment", comment.pk),
            (ADDRESS, "thread_reply", comment.pk),
        ]
        assert not Notification.objects.filter(kind__endswith="_comment").exists()

    def test_who_has_not_confirmed_is_told_nothing(self) -> None:
        row = self.address("post", self.post.pk)
        ended = self.address("post", self.post.pk, "kim@example.org")
        Subscription.objects.filter(pk=row.pk).update(confirmed_at=None)
        Subscription.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
        self.write(self.stranger)
        run_jobs()
        assert mailed() == []


class BatchTests(Telling):
    """Many followers."""

    def setUp(self) -> None:
        self.enterContext(patch.object(telling, "BATCH", 3))

    def followers(self, number: int) -> list[User]:
        people = [make_user() for _ in range(number)]
        for person in people:
            self.follow(person, "post", self.post.pk)
        return people

    def test_all_are_told_once_whatever_the_number(self) -> None:
        for number in (2, 3, 4, 7):
            people = self.followers(number)
            self.write(make_user(is_demo=True))
            run_jobs()
            for person in people:
                assert self.kinds(person) == ["post_comment"]
            Subscription.objects.all().delete()

    def test_a_comment_that_moves_between_two_batches_is_told_to_all(self) -> None:
        people = [make_user() for _ in range(5)]
        root = self.write(self.stranger)
        for person in people:
            self.follow(person, "thread", root.pk)
        reply = make_comment(self.post, make_user(is_demo=True), parent=root)
        worker = JobWorker()
        while not Notification.objects.filter(kind="thread_reply").exists():
            assert worker.turn()
        moderating.detach(reply, by=self.moderator)
        run_jobs()
        for person in people:
            assert self.kinds(person) == ["thread_reply"]

    def test_a_worker_that_dies_repeats_and_forgets_nobody(self) -> None:
        people = self.followers(8)
        for number in range(4):
            self.address("post", self.post.pk, f"{number}@example.org")
        self.write(self.stranger)
        calls: list[Any] = []

        def dies(*args: Any, **kwargs: Any) -> None:
            calls.append(args)
            notify_all(*args, **kwargs)
            if len(calls) == 2:
                raise RuntimeError

        with patch.object(telling, "notify_all", dies):
            run_jobs()
        assert Notification.objects.filter(kind="post_comment").count() == 3
        Job.objects.filter(status="READY").update(run_after=timezone.now())
        run_jobs()
        for person in people:
            assert self.kinds(person) == ["post_comment"]
        assert len(mailed()) == len(set(mailed())) == 4

    def test_writing_costs_the_same_with_one_follower_and_with_many(self) -> None:
        self.followers(1)
        self.cost()
        few = self.cost()
        self.followers(40)
        assert self.cost() == few

    def cost(self) -> int:
        person = make_user(is_demo=True)
        with CaptureQueriesContext(connection) as asked:
            self.write(person)
        return len(asked)


class CastTests(Cast):
    """What these tests rely on."""

    def test_a_comment_is_published_at_once(self) -> None:
        assert make_comment(self.post, self.reader).is_readable
