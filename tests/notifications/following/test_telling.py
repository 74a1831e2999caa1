"""Test who is told of what they follow: once, by the strongest reason, in batches, and who not."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from comments.actions import states
from comments.actions.comments import Draft, post_comment
from comments.models import Comment, CommentState
from comments.moderation import actions as moderating
from core.jobs.worker import JobWorker
from notifications.actions import notify_all
from notifications.following import telling
from notifications.following.actions import follow, stop
from notifications.models import Notification, Outgoing, Subscription
from notifications.targets import Key
from posts.actions import (
    PromiseInput,
    place_post,
    publish,
    save_draft,
    set_promises,
    throw_away,
    unpublish,
)
from posts.actions.announcements import tell_due
from posts.models import Announcement, Part, Post
from tests.cast import Cast
from tests.comments.me.inbox.test_kinds import Told
from tests.factories import make_comment, make_post, make_series, make_user

LATER = timedelta(minutes=11)
ADDRESS = "pat@example.org"


def run_jobs() -> None:
    """Run the jobs that are due."""
    worker = JobWorker()
    while worker.turn():
        pass


class Telling(Told):
    """People who follow, and what becomes of it."""

    def follow(self, person: User, name: str, pk: int, detail: str = "") -> None:
        follow(person, name, Key(pk, detail))

    def address(self, name: str, pk: int, address: str = ADDRESS) -> Subscription:
        now = timezone.now()
        return Subscription.objects.create(
            address=address, target=name, target_id=pk, confirmed_at=now
        )

    def write(self, by: User, parent: Comment | None = None, key: str = "same") -> Comment:
        return post_comment(
            Draft(by, self.post, f"Words {by.pk} {parent}", stance=self.stances[key], parent=parent)
        ).comment


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


def mailed() -> list[tuple[str, str, int]]:
    """Return what addresses without an account are to be sent."""
    rows = Outgoing.objects.exclude(address="").order_by("pk")
    return list(rows.values_list("address", "kind", "subject_id"))


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


class PublicationTests(Telling):
    """Articles by an author, parts of a series, and promises that are kept."""

    def setUp(self) -> None:
        self.now = timezone.now()
        [self.promise] = set_promises(self.post, [PromiseInput("There will be more.", note="More")])
        self.series = make_series(self.author, title="Managing")
        Part.objects.create(series=self.series, position=1, title="One", post=self.post)
        self.part = Part.objects.create(series=self.series, position=2, title="Two")
        self.promise.parts.add(self.part)
        self.draft = self.new_draft("The second part")
        place_post(self.draft, self.part)
        Job.objects.all().delete()

    def new_draft(self, title: str) -> Post:
        return save_draft(None, by=self.author, title=title, body="All of it.", standfirst="Short.")

    def tell(self, after: timedelta = LATER) -> None:
        tell_due(self.now + after)
        run_jobs()

    def test_each_reason_has_its_words(self) -> None:
        people = {name: make_user() for name in ("promise", "series", "author")}
        self.follow(people["promise"], "promise", self.promise.pk)
        self.follow(people["series"], "series", self.series.pk)
        self.follow(people["author"], "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell()
        url = self.draft.get_absolute_url()
        self.assert_told(people["promise"], "promise_kept", "A promise you follow", "More", url=url)
        self.assert_told(people["series"], "next_part", "The next part of “Managing”", url=url)
        self.assert_told(people["author"], "author_published", "The second part", url=url)

    def test_of_several_reasons_the_strongest_is_told(self) -> None:
        for name, pk in (
            ("author", self.author.pk),
            ("promise", self.promise.pk),
            ("series", self.series.pk),
        ):
            self.follow(self.reader, name, pk)
            self.address(name, pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell()
        assert self.kinds(self.reader) == ["promise_kept"]
        assert mailed() == [(ADDRESS, "promise_kept", self.promise.pk)]

    def test_it_waits_ten_minutes(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell(timedelta(minutes=9, seconds=59))
        assert self.kinds(self.reader) == []
        self.tell(timedelta(minutes=10))
        assert self.kinds(self.reader) == ["author_published"]

    def test_taken_back_within_them_nobody_is_told(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now - timedelta(minutes=5))
        unpublish(self.draft, by=self.author)
        self.tell()
        throw_away(self.draft, by=self.author)
        self.tell()
        assert self.kinds(self.reader) == []

    def test_published_again_it_waits_ten_minutes_from_then(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now - timedelta(hours=2))
        unpublish(self.draft, by=self.author)
        publish(self.draft, by=self.author, now=self.now)
        self.tell(timedelta(minutes=9))
        assert self.kinds(self.reader) == []
        self.tell()
        assert self.kinds(self.reader) == ["author_published"]

    def test_it_is_told_once_whatever_is_changed_later(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell()
        Notification.objects.all().delete()
        publish(self.draft, by=self.author)
        unpublish(self.draft, by=self.author)
        publish(self.draft, by=self.author)
        self.tell(timedelta(days=1))
        assert self.kinds(self.reader) == []

    def test_a_correction_within_them_does_not_postpone_it(self) -> None:
        publish(self.draft, by=self.author, now=self.now - timedelta(minutes=9))
        due_at = Announcement.objects.get(post=self.draft).due_at
        publish(self.draft, by=self.author, now=self.now)
        assert Announcement.objects.get(post=self.draft).due_at == due_at

    def test_an_old_article_that_comes_back_is_told_to_nobody(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        old = make_post(self.author)
        unpublish(old, by=self.author)
        publish(old, by=self.author)
        self.tell(timedelta(days=1))
        assert self.kinds(self.reader) == []

    def test_a_scheduled_one_counts_from_its_time(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, at=self.now + timedelta(hours=1), now=self.now)
        for after, kinds in ((timedelta(minutes=69), []), (timedelta(minutes=70), 1)):
            tell_due(self.now + after)
            assert Job.objects.count() == (1 if kinds else 0)
        Post.objects.filter(pk=self.draft.pk).update(published_at=self.now)
        run_jobs()
        assert self.kinds(self.reader) == ["author_published"]

    def test_one_taken_back_after_the_job_was_queued_is_not_told(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now)
        tell_due(self.now + LATER)
        unpublish(self.draft, by=self.author)
        run_jobs()
        assert self.kinds(self.reader) == []

    def test_what_was_told_and_taken_back_is_not_in_the_inbox(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell()
        unpublish(self.draft, by=self.author)
        self.sign_in(self.reader)
        self.assertNotContains(self.client.get("/me/notifications/"), "The second part")

    def test_a_suspended_author_tells_nobody(self) -> None:
        self.follow(self.reader, "author", self.author.pk)
        self.address("series", self.series.pk)
        publish(self.draft, by=self.author, now=self.now)
        User.objects.filter(pk=self.author.pk).update(banned_at=timezone.now())
        self.tell()
        assert self.kinds(self.reader) == []
        assert mailed() == []

    def test_an_author_is_not_told_of_their_own(self) -> None:
        self.draft.authorships.create(user=self.other_author, position=1)
        for person in (self.author, self.other_author):
            self.follow(person, "series", self.series.pk)
            self.follow(person, "author", self.author.pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell()
        assert not Notification.objects.exists()

    def test_a_promise_of_two_parts_is_told_with_the_last(self) -> None:
        third = Part.objects.create(series=self.series, position=3, title="Three")
        self.promise.parts.add(third)
        self.follow(self.reader, "promise", self.promise.pk)
        publish(self.draft, by=self.author, now=self.now)
        self.tell()
        assert self.kinds(self.reader) == []
        last = self.new_draft("The third part")
        place_post(last, third)
        publish(last, by=self.author, now=self.now)
        self.tell()
        self.assert_told(self.reader, "promise_kept", "The third part")

    def test_a_promise_kept_by_an_article_that_was_published_before(self) -> None:
        old = make_post(self.author, title="Kept long ago")
        place_post(self.draft, None)
        place_post(old, self.part)
        assert not Job.objects.exists()
        place_post(old, None)
        self.follow(self.reader, "promise", self.promise.pk)
        place_post(old, self.part)
        run_jobs()
        assert self.kinds(self.reader) == []
        Job.objects.filter(status="READY").update(run_after=timezone.now())
        run_jobs()
        self.assert_told(self.reader, "promise_kept", "Kept long ago")

    def test_named_as_kept_and_taken_back_within_ten_minutes_it_is_not_told(self) -> None:
        old = make_post(self.author)
        place_post(self.draft, None)
        self.follow(self.reader, "promise", self.promise.pk)
        place_post(old, self.part)
        set_promises(self.post, [PromiseInput("There will be more.", id=self.promise.pk)])
        Job.objects.filter(status="READY").update(run_after=timezone.now())
        run_jobs()
        assert self.kinds(self.reader) == []

    def test_two_workers_begin_it_once(self) -> None:
        publish(self.draft, by=self.author, now=self.now)
        assert tell_due(self.now + LATER) == 1
        assert tell_due(self.now + LATER) == 0


class CastTests(Cast):
    """What these tests rely on."""

    def test_a_comment_is_published_at_once(self) -> None:
        assert make_comment(self.post, self.reader).is_readable
