"""Test the webhooks of providers: what stops an address, and how often it is recorded."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection
from django.test import Client, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.me import erasure
from notifications.deliverability import events, pausing
from notifications.deliverability.figures import Figures
from notifications.deliverability.models import DeliveryEvent, WebhookEvent
from notifications.models import StoppedAddress, Subscription
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import make_user
from tests.notifications.mailing.mailbox import at

from .sendings import Sendings, sent
from .telling import (
    brevo,
    mailgun,
    mailjet,
    mailtrap,
    postmark,
    send,
    settings_of,
    stopped,
)

DAY = timedelta(days=1)


class KindTests(Cast):
    """Which reports stop an address, by the words of each provider."""

    def stops(self, provider: str, told: Any) -> str:
        """Return why `told` stops the address of the reader, an empty text if it does not."""
        for model in (StoppedAddress, DeliveryEvent, WebhookEvent):
            model.objects.all().delete()
        with override_settings(**settings_of(provider)):
            answer = send(told)
        assert (answer.status_code, answer.content) == (200, b"")
        return stopped().get(str(self.reader.email), "")

    def test_brevo(self) -> None:
        for word, cause in {
            "hard_bounce": "bounce",
            "invalid_email": "bounce",
            "spam": "complaint",
            "complaint": "complaint",
            "soft_bounce": "",
            "blocked": "",
            "deferred": "",
            "error": "",
            "delivered": "",
            "unique_opened": "",
            "unsubscribe": "",
            "a word of tomorrow": "",
        }.items():
            with self.subTest(word):
                assert self.stops("brevo", brevo(word, self.reader.email)) == cause

    def test_mailgun(self) -> None:
        failed = {"severity": "permanent", "reason": "bounce"}
        for word, more, cause in (
            ("failed", failed, "bounce"),
            ("failed", {**failed, "reason": "suppress-bounce"}, "bounce"),
            ("complained", {}, "complaint"),
            ("failed", {**failed, "severity": "temporary"}, ""),
            ("failed", {**failed, "reason": "generic"}, ""),
            ("failed", {**failed, "reason": "suppress-unsubscribe"}, ""),
            ("rejected", {"reject": {"reason": "Sandbox"}}, ""),
            ("delivered", {}, ""),
            ("unsubscribed", {}, ""),
        ):
            with self.subTest(word, **more):
                assert self.stops("mailgun", mailgun(word, self.reader.email, **more)) == cause

    def test_mailjet(self) -> None:
        unknown = {"error_related_to": "recipient", "error": "user unknown"}
        for word, more, cause in (
            ("bounce", {"hard_bounce": True, "blocked": False, **unknown}, "bounce"),
            ("blocked", unknown, "bounce"),
            ("spam", {"source": "JMRPP"}, "complaint"),
            ("blocked", {**unknown, "error": "spam reporter"}, "complaint"),
            ("bounce", {"hard_bounce": False, "blocked": True, **unknown}, ""),
            ("bounce", {"hard_bounce": True, "error": "quota exceeded"}, ""),
            ("blocked", {"error_related_to": "mailjet", "error": "preblocked"}, ""),
            ("blocked", {"error_related_to": "spam", "error": "content blocked"}, ""),
            ("sent", {}, ""),
            ("unsub", {}, ""),
        ):
            with self.subTest(word, **more):
                told = mailjet(word, self.reader.email, **more)
                assert self.stops("mailjet", told) == self.stops("mailjet", [told]) == cause

    def test_mailtrap(self) -> None:
        for word, cause in {
            "bounce": "bounce",
            "spam": "complaint",
            "soft bounce": "",
            "suspension": "",
            "reject": "",
            "delivery": "",
            "unsubscribe": "",
        }.items():
            with self.subTest(word):
                assert self.stops("mailtrap", mailtrap(word, self.reader.email)) == cause

    def test_postmark(self) -> None:
        for word, cause in {
            "HardBounce": "bounce",
            "BadEmailAddress": "bounce",
            "SpamComplaint": "complaint",
            "SoftBounce": "",
            "Transient": "",
            "SpamNotification": "",
            "Blocked": "",
            "DMARCPolicy": "",
            "ManuallyDeactivated": "",
            "VirusNotification": "",
            "AutoResponder": "",
            "Unsubscribe": "",
            "Unknown": "",
        }.items():
            with self.subTest(word):
                assert self.stops("postmark", postmark(word, self.reader.email)) == cause

    def test_a_suppression_of_postmark_counts_by_its_reason(self) -> None:
        for reason, cause in (("HardBounce", "bounce"), ("ManualSuppression", "")):
            told = {
                "RecordType": "SubscriptionChange",
                "MessageID": "b4cb783d",
                "ChangedAt": timezone.now().isoformat(),
                "Recipient": self.reader.email,
                "SuppressSending": True,
                "SuppressionReason": reason,
            }
            assert self.stops("postmark", told) == cause


@override_settings(**settings_of("postmark"))
class RecordTests(Sendings):
    """What is recorded of a report, and how often."""

    def bounce(self, email: Any = None, **more: Any) -> dict[str, Any]:
        return postmark("HardBounce", self.reader.email if email is None else email, **more)

    def test_the_address_is_stopped_whatever_its_capitals(self) -> None:
        send(self.bounce(str(self.reader.email).upper()))
        assert stopped() == {self.reader.email: "bounce"}
        assert events.figures() == Figures(0, 1, 0)

    def test_nothing_is_kept_but_hashes_and_the_stopped_address(self) -> None:
        send(self.bounce(Details="550 5.1.1 no such user", MessageID="of-this-message"))
        kept = [*DeliveryEvent.objects.values_list(), *WebhookEvent.objects.values_list()]
        assert len(kept) == 2
        for word in (str(self.reader.email), "901542550", "of-this-message", "5.1.1"):
            assert word not in str(kept)

    def test_an_address_of_nobody_leaves_no_row(self) -> None:
        unconfirmed = Subscription.objects.create(
            address="asked@example.org", target="author", target_id=self.author.pk
        )
        for address in ("nobody@example.org", unconfirmed.address, ""):
            assert send(self.bounce(address)).status_code == 200
        assert not WebhookEvent.objects.exists()
        assert not DeliveryEvent.objects.exists()
        assert stopped() == {}

    def test_an_address_without_an_account_is_stopped(self) -> None:
        Subscription.objects.create(
            address="pat@example.org",
            target="author",
            target_id=self.author.pk,
            confirmed_at=timezone.now(),
        )
        send(self.bounce("Pat@Example.org"))
        assert stopped() == {"pat@example.org": "bounce"}

    def test_told_again_it_does_not_stop_an_address_that_is_tried_again(self) -> None:
        told = self.bounce()
        for _n in range(3):
            assert send(told).status_code == 200
        assert events.figures() == Figures(0, 1, 0)
        self.sign_in(self.reader)
        self.client.post("/me/notifications/settings/address/")
        with at(timezone.now() + DAY):
            assert send(told).status_code == 200
            assert stopped() == {}
            assert DeliveryEvent.objects.count() == 1
            send(self.bounce(ID=2))
        assert stopped() == {self.reader.email: "bounce"}

    def test_what_has_no_number_is_known_by_message_address_and_time(self) -> None:
        told = brevo("hard_bounce", self.reader.email)
        later = brevo("hard_bounce", self.reader.email, at=timezone.now() + DAY)
        with override_settings(**settings_of("brevo")):
            send(told)
            StoppedAddress.objects.all().delete()
            send({**told, "email": str(self.reader.email).upper()})
            assert stopped() == {}
            send({**told, "email": self.stranger.email})
            send(later)
        assert stopped().keys() == {self.stranger.email, self.reader.email}

    def test_a_bounce_and_a_complaint_under_one_number_are_two_events(self) -> None:
        send(self.bounce())
        send(postmark("SpamComplaint", self.reader.email))
        assert events.figures() == Figures(0, 1, 1)
        assert stopped() == {self.reader.email: "bounce"}

    def test_what_is_older_than_the_memory_of_events_is_passed_over(self) -> None:
        told = self.bounce()
        send(told)
        StoppedAddress.objects.all().delete()
        with at(timezone.now() + (events.KEPT_DAYS + 1) * DAY):
            events.purge()
            assert not WebhookEvent.objects.exists()
            assert send(told).status_code == 200
        assert stopped() == {}

    def test_a_report_without_a_time_counts(self) -> None:
        told = self.bounce()
        del told["BouncedAt"]
        send(told)
        assert stopped() == {self.reader.email: "bounce"}

    def test_enough_complaints_pause_articles_and_notify_an_admin(self) -> None:
        sent(200)
        for number in range(5):
            assert not pausing.articles_are_paused()
            send(postmark("SpamComplaint", make_user().email, ID=number))
        assert pausing.articles_are_paused()

    def test_after_an_erasure_a_repetition_records_nothing(self) -> None:
        told = self.bounce()
        send(told)
        erasure.erase(self.reader, delete_texts=False)
        send({**told, "ID": 2})
        assert stopped() == {}
        assert events.figures().bounces == 1

    def test_a_fault_of_the_database_records_nothing_and_is_told_again(self) -> None:
        told = self.bounce()
        with patch(
            "notifications.deliverability.actions.pause_if_bad", side_effect=OperationalError
        ):
            outside = Client(raise_request_exception=False)
            assert send(told, client=outside).status_code == 503
        assert not WebhookEvent.objects.exists()
        assert stopped() == {}
        assert send(told).status_code == 200
        assert stopped() == {self.reader.email: "bounce"}


class BatchTests(Sendings):
    """Many reports at once."""

    def told(self, people: list[User]) -> dict[str, Any]:
        one_each = [mailtrap("bounce", person.email)["events"][0] for person in people]
        return {"events": one_each}

    def queries(self, told: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert send(told).status_code == 200
        return len(asked)

    @override_settings(**settings_of("mailtrap"))
    def test_a_thousand_reports_take_as_many_queries_as_two(self) -> None:
        people = [make_user() for _n in range(6)]
        few = self.queries(self.told(people[:2]))
        many = self.told(people[2:])
        many["events"] += [
            mailtrap("bounce", f"nobody{n}@example.org")["events"][0] for n in range(996)
        ]
        assert self.queries(many) == few
        assert stopped().keys() == {person.email for person in people}
        assert events.figures().bounces == 6

    @override_settings(**settings_of("mailtrap"))
    def test_one_person_a_thousand_times_is_one_event_and_pauses_nothing(self) -> None:
        sent(200)
        many = [mailtrap("spam", self.reader.email, event_id=n)["events"][0] for n in range(1000)]
        assert send({"events": many}).status_code == 200
        assert events.figures() == Figures(200, 0, 1)
        assert not pausing.articles_are_paused()

    @override_settings(**settings_of("mailtrap"))
    def test_one_that_nobody_understands_keeps_all_from_being_recorded(self) -> None:
        told = self.told([self.reader])
        told["events"].append({"event": "bounce"})
        with self.assertLogs(level="WARNING") as log:
            assert send(told).status_code == 400
        assert "A webhook of Mailtrap was not understood: KeyError" in log.output[0]
        assert str(self.reader.email) not in "".join(log.output)
        assert stopped() == {}


class AtOnceTests(TransactionTestCase):
    """The same webhook several times at the same moment."""

    @override_settings(**settings_of("postmark"))
    def test_it_is_recorded_once(self) -> None:
        told = postmark("HardBounce", make_user("ines").email)
        answers = at_once(*[lambda: send(told).status_code] * 5)
        assert answers == [200] * 5
        assert WebhookEvent.objects.count() == 1
        assert events.figures() == Figures(0, 1, 0)
