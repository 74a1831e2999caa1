"""Test the outbox with a mail server: down, slow, refusing; and a worker that is killed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from core import limits
from notifications.mailing import composing, health, outbox, sending
from notifications.mailing.models import Outgoing, OutgoingState, StoppedAddress
from notifications.models import Unsent
from tests.factories import make_user
from tests.services import free_port

from ..mail_server import MailServer, mail_server
from ..test_mail import SMTP, through
from .mailbox import SOON, Mailbox, at, run_worker

MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """The worker is gone, and nothing that it would do afterwards happens."""


class ServerTests(Mailbox):
    """One event, or some, and a server."""

    def deliver(self, passed: timedelta = SOON, **replies: str) -> MailServer:
        with mail_server(**replies) as server, through(server):
            self.after(passed)
        return server

    def replies_to_others(self, number: int) -> None:
        """Let so many more people be replied to."""
        for each in range(number):
            person = make_user(f"reader-{each}", is_demo=True)
            self.write(self.stranger, self.write(person))

    def test_it_arrives_as_two_forms_of_one_mail(self) -> None:
        self.reply()
        (message,) = self.deliver().taken
        parts = [part.get_content_type() for part in message.walk()]
        assert parts == ["multipart/alternative", "text/plain", "text/html"]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert Outgoing.objects.get().state == OutgoingState.SENT

    def test_a_server_that_is_down_for_an_hour_loses_nothing(self) -> None:
        for _n in range(3):
            self.reply(by=self.moderator)
        begins = timezone.now() + SOON
        away = {
            "EMAIL_DELIVERY_BACKEND": SMTP,
            "EMAIL_PORT": free_port(),
            "EMAIL_HOST": "127.0.0.1",
        }
        with self.settings(**away):
            for minute in range(60):
                with at(begins + minute * MINUTE):
                    run_worker()
        assert not Outgoing.objects.filter(state=OutgoingState.SENT).exists()
        with mail_server() as server, through(server):
            for minute in range(60, 63):
                with at(begins + minute * MINUTE):
                    run_worker()
        assert len(server.taken) == 1
        assert {row.state for row in Outgoing.objects.all()} == {OutgoingState.SENT}

    def test_an_address_that_does_not_exist_is_not_tried_again(self) -> None:
        self.reply()
        self.deliver(RCPT="550 5.1.1 no such user")
        assert self.reason() == "refused"
        assert StoppedAddress.objects.get().address == self.reader.email
        self.reply("Another.")
        assert self.deliver(2 * SOON).taken == []
        told = Unsent.objects.filter(recipient=self.reader).values_list("reason", flat=True)
        assert list(told) == ["address", "address"]
        self.sign_in(self.reader)
        page = self.client.get("/me/notifications/not-sent/")
        self.assertContains(page, "your address does not take our e-mail", count=2)

    def test_a_refusal_for_another_reason_stops_no_address(self) -> None:
        self.reply()
        self.deliver(RCPT="550 5.7.1 not today")
        assert self.reason() == "refused"
        assert not StoppedAddress.objects.exists()

    def test_a_mailbox_that_is_full_gets_it_later(self) -> None:
        self.reply()
        self.deliver(RCPT="452 4.2.2 full")
        assert Outgoing.objects.get().attempts == 1
        assert len(self.deliver(2 * SOON).taken) == 1

    def test_after_many_attempts_it_is_given_up(self) -> None:
        self.reply()
        self.enterContext(patch.object(limits, "JOB_ATTEMPTS", 3))
        for hour in range(1, 5):
            self.deliver(timedelta(hours=hour), RCPT="452 4.2.2 full")
        assert self.reason() == "failed"

    def test_a_server_that_breaks_off_at_one_mail_gets_the_others_and_that_one_is_given_up(
        self,
    ) -> None:
        self.enterContext(patch.object(limits, "JOB_ATTEMPTS", 3))
        self.reply("Fatal words")
        self.replies_to_others(3)
        with mail_server() as server, through(server):
            server.breaks_at = b"Fatal words"
            self.after()
            assert len(server.taken) == 3
            attempts = Outgoing.objects.values_list("attempts", flat=True)
            assert list(attempts.order_by("-attempts")) == [1, 0, 0, 0]
            for hour in (1, 2, 3):
                self.after(timedelta(hours=hour))
            assert len(server.taken) == 3
        assert Outgoing.objects.get(person=self.reader).reason == "failed"

    def test_a_server_that_breaks_off_at_every_mail_is_left_alone_soon(self) -> None:
        self.replies_to_others(4)
        with mail_server() as server, through(server):
            server.breaks_at = b"e"
            self.after()
            assert server.connections == sending.BREAKS
            tried = Outgoing.objects.filter(attempts=1)
            assert tried.count() == sending.BREAKS
            server.breaks_at = b""
            self.after(timedelta(hours=1))
            assert len(server.taken) == 4

    def test_one_that_is_too_large_for_the_server_holds_up_no_other(self) -> None:
        self.reply()
        self.replies_to_others(1)
        assert self.deliver(MAIL="552 5.3.4 too large").taken == []
        assert list(Outgoing.objects.values_list("attempts", flat=True)) == [1, 1]
        assert len(self.deliver(timedelta(hours=1)).taken) == 2

    def test_one_that_cannot_be_written_holds_up_no_other(self) -> None:
        self.reply()
        other = self.write(self.moderator)
        self.write(self.stranger, other)
        whole = composing.compose

        def failing(mail: Any, rows: Any) -> Any:
            if rows[0].person_id == self.reader.pk:
                raise ZeroDivisionError
            return whole(mail, rows)

        with patch("notifications.mailing.sending.compose", failing):
            (message,) = self.deliver().taken
        assert message["To"] == self.moderator.email
        assert Outgoing.objects.get(person=self.reader).attempts == 1
        assert len(self.deliver(2 * SOON).taken) == 1


class KilledTests(Mailbox):
    """A worker dies at every step; the next one takes over once the lease has ended."""

    def steps(self) -> Iterator[tuple[str, Any, int]]:
        """Yield where the worker dies, and how many mails arrive in all."""
        yield "before planning", patch.object(sending, "plan_due", side_effect=Killed), 1
        yield "before claiming", patch.object(outbox, "claim", side_effect=Killed), 1
        yield "before sending", patch.object(sending, "compose", side_effect=Killed), 1
        yield "before recording", patch.object(sending, "_record", side_effect=Killed), 2

    def test_nothing_is_lost_and_one_mail_doubled_at_most(self) -> None:
        for step, dying, arrived in self.steps():
            with self.subTest(step), mail_server() as server, through(server):
                Outgoing.objects.all().delete()
                self.reply(f"A reply {step}")
                moment = timezone.now() + SOON
                with at(moment), dying, self.assertRaises(Killed):
                    sending.send_due.func()
                with at(moment + MINUTE):
                    run_worker()
                with at(moment + timedelta(seconds=limits.MAIL_LEASE) + MINUTE):
                    run_worker()
                assert len(server.taken) == arrived
                assert len({message["Message-ID"] for message in server.taken}) == 1
                assert Outgoing.objects.get().state == OutgoingState.SENT

    def test_a_lost_database_while_recording_is_waited_for(self) -> None:
        self.reply()
        failing = patch.object(sending, "_record", side_effect=OperationalError)
        with failing, at(timezone.now() + SOON), self.assertRaises(OperationalError):
            sending.send_due.func()
        assert Outgoing.objects.get().state == OutgoingState.READY

    def test_two_workers_send_it_once(self) -> None:
        self.reply()
        moment = timezone.now() + SOON
        with at(moment), patch.object(sending, "_send_ready", return_value=0):
            sending.send_due.func()
        mail = Outgoing.objects.get().mail
        assert mail is not None
        assert outbox.claim(mail, moment)
        assert not outbox.claim(mail, moment)


class HealthTests(Mailbox):
    """What the operator sees."""

    def test_a_stuck_outbox_is_seen_and_no_page_fails(self) -> None:
        assert "outbox: nothing due" in self.client.get("/readyz").text
        self.reply()
        stuck = timezone.now() + SOON + timedelta(seconds=limits.MAIL_STUCK)
        with at(stuck):
            answer = self.client.get("/readyz")
            assert answer.status_code == 200
            assert ": stuck" in answer.text
            (warning,) = health.check_outbox()
            assert warning.id == "notifications.W001"
            assert self.client.get("/").status_code == 200
        with at(timezone.now() + SOON):
            assert "outbox: 1 due, the oldest for " in self.client.get("/readyz").text
            assert health.check_outbox() == []

    def test_check_without_a_database_says_nothing(self) -> None:
        with patch.object(health, "report", side_effect=OperationalError):
            call_command("check")
