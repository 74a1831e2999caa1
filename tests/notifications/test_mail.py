"""Test outgoing mail: queued with its transaction, delivered once to the mail server."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends import smtp
from django.db import transaction
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult as Job

from core.jobs.worker import JobWorker
from notifications.mail import pack, unpack
from tests.cast import Cast
from tests.made_once import real_environment
from tests.services import ROOT, free_port

from .mail_server import MailServer, mail_server

LOCAL = "django.core.mail.backends.locmem.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
QUEUED = {"EMAIL_BACKEND": "notifications.mail.QueuedBackend", "EMAIL_DELIVERY_BACKEND": LOCAL}


class FailingCloseBackend(smtp.EmailBackend):
    """A connection that always breaks when it is closed."""

    def close(self) -> None:
        """Close the connection, and raise."""
        super().close()
        raise TimeoutError


def send(text: str = "Your code is ABCD-EFGH.") -> None:
    send_mail("Your code", text, None, ["robin@example.org"])


def through(server: MailServer) -> Any:
    """Let mail go to `server`."""
    return override_settings(
        **QUEUED | {"EMAIL_DELIVERY_BACKEND": SMTP},
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port, EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
    )  # fmt: skip


@override_settings(**QUEUED)
class QueueTests(TestCase):
    """Mail queued in the request that sends it."""

    def test_it_waits_for_the_worker_and_is_forgotten_once_delivered(self) -> None:
        send()
        assert not mail.outbox
        assert JobWorker().turn()
        (message,) = mail.outbox
        assert (message.subject, message.to) == ("Your code", ["robin@example.org"])
        assert "ABCD-EFGH" in str(message.body)
        assert "ABCD" not in str(Job.objects.values())

    def test_nothing_is_sent_for_a_transaction_that_is_rolled_back(self) -> None:
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            send()
            raise ZeroDivisionError
        assert not JobWorker().turn()
        assert not mail.outbox

    def test_no_receiver_no_mail(self) -> None:
        assert EmailMessage("Subject", "Text").send() == 0
        assert not Job.objects.exists()

    def test_what_cannot_be_a_mail_is_refused_at_once(self) -> None:
        with self.assertRaises(mail.BadHeaderError):
            send_mail("Two\nlines", "Text", None, ["robin@example.org"])
        message = EmailMessage("Subject", "Text", None, ["robin@example.org"])
        message.attach("file.txt", "content")
        with self.assertRaisesMessage(ValueError, "attachments"):
            message.send()
        assert not Job.objects.exists()


@override_settings(**QUEUED)
class SignInMailTests(Cast):
    """Mail for signing in."""

    def test_a_code_to_sign_in_waits_for_no_mail_server(self) -> None:
        with override_settings(EMAIL_DELIVERY_BACKEND=SMTP, EMAIL_PORT=free_port()):
            answer = self.client.post(
                reverse("account_request_login_code"), {"email": self.reader.email}
            )
            assert answer.status_code == 302
        assert Job.objects.get().task_path == "notifications.mail.deliver"
        JobWorker().turn()
        assert mail.outbox[0].to == [self.reader.email]


def test_a_message_comes_out_as_it_went_in() -> None:
    message = EmailMultiAlternatives(
        "Grüße", "Plain", "Us <us@example.org>", ["a@example.org"], bcc=["hidden@example.org"],
        cc=["c@example.org"], reply_to=["r@example.org"], headers={"List-Id": "<list>"},
        alternatives=[("<p>Rich</p>", "text/html")],
    )  # fmt: skip
    letter = pack(message)
    first, second = unpack(letter), unpack(letter)
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert first.message()["Message-ID"].endswith("@testserver>")
    assert first.message()["Date"] == second.message()["Date"]
    assert first.recipients() == message.recipients()
    for name in ("Subject", "From", "To", "Cc", "Reply-To", "List-Id"):
        assert first.message()[name] == message.message()[name]
    parts = [part.get_content_type() for part in first.message().walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_an_identity_that_is_given_is_kept() -> None:
    message = EmailMessage("S", "B", None, ["a@example.org"], headers={"message-id": "<own@x>"})
    assert unpack(pack(message)).message().get_all("Message-ID") == ["<own@x>"]


class DeliveryTests(TestCase):
    """A worker and a mail server."""

    def deliver(self, **replies: str) -> tuple[Job[..., Any], MailServer]:
        with mail_server(**replies) as server, through(server):
            send()
            assert JobWorker().turn()
        return Job.objects.get(), server

    def test_the_server_gets_it_once_though_it_hangs_up_without_a_farewell(self) -> None:
        job, server = self.deliver()
        assert (job.status, len(server.taken)) == ("SUCCESSFUL", 1)
        assert "ABCD-EFGH" in str(server.taken[0].get_payload())

    def test_what_comes_after_the_servers_yes_cannot_fail_it(self) -> None:
        rude = override_settings(EMAIL_DELIVERY_BACKEND=f"{__name__}.FailingCloseBackend")
        with mail_server() as server, through(server), rude:
            send()
            JobWorker().turn()
        assert (Job.objects.get().status, len(server.taken)) == ("SUCCESSFUL", 1)

    def test_it_is_tried_again_when_the_server_is_down_with_the_same_identity(self) -> None:
        job, _server = self.deliver(TEXT="451 later")
        assert (job.status, job.exception_class_path) == ("READY", "smtplib.SMTPDataError")
        identity = job.args_kwargs["args"][0]["headers"]["Message-ID"]
        Job.objects.update(run_after=timezone.now() - timedelta(seconds=1))
        with mail_server() as server, through(server):
            assert JobWorker().turn()
        assert [taken["Message-ID"] for taken in server.taken] == [identity]

    def test_a_server_that_is_not_there(self) -> None:
        with through(MailServer(port=free_port())):
            send()
            assert JobWorker().turn()
        job = Job.objects.get()
        assert job.exception_class_path == "builtins.ConnectionRefusedError"
        assert job.status == "READY"

    def test_a_receiver_that_does_not_exist_is_not_asked_for_again(self) -> None:
        job, _server = self.deliver(RCPT="550 nobody of that name")
        assert job.exception_class_path == "smtplib.SMTPRecipientsRefused"
        assert job.status == "FAILED"
        assert "robin@" not in job.traceback

    def test_our_own_mistakes_can_be_mended_meanwhile(self) -> None:
        job, _server = self.deliver(MAIL="553 not you")
        assert job.exception_class_path == "smtplib.SMTPSenderRefused"
        assert job.status == "READY"


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("console:", "django.core.mail.backends.console.EmailBackend"),
        ("memory:", "django.core.mail.backends.locmem.EmailBackend"),
        ("dummy:", "django.core.mail.backends.dummy.EmailBackend"),
        ("smtp:", "notifications.mail.QueuedBackend"),
        ("smtp://localhost:25", "notifications.mail.QueuedBackend"),
        ("smtps://u:p@localhost:465", "notifications.mail.QueuedBackend"),
        ("submit://u:p@localhost", "notifications.mail.QueuedBackend"),
        ("submission://u:p@localhost:587", "notifications.mail.QueuedBackend"),
    ],
)
def test_only_what_leaves_the_machine_is_queued(url: str, backend: str, tmp_path: Path) -> None:
    """Print mail to the terminal at once, with or without a worker."""
    script = "from django.conf import settings; print(settings.EMAIL_BACKEND)"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=ROOT, capture_output=True, text=True,
        env=real_environment(tmp_path, "http://localhost") | {"EMAIL_URL": url},
    )  # fmt: skip
    assert done.stdout.strip() == backend, done.stderr
