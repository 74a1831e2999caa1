"""Test what an outsider cannot do with the webhooks of providers, and a site without any."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.test import Client, override_settings

from notifications.deliverability.models import WebhookEvent
from tests.cast import Cast
from tests.made_once import real_environment
from tests.services import ROOT

from .telling import AT, SECRET, mailgun, mailtrap, postmark, send, settings_of, stopped

# Answers a webhook in a process of its own.
ANSWER = f"""
import sys
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve
view, request = resolve("{AT}").func, RequestFactory().post("{AT}")
assert "anymail" not in sys.modules
try:
    status = view(request).status_code
except Http404:
    status = 404
print(status, [name for name in sys.modules if name == "anymail"])
"""


@override_settings(**settings_of("mailgun"))
class OutsiderTests(Cast):
    """Somebody who wants to stop the mail of another."""

    def told(self, email: Any = None) -> dict[str, Any]:
        return mailgun("failed", email or self.reader.email, severity="permanent", reason="bounce")

    def refused(self, told: Any, status: int = 403, *, secret: str = SECRET) -> None:
        """Assert that `told` is refused in a word, that nothing is recorded, and no log has it."""
        with self.assertLogs(level="WARNING") as log:
            answer = send(told, secret=secret)
        assert (answer.status_code, answer.content) == (status, b"")
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies
        assert str(self.reader.email) not in "\n".join(log.output)
        assert not WebhookEvent.objects.exists()
        assert stopped() == {}

    def test_with_secret_and_signature_it_would_count(self) -> None:
        answer = send(self.told())
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert stopped() == {self.reader.email: "bounce"}

    def test_a_wrong_secret(self) -> None:
        for secret in ("", "mail:", ":", "mail:wrong", SECRET[:-1], f"{SECRET}x", SECRET.upper()):
            with self.subTest(secret):
                self.refused(self.told(), secret=secret)

    def test_authorization_that_is_none(self) -> None:
        for said in ("Basic", "Basic !", "Basic /w==", f"Bearer {SECRET}", SECRET, "é" * 2000):
            with self.subTest(said):
                answer = Client().post(
                    AT,
                    json.dumps(self.told()),
                    content_type="application/json",
                    headers={"authorization": said},
                )
                assert answer.status_code == 403
        assert stopped() == {}

    def test_a_wrong_signature(self) -> None:
        for change in (
            {"signature": "0" * 64},
            {"signature": ""},
            {"signature": None},
            {"token": "another"},
            {"timestamp": "1"},
        ):
            told = self.told()
            told["signature"] |= change
            with self.subTest(**change):
                self.refused(told)
        told = self.told()
        del told["signature"]
        self.refused(told)

    def test_the_signature_of_mailtrap_covers_the_body(self) -> None:
        with override_settings(**settings_of("mailtrap")):
            told = json.dumps(mailtrap("bounce", self.stranger.email))
            forged = told.replace(str(self.stranger.email), str(self.reader.email))
            with patch("tests.notifications.deliverability.telling.KEY", "of-somebody-else"):
                self.refused(forged.encode())

    def test_a_replay_for_somebody_else_takes_the_secret_as_well(self) -> None:
        seen = self.told(self.stranger.email)
        seen["event-data"]["recipient"] = self.reader.email
        self.refused(seen, secret="")

    def test_what_is_no_report(self) -> None:
        for body in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b'"text"', b"17", b"null", b"[]"):
            with self.subTest(body[:9]):
                answer = send(body)
                assert answer.status_code in {400, 403}
                assert answer.content == b""
        with override_settings(**settings_of("postmark")):
            for body in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b"17", b"null", b"[1]", b'"a"'):
                with self.subTest(body[:9]):
                    self.refused(body, 400)
                    self.refused(body, 403, secret="")

    def test_odd_addresses(self) -> None:
        victim = str(self.reader.email)
        for address in (
            f"{victim}\n",
            f"\n{victim}",
            f"{victim}\r\nBcc: x@example.org",
            f"{victim}\0",
            f"\ud800{victim}",
            f"Ada <{victim}>",
            f"{victim},{victim}",
            f" {victim}",
            "x" * 300 + victim,
            "%",
            [victim],
            {"email": victim},
            True,
            17,
        ):
            with self.subTest(repr(address)):
                assert send(self.told(address)).status_code in {200, 400}
                assert stopped() == {}
        assert not WebhookEvent.objects.exists()

    def test_odd_numbers_of_events(self) -> None:
        with override_settings(**settings_of("postmark")):
            for number in ("\0", "\ud800", "x" * 100_000, [1], {"a": 1}, 10**30):
                with self.subTest(repr(number)[:20]):
                    told = postmark("HardBounce", self.reader.email, ID=number)
                    assert send(told).status_code == 200
            assert WebhookEvent.objects.count() == 6

    def test_a_body_that_is_too_large_is_not_read(self) -> None:
        padding = {"padding": "x" * (2 * 1024 * 1024)}
        for secret in (SECRET, ""):
            assert send({**self.told(), **padding}, secret=secret).status_code == 413
        assert stopped() == {}

    def test_other_methods(self) -> None:
        for ask in (
            self.client.get,
            self.client.head,
            self.client.put,
            self.client.delete,
            self.client.options,
        ):
            assert ask(AT, headers={"authorization": SECRET}).status_code == 405

    def test_a_refusal_asks_the_database_nothing(self) -> None:
        with self.assertNumQueries(0):
            send(self.told(), secret="")

    def test_the_secret_of_another_provider_opens_no_other_address(self) -> None:
        for path in ("/webhooks/", "/webhooks/mail/mailgun/", "/anymail/mailgun/tracking/"):
            assert self.client.post(path).status_code == 404


class OffTests(Cast):
    """A site that names no provider."""

    def test_there_is_no_such_address(self) -> None:
        for answer in (
            send(mailgun("complained", self.reader.email)),
            self.client.get(AT),
            self.client.head(AT),
        ):
            assert answer.status_code == 404
        assert stopped() == {}

    def test_nothing_of_django_anymail_is_imported(self) -> None:
        assert self.run_site() == "404 []"

    def test_with_a_provider_the_first_webhook_imports_it(self) -> None:
        on = {"EMAIL_PROVIDER": "Postmark", "EMAIL_WEBHOOK_SECRET": SECRET}
        assert self.run_site(**on) == "403 ['anymail']"

    def run_site(self, **environment: str) -> str:
        """Return what a process answers to a webhook, and what it has imported for that."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", ANSWER],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=real_environment(folder) | environment,
        )
        return done.stdout.strip() or done.stderr
