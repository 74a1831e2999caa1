"""Test who is told of articles they follow, when, and by which reason."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from notifications.models import Notification
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
from tests.factories import make_post, make_series, make_user

from .telling import ADDRESS, LATER, Telling, mailed, run_jobs


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
