"""Test that actions which could take an account over require the password again."""

import time
from typing import Any

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import TestCase

from tests.accounts.test_sign_up import code_in_mail
from tests.factories import PASSWORD, make_user

ADDRESSES = "/accounts/email/"
SET_PASSWORD = "/accounts/password/set/"
BY_PASSWORD = "/accounts/reauthenticate/"
BY_CODE = "/accounts/reauthenticate/code/"
RECORDS = "account_authentication_methods"  # where allauth's sessions keep them


class ReauthenticationTests(TestCase):
    """A session left open on a shared computer."""

    def setUp(self) -> None:
        self.person = make_user("robin", email="robin@example.org")
        self.other = EmailAddress.objects.create(
            user=self.person, email="second@example.org", verified=True
        )
        data = {"login": "robin@example.org", "password": PASSWORD}
        self.client.post("/accounts/login/", data)

    def add(self) -> Any:
        return self.client.post(ADDRESSES, {"action_add": "", "email": "thief@example.org"})

    def added(self) -> bool:
        """Return whether the new address was sent the code that adds it."""
        return any(message.to == ["thief@example.org"] for message in mail.outbox)

    def lose_the_password(self) -> None:
        self.person.set_unusable_password()
        self.person.save()
        self.client.force_login(self.person)

    def test_no_address_is_added_removed_or_made_the_first(self) -> None:
        for action in ("action_add", "action_remove", "action_primary"):
            with self.subTest(action):
                email = "thief@example.org" if action == "action_add" else self.other.email
                answer = self.client.post(ADDRESSES, {action: "", "email": email})
                self.assertRedirects(answer, f"{BY_PASSWORD}?next=/accounts/email/")
        self.assertIs(self.added(), False)
        left = set(EmailAddress.objects.values_list("email", "primary"))
        self.assertEqual(left, {("robin@example.org", True), ("second@example.org", False)})

    def test_after_the_password_the_change_goes_on(self) -> None:
        answer = self.add()
        self.client.post(answer["Location"], {"password": "not the password"})
        self.assertIs(self.added(), False)
        self.client.post(answer["Location"], {"password": PASSWORD})
        self.assertIs(self.added(), True)

    def test_after_a_code_by_mail_the_change_goes_on(self) -> None:
        self.add()
        page = f"{BY_CODE}?next={ADDRESSES}"
        sent = self.client.post(page, {"recipient": "robin@example.org"})
        self.client.post(sent["Location"], {"code": "AAAA-AAAA"})
        self.assertIs(self.added(), False)
        self.client.post(sent["Location"], {"code": code_in_mail()})
        self.assertIs(self.added(), True)

    def test_a_code_goes_to_a_verified_address_of_the_person_alone(self) -> None:
        EmailAddress.objects.create(user=self.person, email="thief@example.org", verified=False)
        for recipient in ("thief@example.org", "nobody@example.org"):
            answer = self.client.post(BY_CODE, {"recipient": recipient})
            self.assertIn("recipient", answer.context["form"].errors)

    def test_it_holds_for_minutes(self) -> None:
        self.client.post(f"{BY_PASSWORD}?next={ADDRESSES}", {"password": PASSWORD})
        session = self.client.session
        session[RECORDS][-1]["at"] = time.time() - 16 * 60
        session.save()
        self.add()
        self.assertIs(self.added(), False)

    def test_an_account_without_a_password_sets_one_with_a_code(self) -> None:
        self.lose_the_password()
        answer = self.client.get(SET_PASSWORD)
        self.assertRedirects(answer, f"{BY_CODE}?next={SET_PASSWORD}")

    def test_an_account_with_no_way_to_say_so_is_refused(self) -> None:
        self.lose_the_password()
        EmailAddress.objects.update(verified=False)
        self.assertEqual(self.add().status_code, 403)
        self.assertIs(self.added(), False)
        data = {"password1": PASSWORD, "password2": PASSWORD}
        self.assertEqual(self.client.post(SET_PASSWORD, data).status_code, 403)
        self.person.refresh_from_db()
        self.assertIs(self.person.has_usable_password(), False)
