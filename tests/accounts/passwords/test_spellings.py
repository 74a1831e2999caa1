"""Test that a password opens an account however its accents were composed."""

from contextlib import AbstractContextManager
from io import StringIO
from typing import Any
from unittest import mock

from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.test import TestCase

from accounts.models import User
from accounts.passwords.spellings import NORMALISED_UP_TO, normal_form, spellings
from tests.factories import PASSWORD, make_user

COMPOSED = "caf\u00e9-r\u00e9sum\u00e9-9"
DECOMPOSED = "cafe\u0301-re\u0301sume\u0301-9"
FULL_WIDTH = "\uff43\uff41\uff46\u00e9-r\u00e9sum\u00e9-9"
BOTH = ((COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), (COMPOSED, FULL_WIDTH))


class SpellingTests(TestCase):
    """A person whose keyboard at home composes what the one at work does not."""

    def setUp(self) -> None:
        self.person = make_user("robin", email="robin@example.org")

    def store(self, password: str) -> None:
        """Store a hash of `password` exactly as it is typed, as before passwords had a form."""
        User.objects.filter(pk=self.person.pk).update(password=make_password(password))

    def is_open(self, password: str) -> bool:
        self.client.logout()
        data = {"login": "robin@example.org", "password": password}
        self.client.post("/accounts/login/", data)
        return "_auth_user_id" in self.client.session

    def stored_as(self, password: str) -> bool:
        """Return whether the stored hash is that of exactly `password`."""
        with mock.patch("accounts.passwords.checking.spellings", lambda typed: [typed]):
            return User.objects.get(pk=self.person.pk).check_password(password)

    def test_either_spelling_opens_what_the_other_closed(self) -> None:
        for closed, typed in BOTH:
            with self.subTest(closed=closed, typed=typed):
                self.person.set_password(closed)
                self.person.save()
                self.assertIs(self.is_open(typed), True)
                self.assertIs(self.is_open(f"{typed}x"), False)

    def test_an_account_from_before_opens_as_typed_and_is_hashed_anew(self) -> None:
        self.store(DECOMPOSED)
        self.assertIs(self.stored_as(COMPOSED), False)
        self.assertIs(self.is_open(DECOMPOSED), True)
        self.assertIs(self.stored_as(COMPOSED), True)
        self.assertIs(self.is_open(COMPOSED), True)

    def test_hashing_anew_keeps_the_session_it_happens_in(self) -> None:
        self.store(DECOMPOSED)
        self.client.force_login(User.objects.get(pk=self.person.pk))
        for page in ("/accounts/reauthenticate/", "/accounts/password/change/"):
            with self.subTest(page):
                self.client.post(page, {"password": DECOMPOSED, "oldpassword": DECOMPOSED})
                self.assertEqual(self.client.get("/me/notifications/").status_code, 200)
        self.assertIs(self.stored_as(COMPOSED), True)

    def test_hashing_anew_overwrites_no_password_that_was_set_meanwhile(self) -> None:
        self.store(DECOMPOSED)
        asked = User.objects.get(pk=self.person.pk)
        self.store("quite another long one")
        self.assertIs(asked.check_password(DECOMPOSED), False)
        self.assertIs(self.stored_as("quite another long one"), True)

    def test_signing_up_sets_the_normal_form(self) -> None:
        data = {"email": "nell@example.org", "name": "nell", "password1": DECOMPOSED}
        self.client.post("/accounts/signup/", data)
        self.person = User.objects.get(handle="nell")
        self.assertIs(self.stored_as(COMPOSED), True)

    def test_changing_takes_either_and_sets_the_normal_form(self) -> None:
        self.person.set_password(COMPOSED)
        self.person.save()
        self.client.force_login(self.person)
        data = {"oldpassword": DECOMPOSED, "password1": FULL_WIDTH, "password2": FULL_WIDTH}
        self.client.post("/accounts/password/change/", data)
        self.assertIs(self.stored_as(COMPOSED), True)

    def test_resetting_sets_the_normal_form(self) -> None:
        self.client.post("/accounts/password/reset/", {"email": "robin@example.org"})
        link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
        page: Any = self.client.get(link, follow=True)
        data = {"password1": DECOMPOSED, "password2": DECOMPOSED}
        self.client.post(page.redirect_chain[-1][0], data)
        self.assertIs(self.stored_as(COMPOSED), True)

    def test_the_first_admin_gets_the_normal_form(self) -> None:
        with mock.patch.dict("os.environ", DJANGO_SUPERUSER_PASSWORD=DECOMPOSED):
            call_command(
                "createsuperuser",
                "--noinput",
                email="a@example.org",
                handle="ines",
                stdout=StringIO(),
            )
        self.person = User.objects.get(handle="ines")
        self.assertIs(self.stored_as(COMPOSED), True)

    def test_erasing_asks_for_either(self) -> None:
        self.person.set_password(COMPOSED)
        self.person.save()
        self.client.force_login(self.person)
        asked: Any = self.client.post("/me/erasure/", {"handle": "robin", "texts": "keep"})
        self.assertIn("/accounts/reauthenticate/", asked["Location"])
        answer = self.client.post(asked["Location"], {"password": DECOMPOSED})
        self.assertRedirects(answer, "/me/erasure/done/")


class EqualWorkTests(TestCase):
    """What a check costs says nothing about the account."""

    def setUp(self) -> None:
        self.person = make_user("robin", email="robin@example.org")

    def work(self, password: str, email: str = "robin@example.org") -> int:
        """Return how many hashes a failed sign-in with `password` takes."""
        with self.counted() as hashed:
            self.client.post("/accounts/login/", {"login": email, "password": password})
        return hashed.call_count  # type: ignore[no-any-return]

    def counted(self) -> AbstractContextManager[Any]:
        from django.contrib.auth.hashers import MD5PasswordHasher

        return mock.patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        )

    def test_it_depends_on_what_was_typed_alone(self) -> None:
        for typed, hashes in (("not the password", 1), (DECOMPOSED, 2), (COMPOSED, 1)):
            with self.subTest(typed):
                self.assertEqual(self.work(typed), hashes)
                self.assertEqual(self.work(typed, "nobody@example.org"), hashes)

    def test_an_account_without_a_password_costs_the_same(self) -> None:
        self.person.set_unusable_password()
        self.person.save()
        self.assertEqual(self.work(DECOMPOSED), 2)

    def test_every_spelling_is_tried_also_after_one_matched(self) -> None:
        self.person.set_password(COMPOSED)
        with self.counted() as hashed:
            self.assertIs(self.person.check_password(DECOMPOSED), True)
        self.assertEqual(hashed.call_count, 2)


class NormalFormTests(TestCase):
    """The form itself."""

    def test_a_plain_password_has_one_spelling(self) -> None:
        self.assertEqual(spellings(PASSWORD), [PASSWORD])

    def test_the_normal_form_comes_first(self) -> None:
        self.assertEqual(spellings(DECOMPOSED), [COMPOSED, DECOMPOSED])

    def test_what_nobody_types_stays_as_it_is(self) -> None:
        marks = "a" + "\u0301\u0323" * NORMALISED_UP_TO
        self.assertEqual(normal_form(marks), marks)
