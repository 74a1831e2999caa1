"""Test the audience of a new article: frozen, one mail for each, by the strongest reason."""

import re
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from comments.me import erasure
from core.jobs.worker import JobWorker
from notifications.actions import notify_all
from notifications.following import joining, telling
from notifications.following.actions import follow, stop
from notifications.kinds import Way
from notifications.mailing import scopes, sending, ways
from notifications.mailing.models import Outgoing, StoppedAddress
from notifications.mailing.scopes import MailLink
from notifications.models import Notification, Subscription
from notifications.targets import Key
from posts.actions import PromiseInput, place_post, publish, save_draft, set_promises, unpublish
from posts.actions.announcements import kept_since, tell_due
from posts.models import Announcement, Part, Post
from tests.factories import make_series, make_user
from tests.notifications.mailing.mailbox import Mailbox, headers_of

LATER = timedelta(minutes=11)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Issues(Mailbox):
    """A draft of a second part, which keeps a promise of the first."""

    def setUp(self) -> None:
        self.now = timezone.now()
        [self.promise] = set_promises(self.post, [PromiseInput("There will be more.", note="More")])
        self.series = make_series(self.author, title="Managing")
        part = Part.objects.create(series=self.series, position=2, title="Two")
        self.promise.parts.add(part)
        self.draft = self.new_draft("Kept at last")
        place_post(self.draft, part)
        # From the strongest reason to the weakest.
        self.scopes = {
            "promise": self.promise.pk,
            "series": self.series.pk,
            "author": self.author.pk,
            "site": 1,
        }

    def new_draft(self, title: str) -> Post:
        return save_draft(None, by=self.author, title=title, body="All of it.", standfirst="Short.")

    def follow(self, person: User, *names: str) -> None:
        for name in names:
            follow(person, name, Key(self.scopes[name]))

    def address(self, address: str, *names: str, at: datetime | None = None) -> None:
        for name in names:
            Subscription.objects.create(
                address=address,
                target=name,
                target_id=self.scopes[name],
                confirmed_at=at or self.now,
            )

    def publish(self, post: Post | None = None) -> list[Any]:
        """Publish the draft, and return the mails that arrive after ten minutes."""
        publish(post or self.draft, by=self.author, now=self.now)
        return self.begin()

    def begin(self) -> list[Any]:
        """Return the mails that arrive when telling begins."""
        tell_due(self.now + LATER)
        return self.at(self.now + LATER)

    def only_freeze(self) -> None:
        """Publish the draft and freeze its audience, and send nothing yet."""
        with patch.object(sending, "plan_due", return_value=0):
            publish(self.draft, by=self.author, now=self.now)
            tell_due(self.now + LATER)
            self.at(self.now + LATER)
        assert Outgoing.objects.exists()

    def at(self, moment: datetime) -> list[Any]:
        """Let the worker run twice: what it tells of at first, it sends the next minute."""
        return super().at(moment) + super().at(moment)

    def receivers(self, mails: list[Any]) -> list[str]:
        return sorted(each.to[0] for each in mails)

    def stop_link(self, message: Any) -> str:
        found = re.search(r"<https?://[^/]+(/[^>]+)>", headers_of(message)["List-Unsubscribe"])
        assert found
        return found[1]


class OnceTests(Issues):
    """One mail for each person and each address, by the strongest reason."""

    def test_all_who_follow_the_site_get_every_article(self) -> None:
        self.follow(self.reader, "site")
        self.address("pat@example.org", "site")
        assert self.receivers(self.publish()) == ["pat@example.org", self.reader.email]
        other = save_draft(None, by=self.other_author, title="By another", body="Words.")
        publish(other, by=self.other_author, now=self.now)
        assert self.receivers(self.begin()) == ["pat@example.org", self.reader.email]

    def test_of_all_reasons_the_strongest_counts_and_its_end_leaves_the_next(self) -> None:
        kinds = ["promise_kept", "next_part", "author_published", "site_published"]
        everything = list(self.scopes)
        for place, kind in enumerate(kinds):
            person, address = make_user(f"p{place}"), f"p{place}@mail.example"
            self.follow(person, *everything[place:])
            self.address(address, *everything[place:])
            with self.subTest(kind):
                self.only_freeze_again()
                rows = Outgoing.objects.filter(subscription__address=address)
                assert [row.kind for row in rows] == [kind]
                assert [row.kind for row in Outgoing.objects.filter(person=person)] == [kind]
                assert [n.kind for n in Notification.objects.filter(recipient=person)] == [kind]

    def only_freeze_again(self) -> None:
        Outgoing.objects.all().delete()
        Notification.objects.all().delete()
        Announcement.objects.all().delete()
        Post.objects.filter(pk=self.draft.pk).update(published_at=None, live_revision=None)
        self.draft = self.new_draft_in_place()
        self.only_freeze()

    def new_draft_in_place(self) -> Post:
        draft = self.new_draft("Kept again")
        part = Part.objects.get(series=self.series, position=2)
        Part.objects.filter(pk=part.pk).update(post=None)
        part.refresh_from_db()
        place_post(draft, part)
        return draft

    def test_it_comes_alone_ten_minutes_after_its_publication(self) -> None:
        self.follow(self.reader, "site", "series")
        publish(self.draft, by=self.author, now=self.now)
        tell_due(self.now + timedelta(minutes=9))
        assert self.at(self.now + timedelta(minutes=9)) == []
        assert self.receivers(self.begin()) == [self.reader.email]

    def test_the_database_refuses_a_second(self) -> None:
        self.follow(self.reader, "site")
        self.address("pat@example.org", "site")
        self.only_freeze()
        for row in Outgoing.objects.all():
            row.pk, row.kind, row.subject_id = None, "next_part", 12345
            with self.assertRaises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)

    def test_an_article_that_goes_out_again_is_sent_to_nobody(self) -> None:
        self.follow(self.reader, "site")
        assert len(self.publish()) == 1
        unpublish(self.draft, by=self.author)
        follow(self.stranger, "site", Key(1))
        assert self.publish() == []
        assert self.at(self.now + timedelta(days=9)) == []

    def test_a_promise_found_kept_later_is_not_a_second_mail(self) -> None:
        self.promise.parts.clear()
        self.follow(self.reader, "site", "promise")
        self.address("pat@example.org", "promise")
        assert self.receivers(self.publish()) == [self.reader.email]
        self.promise.parts.add(Part.objects.get(post=self.draft))
        self.promise.refresh_from_db()
        kept_since([self.promise], now=self.now)
        assert self.receivers(self.at(self.now + 2 * LATER)) == ["pat@example.org"]
        kinds = Notification.objects.filter(recipient=self.reader).values_list("kind", flat=True)
        assert list(kinds) == ["promise_kept"]


class FrozenTests(Issues):
    """Who is in the audience is decided when sending begins."""

    def test_who_follows_later_gets_the_next_one(self) -> None:
        self.enterContext(patch.object(telling, "BATCH", 1))
        self.follow(self.reader, "site")
        publish(self.draft, by=self.author, now=self.now)
        tell_due(self.now + LATER)
        late = self.now + LATER + timedelta(seconds=1)
        follow(self.stranger, "site", Key(1), now=late)
        self.address("pat@example.org", "site", at=late)
        assert self.receivers(self.at(late)) == [self.reader.email]

    def test_a_stronger_reason_of_later_takes_nobody_out(self) -> None:
        self.follow(self.reader, "site")
        publish(self.draft, by=self.author, now=self.now)
        tell_due(self.now + LATER)
        late = self.now + LATER + timedelta(seconds=1)
        follow(self.reader, "series", Key(self.series.pk), now=late)
        assert self.receivers(self.at(late)) == [self.reader.email]

    def test_who_ends_it_before_it_is_sent_gets_nothing(self) -> None:
        self.follow(self.reader, "series", "site")
        self.follow(self.stranger, "site")
        self.address("pat@example.org", "series")
        self.only_freeze()
        stop(self.reader, "series", Key(self.series.pk))
        Subscription.objects.of_address("pat@example.org").update(ended_at=self.now)
        assert self.receivers(self.at(self.now + LATER)) == [self.stranger.email]
        reasons = Outgoing.objects.filter(state="dropped").values_list("reason", flat=True)
        assert list(reasons) == ["not_wanted"] * 2

    def test_a_batch_that_is_killed_repeats_and_forgets_nobody(self) -> None:
        self.enterContext(patch.object(telling, "BATCH", 3))
        people = [make_user(f"f{number}") for number in range(8)]
        for person in people:
            self.follow(person, "site", "author")
        addresses = [f"a{number}@mail.example" for number in range(8)]
        for each in addresses:
            self.address(each, "series", "site")
        calls: list[Any] = []

        def dies(*args: Any, **kwargs: Any) -> None:
            notify_all(*args, **kwargs)
            calls.append(args)
            if len(calls) % 3 == 2:
                raise RuntimeError

        publish(self.draft, by=self.author, now=self.now)
        tell_due(self.now + LATER)
        with patch.object(telling, "notify_all", dies):
            for _ in range(20):
                Job.objects.filter(status="READY").update(run_after=self.now)
                worker = JobWorker()
                worker._next_periodic = float("inf")
                while worker.turn():
                    pass
        assert len(calls) > 6
        everybody = sorted([*addresses, *(person.email or "" for person in people)])
        assert self.receivers(self.at(self.now + LATER)) == everybody
        assert self.at(self.now + timedelta(days=1)) == []

    def test_an_account_that_takes_an_address_over_meanwhile_gets_it_once(self) -> None:
        self.address(self.reader.email or "", "site")
        self.only_freeze()
        joining.join(self.reader, self.reader.email or "")
        assert self.receivers(self.at(self.now + LATER)) == [self.reader.email]
        assert self.at(self.now + timedelta(days=1)) == []

    def test_an_address_that_makes_an_account_while_it_is_sent_gets_it_once(self) -> None:
        """A worker has claimed the mail and written it, and the server has not taken it yet."""
        address = self.reader.email or ""
        hand_over = sending._hand_over

        def joins(*args: Any) -> None:
            joining.join(self.reader, address)
            hand_over(*args)

        for follows_too in (False, True):
            with self.subTest(follows_too=follows_too), transaction.atomic():
                self.address(address, "site")
                if follows_too:
                    self.follow(self.reader, "series")
                self.only_freeze()
                # Of two rows the one of the account waits, as for the rest of the day.
                Outgoing.objects.filter(person=self.reader).update(due_at=self.now + 9 * LATER)
                with patch.object(sending, "_hand_over", joins):
                    assert self.receivers(self.at(self.now + LATER)) == [address]
                kinds = Notification.objects.filter(recipient=self.reader).values_list("kind")
                assert len(kinds) == 1
                assert self.at(self.now + timedelta(days=1)) == []
                assert Outgoing.objects.get().state == "sent"
                transaction.set_rollback(True)

    def test_a_series_that_changes_between_two_batches_leaves_nobody_out(self) -> None:
        self.enterContext(patch.object(telling, "BATCH", 1))
        people = [make_user(f"s{number}") for number in range(3)]
        for person in people:
            self.follow(person, "series")
        self.address("pat@example.org", "series", "author")
        publish(self.draft, by=self.author, now=self.now)
        tell_due(self.now + LATER)
        worker = JobWorker()
        worker._next_periodic = float("inf")
        while Outgoing.objects.count() == 0:
            assert worker.turn()
        Part.objects.filter(post=self.draft).update(series=make_series(self.author, title="New"))
        while worker.turn():
            pass
        told = {row.address or row.person.email for row in Outgoing.objects.all()}  # type: ignore[union-attr]
        assert told == {"pat@example.org", *(person.email for person in people)}
        assert set(Outgoing.objects.values_list("kind", flat=True)) == {"next_part"}

    def test_taken_back_half_way_the_rest_are_not_sent(self) -> None:
        self.follow(self.reader, "site")
        self.address("pat@example.org", "site")
        self.only_freeze()
        unpublish(self.draft, by=self.author)
        assert self.at(self.now + LATER) == []
        reasons = Outgoing.objects.values_list("reason", flat=True)
        assert list(reasons) == ["gone", "gone"]


class WaysTests(Issues):
    """Ways of mail, and who gets none."""

    def test_once_a_day_it_is_a_line_and_none_is_none(self) -> None:
        for person in (self.reader, self.stranger, self.moderator):
            self.follow(person, "series")
        ways.choose(self.reader, "group:followed", Way.DAILY)
        ways.choose(self.stranger, f"series:{self.series.pk}", Way.NONE)
        assert self.receivers(self.publish()) == [self.moderator.email]
        [daily] = self.at(self.now + timedelta(days=1))
        assert daily.to == [self.reader.email]
        assert "1 notification today" in daily.subject
        assert "Kept at last" in daily.body
        assert self.at(self.now + timedelta(days=9)) == []

    def test_an_author_who_is_suspended_before_it_is_sent(self) -> None:
        """Another author speaks for it; without one it is not mailed."""
        self.address("pat@example.org", "site")
        self.follow(self.reader, "author")
        self.draft.authorships.create(user=self.other_author, position=1)
        self.only_freeze()
        User.objects.filter(pk=self.author.pk).update(banned_at=self.now)
        first = Outgoing.objects.filter(address="pat@example.org")
        Outgoing.objects.exclude(pk__in=first).update(due_at=self.now + 3 * LATER)
        assert self.receivers(self.at(self.now + LATER)) == ["pat@example.org"]
        User.objects.filter(pk=self.other_author.pk).update(banned_at=self.now)
        assert self.at(self.now + 4 * LATER) == []
        assert Outgoing.objects.get(person=self.reader).reason == "gone"

    def test_suspended_erased_and_stopped_get_none(self) -> None:
        gone = make_user("gone")
        for person in (self.reader, self.stranger, gone, self.suspended, self.moderator):
            self.follow(person, "site")
        self.address("pat@example.org", "site")
        StoppedAddress.objects.create(address="pat@example.org")
        StoppedAddress.objects.create(address=self.reader.email or "")
        User.objects.filter(pk=self.stranger.pk).update(banned_at=self.now)
        erasure.erase(gone, delete_texts=False)
        assert self.receivers(self.publish()) == [self.moderator.email]

    def test_at_most_twenty_a_day_come_at_once(self) -> None:
        self.follow(self.reader, "author")
        for number in range(19):
            publish(self.new_draft(f"Number {number}"), by=self.author, now=self.now)
        assert len(self.begin()) == 18
        [daily] = self.at(self.now + timedelta(days=1, hours=1))
        assert "1 notification today" in daily.subject


class StoppingTests(Issues):
    """The link in the mail ends the reason that it names, and nothing else."""

    def test_one_click_ends_one_scope_for_accounts_and_addresses(self) -> None:
        self.follow(self.reader, "series", "author")
        self.address("pat@example.org", "series", "author")
        program = Client(enforce_csrf_checks=True)
        for message in self.publish():
            link = self.stop_link(message)
            assert program.get(link).status_code == 200
            assert Subscription.objects.active().filter(target="series").exists()
            assert program.post(link, ONE_CLICK).status_code == 200
            assert "Nothing to change" in program.post(link, ONE_CLICK).text
        assert set(Subscription.objects.active().values_list("target", flat=True)) == {"author"}
        assert ways.choices_of(self.reader) == {}
        assert len(self.publish(self.new_draft("The next"))) == 2

    def test_it_can_be_undone(self) -> None:
        self.follow(self.reader, "site")
        [message] = self.publish()
        link = self.stop_link(message)
        program = Client()
        self.assertContains(program.post(link, ONE_CLICK), "Undo")
        program.post(link, {"way": "soon"})
        assert Subscription.objects.of(self.reader).active().exists()

    def test_nobody_ends_what_another_follows(self) -> None:
        self.follow(self.reader, "site")
        row = Subscription.objects.of(self.reader).get()
        link = MailLink(self.stranger.pk, scopes.of_subscription(row.pk))
        address = scopes.address_of(link).removeprefix("http://testserver")
        assert Client().post(address, ONE_CLICK).status_code == 404
        assert Client().post(f"{address[:-4]}abc/", ONE_CLICK).status_code == 404
        row.refresh_from_db()
        assert row.is_active

    def test_an_old_mail_to_an_address_ends_what_its_account_took_over(self) -> None:
        self.address(self.reader.email or "", "site")
        [message] = self.publish()
        joining.join(self.reader, self.reader.email or "")
        assert Client().post(self.stop_link(message), ONE_CLICK).status_code == 200
        assert not Subscription.objects.of(self.reader).active().exists()
