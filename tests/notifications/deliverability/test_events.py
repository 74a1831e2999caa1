"""Test that bounces and complaints are recorded, counted once, and forgotten."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

from comments.actions.comments import delete_comment
from comments.me import erasure
from comments.me.export import export_of
from notifications.addresses import digest_of
from notifications.deliverability import events
from notifications.deliverability.figures import DAYS, Figures
from notifications.deliverability.models import DeliveryEvent, EventKind, SentOnDay
from notifications.mailing import sending
from notifications.mailing.models import StoppedAddress
from notifications.models import Subscription
from tests.factories import make_user
from tests.notifications.mail_server import mail_server
from tests.notifications.mailing.mailbox import SOON, Mailbox, at, run_worker
from tests.notifications.test_mail import through

from .sendings import Sendings, sent

DAY = timedelta(days=1)
NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


class RecordTests(Sendings):
    """What is stored of an event."""

    def test_an_event_stops_the_address_and_is_kept_without_it(self) -> None:
        for kind, person in ((EventKind.BOUNCE, self.reader), (EventKind.COMPLAINT, self.stranger)):
            with self.subTest(kind):
                assert events.record(str(person.email).upper(), kind)
                assert StoppedAddress.objects.get(address=person.email).cause == kind
                (stored,) = DeliveryEvent.objects.filter(kind=kind).values_list()
                assert str(person.email) not in str(stored)

    def test_told_twice_it_is_one_event(self) -> None:
        for _n in range(5):
            events.record(str(self.reader.email), EventKind.COMPLAINT)
        assert events.figures() == Figures(0, 0, 1)

    def test_an_address_counts_once_a_week_however_often_its_owner_tries_again(self) -> None:
        for day in range(5):
            StoppedAddress.objects.all().delete()
            events.record(str(self.reader.email), EventKind.BOUNCE, now=NOON + day * DAY)
        assert events.figures(NOON + 5 * DAY) == Figures(0, 1, 0)

    def test_a_mailbox_counts_once_however_many_addresses_lead_to_it(self) -> None:
        for name in ("pat", "pat+1", "pat+2", "p.at"):
            make_user(f"pat{len(name)}{name[-1]}", email=f"{name}@gmail.com")
            assert events.record(f"{name}@gmail.com", EventKind.COMPLAINT)
        assert StoppedAddress.objects.count() == 4
        assert events.figures() == Figures(0, 0, 1)

    def test_made_up_addresses_count_for_nothing(self) -> None:
        unconfirmed = Subscription.objects.create(
            address="asked@example.org", target="author", target_id=self.author.pk
        )
        for address in ("nobody@example.org", unconfirmed.address, "", "\n"):
            assert not events.record(address, EventKind.COMPLAINT)
        assert events.figures() == Figures(0, 0, 0)
        assert not StoppedAddress.objects.exists()

    def test_an_address_without_an_account_counts(self) -> None:
        Subscription.objects.create(
            address="pat@example.org",
            target="author",
            target_id=self.author.pk,
            confirmed_at=timezone.now(),
        )
        assert events.record("pat@example.org", EventKind.BOUNCE)
        assert events.figures() == Figures(0, 1, 0)

    def test_seven_days_count(self) -> None:
        for day, mails in ((0, 5), (DAYS - 1, 7), (DAYS, 100)):
            sent(mails, NOON - day * DAY)
            self.happens(EventKind.BOUNCE, now=NOON - day * DAY)
        assert events.figures(NOON) == Figures(12, 2, 0)

    def test_after_a_month_nothing_is_left(self) -> None:
        sent(1, NOON)
        self.happens(EventKind.BOUNCE, now=NOON)
        assert events.purge(NOON + events.KEPT_DAYS * DAY) == 0
        assert events.purge(NOON + (events.KEPT_DAYS + 1) * DAY) == 2
        assert not DeliveryEvent.objects.exists()
        assert not SentOnDay.objects.exists()

    def test_an_erased_account_is_cut_from_its_events_and_the_figures_stay(self) -> None:
        events.record(str(self.reader.email), EventKind.COMPLAINT)
        assert export_of(self.reader)["bounces_and_complaints"][0]["kind"] == "complaint"
        digest = digest_of(str(self.reader.email))
        erasure.erase(self.reader, delete_texts=False)
        assert not DeliveryEvent.objects.filter(digest=digest).exists()
        assert not StoppedAddress.objects.exists()
        assert events.figures().complaints == 1


class ServerTests(Mailbox):
    """What a mail server says, from its reply to the figures."""

    def deliver(self, **replies: str) -> None:
        with mail_server(**replies) as server, through(server), at(timezone.now() + SOON):
            run_worker()

    def test_every_mail_that_is_taken_counts_once(self) -> None:
        self.reply()
        self.deliver()
        assert SentOnDay.objects.get().mails == 1
        self.deliver()
        assert SentOnDay.objects.get().mails == 1

    def test_a_mail_of_which_nothing_is_left_does_not_count(self) -> None:
        reply = self.reply()
        with at(timezone.now() + SOON), patch.object(sending, "_send_ready", return_value=0):
            sending.send_due.func()
        delete_comment(reply)
        self.deliver()
        assert not SentOnDay.objects.exists()

    def test_only_replies_about_the_receivers_address_are_bounces(self) -> None:
        for reply, bounces in (
            ("550 5.1.1 no such user", 1),
            ("550 5.1.10 takes no mail", 1),
            ("550 5.1.7 bad sender", 0),
            ("550 5.1.8 sender does not exist", 0),
            ("550 5.7.1 not today", 0),
            ("450 4.1.1 perhaps later", 0),
            ("550 no such user", 0),
        ):
            with self.subTest(reply):
                DeliveryEvent.objects.all().delete()
                StoppedAddress.objects.all().delete()
                self.reply(f"A reply: {reply}")
                self.deliver(RCPT=reply)
                assert events.figures(timezone.now() + SOON).bounces == bounces
                assert StoppedAddress.objects.count() == bounces
