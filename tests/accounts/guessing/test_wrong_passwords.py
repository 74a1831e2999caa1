"""After twenty wrong passwords for an account in an hour, its password is not enough."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connections
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone

from accounts.guessing import counting
from accounts.guessing.models import PasswordAttempt
from accounts.models import User
from core import limits
from tests.accounts.alike import follow, watched
from tests.accounts.test_sign_up import code_in_mail
from tests.factories import PASSWORD, make_user

OWN = "robin@example.org"
UNKNOWN = "nobody@example.org"
SIGN_IN = "/accounts/login/"
CODE = "/accounts/login/code/confirm/"


def sign_in(address: str = OWN, password: str = PASSWORD, client: Client | None = None) -> Any:
    cache.clear()  # from anywhere: each attempt comes from an address without any before
    return (client or Client()).post(SIGN_IN, {"login": address, "password": password})


def guess(times: int, address: str = OWN) -> None:
    for number in range(times):
        sign_in(address, f"wrong guess {number}")


class GuessingTests(TestCase):
    """An account that somebody guesses at."""

    def setUp(self) -> None:
        self.person = make_user("robin", email=OWN)

    def is_in(self) -> bool:
        return "_auth_user_id" in self.client.session

    def test_nineteen_leave_the_password_enough(self) -> None:
        guess(limits.WRONG_PASSWORDS - 1)
        sign_in(client=self.client)
        self.assertIs(self.is_in(), True)

    def test_after_twenty_the_password_and_a_code_are(self) -> None:
        guess(limits.WRONG_PASSWORDS)
        answer = sign_in(client=self.client)
        self.assertEqual((answer["Location"], self.is_in()), (CODE, False))
        self.client.post(CODE, {"code": code_in_mail()})
        self.assertIs(self.is_in(), True)

    def test_a_code_alone_is_enough_so_nobody_is_locked_out(self) -> None:
        guess(limits.WRONG_PASSWORDS + 5)
        cache.clear()
        answer: Any = self.client.post("/accounts/login/code/", {"email": OWN})
        self.client.post(answer["Location"], {"code": code_in_mail()})
        self.assertIs(self.is_in(), True)

    def test_right_wrong_and_unknown_are_answered_alike_then(self) -> None:
        guess(limits.WRONG_PASSWORDS)
        guess(limits.WRONG_PASSWORDS, UNKNOWN)
        pages = []
        for address, password in ((OWN, PASSWORD), (OWN, "wrong"), (UNKNOWN, PASSWORD)):
            client = Client()
            answer = sign_in(address, password, client)
            page = client.get(answer["Location"]).content.decode().replace(address, "")
            self.assertNotIn("_auth_user_id", client.session)
            client.post(CODE, {"code": ""})
            client.post(CODE, {"code": "AAAA-AAAA"})
            self.assertNotIn("_auth_user_id", client.session)
            pages.append((answer["Location"], "many wrong passwords" in page, len(page)))
        self.assertEqual(len(set(pages)), 1, pages)

    def test_only_the_right_password_sends_a_mail(self) -> None:
        guess(limits.WRONG_PASSWORDS + 5)
        self.assertEqual(mail.outbox, [])
        sign_in()
        self.assertEqual([message.to for message in mail.outbox], [[OWN]])

    def test_all_addresses_of_a_person_count_together(self) -> None:
        EmailAddress.objects.create(user=self.person, email="second@example.org", verified=True)
        guess(limits.WRONG_PASSWORDS // 2)
        guess(limits.WRONG_PASSWORDS // 2, "Second@example.org")
        self.assertIs(counting.is_guessed(self.person), True)

    def test_what_was_typed_for_one_address_shows_at_no_other(self) -> None:
        """A second address is answered as an unknown one is, whatever was typed for the first."""
        addresses = ("second@example.org", "absent@example.org")
        EmailAddress.objects.create(user=self.person, email=addresses[0], verified=True)
        for _each in range(limits.WRONG_PASSWORDS):
            counting.begin(OWN)
        for before in (0, limits.WRONG_PASSWORDS - 2, limits.WRONG_PASSWORDS - 1):
            works = []
            for address in addresses:
                while (
                    PasswordAttempt.objects.filter(
                        address_key=counting._key_of_address(address)
                    ).count()
                    < before
                ):
                    counting.begin(address)
                with watched() as seen:
                    client = Client()
                    follow(client, seen, sign_in(address, "wrong", client), address)
                works.append(seen)
            with self.subTest(before=before):
                self.assertEqual(works[0], works[1])
                led_to_code = before + 1 >= limits.WRONG_PASSWORDS
                self.assertEqual(works[0].answers[0][0], 302 if led_to_code else 200)

    def test_the_right_password_is_not_enough_at_the_second_address_either(self) -> None:
        EmailAddress.objects.create(user=self.person, email="second@example.org", verified=True)
        guess(limits.WRONG_PASSWORDS)
        answer = sign_in("second@example.org", client=self.client)
        self.assertEqual((answer["Location"], self.is_in()), (CODE, False))
        self.assertContains(self.client.get(CODE), "many wrong passwords")

    def test_an_address_that_somebody_only_typed_does_not_count_for_them(self) -> None:
        """Else they could tell by it that the address belongs to nobody else."""
        EmailAddress.objects.create(user=self.person, email=UNKNOWN, verified=False)
        guess(limits.WRONG_PASSWORDS, UNKNOWN)
        self.assertIs(counting.is_guessed(self.person), False)

    def test_demonstration_accounts_which_have_no_mailbox_stay_open(self) -> None:
        User.objects.update(is_demo=True)
        guess(limits.WRONG_PASSWORDS)
        sign_in(client=self.client)
        self.assertIs(self.is_in(), True)

    def test_an_hour_later_it_is_enough_again_and_the_rows_go(self) -> None:
        guess(limits.WRONG_PASSWORDS)
        later = timezone.now() + timedelta(hours=1, seconds=1)
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertIs(counting.is_guessed(self.person), False)
            self.assertEqual(counting.purge(), limits.WRONG_PASSWORDS)

    def test_right_passwords_do_not_count_and_hide_no_wrong_ones(self) -> None:
        for _each in range(limits.WRONG_PASSWORDS + 1):
            sign_in()
        self.assertFalse(PasswordAttempt.objects.exists())

    def test_no_address_is_stored(self) -> None:
        guess(1, UNKNOWN)
        self.assertNotIn("nobody", str(PasswordAttempt.objects.values()))

    def test_saying_again_who_one_is_needs_the_code_then(self) -> None:
        self.client.force_login(self.person)
        guess(limits.WRONG_PASSWORDS)
        answer: Any = self.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        self.assertIn("/accounts/reauthenticate/code/", answer["Location"])

    def test_wrong_answers_there_count(self) -> None:
        self.client.force_login(self.person)
        self.client.post("/accounts/reauthenticate/", {"password": "wrong"})
        self.assertEqual(PasswordAttempt.objects.count(), 1)


class GuessingAtOnceTests(TransactionTestCase):
    """Many guesses at the same moment."""

    def test_each_counts(self) -> None:
        person = User.objects.get(pk=make_user("robin", email=OWN).pk)

        def attempt(_number: int) -> None:
            counting.begin(OWN)
            connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(attempt, range(limits.WRONG_PASSWORDS)))
        self.assertEqual(PasswordAttempt.objects.count(), limits.WRONG_PASSWORDS)
        self.assertIs(counting.is_guessed(person), True)
