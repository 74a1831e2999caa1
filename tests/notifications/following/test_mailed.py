"""Test that followers hear by mail of what they follow, once, until they end it in one click."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from comments.moderation import actions as moderating
from notifications.following.actions import follow
from notifications.following.joining import join
from notifications.mailing.health import report
from notifications.models import Notification, Outgoing, Subscription
from notifications.targets import Key
from posts.actions import PromiseInput, place_post, publish, save_draft, set_promises, unpublish
from posts.actions.announcements import tell_due
from posts.models import Part, Post
from tests.factories import make_comment, make_series
from tests.notifications.mailing.mailbox import Mailbox, headers_of, html_of, run_worker

ADDRESS = "pat@example.org"


class FollowersMail(Mailbox):
    """A promise that one article makes and another keeps; an account and an address follow it."""

    def setUp(self) -> None:
        super().setUp()
        [self.promise] = set_promises(self.post, [PromiseInput("There will be more.", note="More")])
        self.series = make_series(self.author, title="Managing")
        part = Part.objects.create(series=self.series, position=2, title="Two")
        self.promise.parts.add(part)
        draft = save_draft(None, by=self.author, title="Kept at last", body="All of it.")
        place_post(draft, part)
        self.draft = draft

    def address(self, name: str, pk: int) -> Subscription:
        now = timezone.now()
        return Subscription.objects.create(
            address=ADDRESS, target=name, target_id=pk, confirmed_at=now
        )

    def publish(self, draft: Post) -> list[Any]:
        """Publish a draft, and return the mails that arrive in the next half hour."""
        now = timezone.now()
        publish(draft, by=self.author, now=now)
        tell_due(now + timedelta(minutes=11))
        run_worker()
        return self.after(timedelta(minutes=30))

    def another(self) -> Post:
        """Return a draft of a third part."""
        draft = save_draft(None, by=self.author, title="One more", body="Still more.")
        part = Part.objects.create(series=self.series, position=3, title="Three")
        place_post(draft, part)
        return draft

    def stop_link(self, message: Any) -> str:
        """Return the path of the link that mail programs offer as a button."""
        found = re.search(r"<https?://[^/]+(/[^>]+)>", headers_of(message)["List-Unsubscribe"])
        assert found
        return found[1]


class FollowersMailTests(FollowersMail):
    """What followers are mailed, and how they end it."""

    def test_an_address_hears_of_a_kept_promise_once(self) -> None:
        self.address("promise", self.promise.pk)
        [message] = self.publish(self.draft)
        assert message.to == [ADDRESS]
        for text in (message.body, html_of(message)):
            assert "A promise you follow is kept" in text
            assert "More" in text
            assert self.draft.get_absolute_url() in text
        listed = re.search(r"https?://[^/]+(/follow/by-mail/\S+)", message.body)
        assert listed
        self.assertContains(Client().get(listed[1]), "More")
        assert self.after(timedelta(days=9)) == []

    def test_in_one_click_it_hears_no_more_of_that_alone(self) -> None:
        self.address("series", self.series.pk)
        [message] = self.publish(self.draft)
        self.address("author", self.author.pk)
        client = Client(enforce_csrf_checks=True)
        answer = client.post(self.stop_link(message), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code < 400
        active = Subscription.objects.of_address(ADDRESS).active()
        assert set(active.values_list("target", flat=True)) == {"author"}
        [later] = self.publish(self.another())
        assert "published “One more”" in later.body

    def test_an_account_hears_of_it_too(self) -> None:
        follow(self.stranger, "promise", Key(self.promise.pk))
        [message] = self.publish(self.draft)
        assert message.to == [self.stranger.email]
        assert "A promise you follow is kept" in message.body

    def test_ended_before_it_is_sent_nothing_is_sent(self) -> None:
        row = self.address("promise", self.promise.pk)
        now = timezone.now()
        publish(self.draft, by=self.author, now=now)
        tell_due(now + timedelta(minutes=11))
        run_worker()
        Subscription.objects.filter(pk=row.pk).update(ended_at=now)
        assert self.after(timedelta(minutes=30)) == []

    def test_taken_back_before_it_is_sent_nothing_is_sent(self) -> None:
        self.address("promise", self.promise.pk)
        follow(self.stranger, "series", Key(self.series.pk))
        now = timezone.now()
        publish(self.draft, by=self.author, now=now)
        tell_due(now + timedelta(minutes=11))
        run_worker()
        unpublish(self.draft, by=self.author)
        assert self.after(timedelta(minutes=30)) == []

    def test_no_word_of_a_removed_comment_is_sent(self) -> None:
        self.address("post", self.post.pk)
        follow(self.reader, "post", Key(self.post.pk))
        comment = make_comment(self.post, self.stranger, body="Words to be removed.")
        run_worker()
        moderating.remove(comment, by=self.moderator, reason="spam")
        theirs = [each for each in self.after() if each.to != [self.stranger.email]]
        assert "Words to be removed" not in str([each.body for each in theirs])

    def test_comments_of_ten_minutes_come_as_one(self) -> None:
        self.address("post", self.post.pk)
        for body in ("The first of two.", "The second of two."):
            make_comment(self.post, self.stranger, body=body)
            run_worker()
        [message] = self.after()
        assert "The first of two." in message.body
        assert "The second of two." in message.body


class JoinedTests(FollowersMail):
    """An address makes an account while something waits for it, or after it was mailed."""

    def tell(self) -> None:
        """Publish the draft and tell its followers; their mail is gathered yet."""
        now = timezone.now()
        publish(self.draft, by=self.author, now=now)
        tell_due(now + timedelta(minutes=11))
        run_worker()

    def test_what_waits_is_told_to_the_account(self) -> None:
        self.address("promise", self.promise.pk)
        self.tell()
        join(self.stranger, ADDRESS)
        told = Notification.objects.filter(recipient=self.stranger)
        assert [each.kind for each in told] == ["promise_kept"]
        [message] = self.after(timedelta(minutes=30))
        assert message.to == [self.stranger.email]

    def test_nothing_stays_in_the_outbox_for_ever(self) -> None:
        self.address("promise", self.promise.pk)
        self.tell()
        join(self.stranger, ADDRESS)
        self.after(timedelta(minutes=30))
        assert not report(timezone.now() + timedelta(days=1)).is_stuck

    def test_nor_what_was_queued_at_that_moment(self) -> None:
        row = self.address("promise", self.promise.pk)
        self.tell()
        Subscription.objects.filter(pk=row.pk).update(user=self.stranger, address="")
        assert self.after(timedelta(minutes=30)) == []
        assert not Outgoing.objects.filter(done_at=None).exists()

    def test_nobody_is_told_of_their_own_comment(self) -> None:
        self.address("post", self.post.pk)
        make_comment(self.post, self.stranger, body="Words of my own.")
        run_worker()
        join(self.stranger, ADDRESS)
        assert not Notification.objects.filter(recipient=self.stranger).exists()
        assert self.after() == []

    def test_a_link_mailed_before_ends_it_afterwards(self) -> None:
        for follows_too in (False, True):
            with self.subTest(follows_too=follows_too):
                self.address("series", self.series.pk)
                draft = self.another() if follows_too else self.draft
                [message] = [each for each in self.publish(draft) if each.to == [ADDRESS]]
                if follows_too:
                    follow(self.stranger, "series", Key(self.series.pk))
                join(self.stranger, ADDRESS)
                assert Client().get(self.stop_link(message)).status_code == 200
                Client().post(self.stop_link(message), {"List-Unsubscribe": "One-Click"})
                assert not Subscription.objects.of(self.stranger).active().exists()
                Subscription.objects.all().delete()
