"""Test signing up: e-mail address, handle, password, and the confirming code."""

import json
import re

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import TestCase
from django.urls import reverse

from accounts.models import User
from publication import saving
from tests.factories import PASSWORD, make_user
from tests.reauthenticated import client_of

URL = "/accounts/signup/"


def form(**changes: str) -> dict[str, str]:
    return {"email": "new@example.org", "name": "Newbie", "password1": PASSWORD, **changes}


def code_in_mail() -> str:
    found = re.search(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group(1)


class SignUpTests(TestCase):
    """The steps of signing up."""

    def test_from_the_form_through_the_code_to_being_signed_in(self) -> None:
        page = self.client.get(URL)
        self.assertContains(page, "Your name on this site")
        self.assertContains(page, "We send a code there each time you sign in")
        answer = self.client.post(URL, form())
        self.assertEqual(answer.status_code, 302, answer.content[-2000:])
        self.assertEqual(mail.outbox[-1].to, ["new@example.org"])
        answer = self.client.post(answer["Location"], {"code": code_in_mail()}, follow=True)
        self.assertTrue(answer.context["user"].is_authenticated)
        self.assertEqual(User.objects.get().handle, "newbie")

    def test_another_code_can_be_sent_and_is_promised_only_then(self) -> None:
        at = self.client.post(URL, form())["Location"]
        first = code_in_mail()
        page = self.client.get(at)
        self.assertContains(page, "Send another code")
        self.assertContains(page, "We sent a code to new@example.org.", count=1)
        page = self.client.post(at, {"action": "resend"}, follow=True)
        self.assertContains(page, "We sent another code to new@example.org.")
        self.assertEqual(len(mail.outbox), 2)
        self.assertNotEqual(code_in_mail(), first)
        last = self.client.post(at, {"action": "resend"}, follow=True)
        self.assertNotContains(last, "Send another code")
        self.assertNotContains(last, "send another code")
        self.client.post(at, {"code": code_in_mail()})
        self.assertIn("_auth_user_id", self.client.session)

    def test_an_added_address_is_confirmed_where_the_addresses_are(self) -> None:
        """Its mail speaks of no new account, and the page that waits for it says whom to ask."""
        person = make_user("wren")
        saving.save_profile({"contact": "us@example.org"}, based_on=0, by=person)
        client = client_of(person)
        asked = client.post("/accounts/email/", {"action_add": "", "email": "more@example.org"})
        self.assertContains(client.get(asked["Location"]), "If none arrives, write to us:")
        self.assertNotIn("account", str(mail.outbox[-1].body))
        answer = client.post(asked["Location"], {"code": code_in_mail()})
        self.assertRedirects(answer, "/accounts/email/")

    def test_a_wrong_code_does_not_sign_in(self) -> None:
        answer = self.client.post(URL, form())
        answer = self.client.post(answer["Location"], {"code": "000-000"})
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_only_the_code_verifies_an_address_whatever_else_is_sent(self) -> None:
        claims = {"verified": "1", "email_verified": "true", "is_verified": "on", "primary": "1"}
        apple = json.dumps({"email": "new@example.org", "email_verified": True})
        self.client.post(URL, form(**claims, user=apple, id_token="e30.e30."))
        self.assertIs(EmailAddress.objects.get(email="new@example.org").verified, False)
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_no_other_site_can_vouch_for_an_address(self) -> None:
        claim = json.dumps({"email": "known@example.org", "email_verified": True})
        for path in ("apple/login/callback/", "google/login/token/", "social/signup/", "3rdparty/"):
            with self.subTest(path):
                answer = self.client.post(f"/accounts/{path}", {"user": claim, "state": "x"})
                self.assertEqual(answer.status_code, 404)
        self.assertIs(User.objects.exists(), False)

    def test_a_known_address_is_answered_like_an_unknown_one(self) -> None:
        make_user("known", email="known@example.org")
        unknown = self.client.post(URL, form(email="unknown@example.org", name="First"))
        other = self.client_class()
        known = other.post(URL, form(email="known@example.org", name="Second"))
        self.assertEqual(
            (unknown.status_code, unknown["Location"]), (known.status_code, known["Location"])
        )
        self.assertEqual(mail.outbox[-1].to, ["known@example.org"])
        self.assertEqual(User.objects.filter(email="known@example.org").count(), 1)

    def test_the_handle_is_made_from_the_name_and_can_be_changed(self) -> None:
        make_user("lilly.k")
        made = {
            "Tove Lind": "tove.lind",
            "José Ærø-Müller": "jose.r.muller",
            "tove lind": "tove.lind2",
            "LILLY.K": "lilly.k2",
            "山田": "reader",
            "3rd Robin": "rd.robin",
            "Al": "reader.al",
            "A name of more than twenty letters": "a.name.of.more.than",
        }
        for number, (name, handle) in enumerate(made.items()):
            with self.subTest(name):
                cache.clear()
                email = f"new{number}@example.org"
                self.client_class().post(URL, form(name=name, email=email))
                person = User.objects.get(emailaddress__email=email)
                self.assertEqual((person.name, person.handle), (name, handle))
        self.client.force_login(person)
        self.client.post(reverse("people:handle"), {"handle": "robin", "name": "Robin"})
        person.refresh_from_db()
        self.assertEqual((person.name, person.handle), ("Robin", "robin"))

    def test_names_that_cannot_be_taken(self) -> None:
        make_user("ada", "author")
        for name in ("", "Ada", "Moderator", "m0derator", "x" * 81):
            with self.subTest(name):
                answer = self.client.post(URL, form(name=name))
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.context["form"].errors["name"])
        self.assertIs(EmailAddress.objects.filter(email="new@example.org").exists(), False)

    def test_a_password_is_for_those_who_want_one(self) -> None:
        answer = self.client.post(URL, form(password1=""))
        again = self.client_class().post(URL, form(password1=""))
        self.assertEqual((answer.status_code, again.status_code), (302, 302))
        self.client.post(answer["Location"], {"code": code_in_mail()})
        person = User.objects.get()
        self.assertIs(person.has_usable_password(), False)
        other = self.client_class()
        asked = other.post("/accounts/login/code/", {"email": "new@example.org"})
        page = other.post(asked["Location"], {"code": code_in_mail()}, follow=True)
        self.assertEqual(page.context["user"], person)
        self.assertNotContains(page, "password typed at sign-up")

    def test_a_short_or_common_password_is_refused(self) -> None:
        for password in ("short", "kv7 qz2 x", "password123"):
            answer = self.client.post(URL, form(password1=password))
            self.assertTrue(answer.context["form"].errors["password1"])

    def test_what_was_typed_comes_back_but_not_the_password(self) -> None:
        answer = self.client.post(URL, form(password1="short"))
        self.assertContains(answer, "new@example.org")
        self.assertNotContains(answer, PASSWORD)

    def test_the_form_has_names_that_browsers_fill_in(self) -> None:
        page = self.client.get(URL).content.decode()
        for hint in (
            'autocomplete="email"',
            'autocomplete="nickname"',
            'autocomplete="new-password"',
        ):
            self.assertIn(hint, page)

    def test_the_public_address_is_the_same_after_sign_out(self) -> None:
        self.assertEqual(reverse("account_signup"), URL)
