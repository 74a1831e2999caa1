"""Test which addresses of a list are left alone: who follows already, who ended it, who is gone."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.me import erasure
from core import limits
from notifications.deliverability import events
from notifications.deliverability.models import EventKind
from notifications.following import actions as following
from notifications.following import by_mail
from notifications.models import (
    FormerFollower,
    Subscription,
)
from notifications.subscribers import importing
from notifications.targets import Key

from .lists import Lists

AGREED = "email,consent_date,consent_place\n{},2024-05-01,Spring fair\n"


class LeftAloneTests(Lists):
    """Nobody is brought back, and nobody is mailed twice."""

    def leaves_out(self, address: str, reason: str) -> None:
        mail.outbox.clear()
        before = list(Subscription.objects.order_by("pk").values())
        self.imported(AGREED.format(address.upper()))
        assert self.left_out() == [(2, reason)] if reason else self.left_out() == []
        assert list(Subscription.objects.order_by("pk").values()) == before
        self.imported(f"email\n{address}\n")
        assert self.left_out() == [(2, reason)]
        assert list(Subscription.objects.order_by("pk").values()) == before
        assert mail.outbox == []

    def follower(self, address: str = "pat@example.org", **more: Any) -> Subscription:
        values = {"target": "series", "target_id": self.series.pk, "address": address, **more}
        return Subscription.objects.create(**{"confirmed_at": timezone.now(), **values})

    def test_who_follows_already(self) -> None:
        self.follower()
        self.leaves_out("pat@example.org", "follows")

    def test_who_ended_it(self) -> None:
        self.follower(ended_at=timezone.now())
        self.leaves_out("pat@example.org", "ended")

    def test_who_ended_something_else_that_brings_articles(self) -> None:
        self.follower(target="author", target_id=self.author.pk, ended_at=timezone.now())
        self.leaves_out("pat@example.org", "ended")

    def test_who_ended_it_so_long_ago_that_the_row_is_deleted(self) -> None:
        long_ago = timezone.now() - timedelta(days=31)
        self.follower(ended_at=long_ago)
        self.follower("sam@example.net", ended_at=long_ago, confirmed_at=None)
        assert following.purge() == 2
        assert not Subscription.objects.exists()
        assert "pat@example.org" not in str(FormerFollower.objects.values_list())
        self.leaves_out("pat@example.org", "ended")
        self.imported(AGREED.format("sam@example.net"))
        assert self.active() == {"sam@example.net"}, "who never followed ended nothing"

    def test_who_ended_it_before_a_stranger_asked_with_the_address(self) -> None:
        self.imported(AGREED.format("pat@example.org"))
        followed = Subscription.objects.get()
        by_mail.change("pat@example.org", followed.pk, is_on=False)
        Client().post(f"/follow/series/{self.series.pk}/", {"email": "pat@example.org"})
        assert Subscription.objects.waiting().get() == followed
        self.leaves_out("pat@example.org", "ended")
        Subscription.objects.update(created_at=timezone.now() - timedelta(days=31))
        assert following.purge() == 1
        self.leaves_out("pat@example.org", "ended")

    def test_who_began_again_after_ending_it_follows(self) -> None:
        followed = self.follower(ended_at=timezone.now())
        Client().post(f"/follow/series/{self.series.pk}/", {"email": "pat@example.org"})
        by_mail.confirm("pat@example.org", {followed.pk})
        self.leaves_out("pat@example.org", "follows")

    def test_a_stranger_who_asks_learns_from_no_time_who_ended_it(self) -> None:
        def asked(address: str) -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                Client().post(f"/follow/series/{self.series.pk}/", {"email": address})
            return len(queries)

        asked("first@example.org")
        self.follower(ended_at=timezone.now())
        assert asked("pat@example.org") == asked("new@example.org")

    def test_an_account_that_ended_it_even_long_ago(self) -> None:
        key = Key(self.series.pk)
        following.follow(self.reader, "series", key)
        following.stop(self.reader, "series", key)
        self.leaves_out(str(self.reader.email), "ended")
        Subscription.objects.update(ended_at=timezone.now() - timedelta(days=31))
        following.purge()
        self.leaves_out(str(self.reader.email), "ended")

    def test_an_account_that_ended_it_by_each_of_its_addresses(self) -> None:
        key = Key(self.series.pk)
        self.reader.emailaddress_set.create(  # type: ignore[attr-defined]
            email="second@example.org", verified=True
        )
        following.follow(self.reader, "series", key)
        following.stop(self.reader, "series", key)
        both = f"email\n{self.reader.email}\nsecond@example.org\n"
        self.imported(both)
        assert self.left_out() == [(2, "ended"), (3, "ended")]
        Subscription.objects.update(ended_at=timezone.now() - timedelta(days=31))
        following.purge()
        self.imported(both)
        assert self.left_out() == [(2, "ended"), (3, "ended")]
        assert mail.outbox == []

    def test_an_account_that_was_erased(self) -> None:
        addresses = [str(self.reader.email), str(self.stranger.email), str(self.newcomer.email)]
        following.follow(self.reader, "series", Key(self.series.pk))
        following.follow(self.stranger, "series", Key(self.series.pk))
        following.stop(self.stranger, "series", Key(self.series.pk))
        for person in (self.reader, self.stranger, self.newcomer):
            erasure.erase(person, delete_texts=False)
        for address in addresses[:2]:
            self.leaves_out(address, "ended")
        self.imported(AGREED.format(addresses[2]))
        assert self.active() == {addresses[2]}, "who never followed ended nothing"

    def test_an_account_that_follows(self) -> None:
        following.follow(self.reader, "series", Key(self.series.pk))
        self.leaves_out(str(self.reader.email), "follows")

    def test_an_address_that_takes_no_mail(self) -> None:
        self.follower()
        events.record("pat@example.org", EventKind.COMPLAINT)
        self.leaves_out("pat@example.org", "closed")

    def test_somebody_suspended_is_left_out_like_an_address_that_takes_no_mail(self) -> None:
        self.leaves_out(str(self.suspended.email), "closed")

    def test_an_address_that_follows_as_much_as_one_may(self) -> None:
        self.enterContext(patch.object(limits, "FOLLOWED_MAX", 2))
        for pk in (1, 2):
            self.follower(target="post", target_id=pk)
        self.leaves_out("pat@example.org", "full")

    def test_who_ends_it_between_the_trial_and_the_press(self) -> None:
        self.bring(AGREED.format("pat@example.org"))
        assert self.left_out() == []
        self.follower(ended_at=timezone.now())
        self.press()
        assert self.left_out() == [(2, "ended")]
        assert self.active() == set()

    def test_a_series_that_is_no_longer_there(self) -> None:
        self.bring(AGREED.format("pat@example.org"))
        with patch.object(importing, "find", return_value=None):
            self.press()
        assert self.left_out() == [(2, "gone")]
        assert self.active() == set()
