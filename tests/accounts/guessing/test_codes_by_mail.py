"""Test how often a code is compared, and how many mails one receiver gets from all senders."""

from typing import Any
from unittest import mock

import pytest
from allauth.account.internal.flows.code_verification import (
    AbstractCodeVerificationProcess as Process,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client, TestCase

from accounts.models import User
from tests.accounts.test_sign_up import code_in_mail
from tests.factories import PASSWORD, make_user
from tests.reauthenticated import client_of, reauthenticate

KNOWN, UNKNOWN = "known@example.org", "other@example.org"
CODE, RESET, ADDRESSES = "/accounts/login/code/", "/accounts/password/reset/", "/accounts/email/"
ASKED = "/accounts/reauthenticate/code/"
AN_HOUR = 20
# A beginning that no other test has: the counts of one lie in the past of the other.
START = 1_950_000_000


@pytest.mark.one_database
class MailboxTests(TestCase):
    """Thirty requests from thirty addresses of the network, in ten minutes."""

    def setUp(self) -> None:
        cache.clear()
        self.person = make_user("known", email=KNOWN)

    def sent_to(self, email: str, url: str, **data: str) -> tuple[int, list[int]]:
        """Return the number of mails to `email`, and the statuses of the answers."""
        mail.outbox.clear()
        statuses = []
        for turn in range(30):
            client = Client(REMOTE_ADDR=f"10.0.{turn}.1")
            with mock.patch("time.time", return_value=START + 21 * turn):
                statuses.append(client.post(url, {**data, "email": email}).status_code)
        return sum(message.to == [email] for message in mail.outbox), statuses

    def test_an_hour_has_twenty_mails_and_answers_are_alike(self) -> None:
        for url in (CODE, RESET):
            with self.subTest(url):
                known, unknown = self.sent_to(KNOWN, url), self.sent_to(UNKNOWN, url)
                self.assertEqual((known[0], unknown[0]), (AN_HOUR, 0))
                self.assertEqual(known[1], unknown[1])

    def test_signing_up_with_somebodys_address(self) -> None:
        form = {"name": "Somebody New", "password1": PASSWORD}
        known = self.sent_to(KNOWN, "/accounts/signup/", **form)
        unknown = self.sent_to(UNKNOWN, "/accounts/signup/", **form)
        self.assertEqual(known, unknown)
        self.assertEqual(known[0], AN_HOUR)

    def test_accounts_that_add_somebodys_address(self) -> None:
        for number in range(3):
            client = client_of(make_user(f"adding-{number}"))
            for turn in range(10):
                with mock.patch("time.time", return_value=START + 200 * number + 21 * turn):
                    reauthenticate(client, User.objects.get(handle=f"adding-{number}"))
                    client.post(ADDRESSES, {"action_add": "", "email": UNKNOWN})
        self.assertLessEqual(sum(each.to == [UNKNOWN] for each in mail.outbox), AN_HOUR)


class ComparedTests(TestCase):
    """Requests at the same moment read one session, in which no wrong code is counted yet."""

    def test_a_code_is_compared_three_times(self) -> None:
        cache.clear()
        make_user("known", email=KNOWN)
        for url, data in (
            (CODE, {"email": KNOWN}),
            ("/accounts/signup/", {"email": UNKNOWN, "name": "Newbie", "password1": PASSWORD}),
        ):
            with self.subTest(url):
                self.assertFalse(self.signed_in_after(3, url, data))
                self.assertTrue(self.signed_in_after(2, url, data))

    def test_nor_where_one_is_asked_again(self) -> None:
        cache.clear()
        person = make_user("known", email=KNOWN)
        person.set_unusable_password()
        person.save()
        client = Client()
        client.force_login(person)
        answer: Any = client.post(ASKED, {"recipient": KNOWN})
        right = code_in_mail()
        with mock.patch.object(Process, "record_invalid_attempt", return_value=True):
            for code in [*["BCDF-GHJK"] * 3, right]:
                client.post(answer["Location"], {"code": code})
        self.assertEqual(client.get("/me/erasure/").status_code, 200)
        answer = client.post("/me/erasure/", {"texts": "keep", "handle": "known"})
        self.assertIn("/reauthenticate/", answer["Location"])

    def signed_in_after(self, wrong: int, url: str, data: dict[str, str]) -> bool:
        """Return whether the right code signs in after `wrong` others that the session forgot."""
        client = Client()
        answer: Any = client.post(url, data)
        right = code_in_mail()
        with mock.patch.object(Process, "record_invalid_attempt", return_value=True):
            for code in [*["BCDF-GHJK"] * wrong, right]:
                client.post(answer["Location"], {"code": code})
        return "_auth_user_id" in client.session
