"""Test signing in and confirming with a second factor, and attacks on it."""

import json
from base64 import urlsafe_b64encode
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client, TestCase

from tests.accounts.second_factor.devices import (
    CODE,
    PASSKEY_SIGN_IN,
    Passkey,
    add_app,
    add_passkey,
    code_of,
    confirm,
    held,
    is_in,
    later,
    new_client,
    options_of,
    sign_in,
    sign_in_options,
)
from tests.accounts.test_sign_up import code_in_mail
from tests.factories import PASSWORD, make_user

EMAIL = "robin@example.org"
BY_CODE = "/accounts/login/code/"
BY_PASSWORD = "/accounts/reauthenticate/"
CONFIRM = "/accounts/2fa/reauthenticate/"
CONFIRM_BY_PASSKEY = "/accounts/2fa/webauthn/reauthenticate/"
# Broken answers of a browser: JSON of every kind, and pieces of the right shape.
BROKEN = (
    "",
    "{",
    "null",
    "[]",
    "7",
    '"text"',
    "{}",
    '{"id": 1, "rawId": [], "type": {}, "response": []}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": null}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "BB", "type": "public-key", "response": {"userHandle": 7}}',
    '{"id": "\u00e9", "rawId": "=", "type": "public-key", "response": {"userHandle": "AA"}}',
    '{"response": {"userHandle": null}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"authenticatorData": "AA", "signature": "AA", "userHandle": "_w"}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"attestationObject": "oA"}}',
    "[" * 5000,
)


class SigningInTests(TestCase):
    """A reader with an app, and a passkey where a test adds one."""

    def setUp(self) -> None:
        self.person = make_user("robin", email=EMAIL)
        self.client = new_client()
        sign_in(self.client, EMAIL)
        confirm(self.client)
        self.secret = add_app(self.client)

    def half_way(self) -> Client:
        """Return a browser in which the right password was typed."""
        client = new_client()
        self.assertRedirects(sign_in(client, EMAIL), CODE)
        return client

    def type_code(self, client: Client, code: str) -> Any:
        return client.post(CODE, {"code": code})

    def recovery_codes(self) -> list[str]:
        wrapped = Authenticator.objects.get(type="recovery_codes").wrap()
        return list(wrapped.get_unused_codes())

    def test_the_password_alone_signs_nobody_in(self) -> None:
        client = self.half_way()
        self.assertIs(is_in(client), False)
        self.assertEqual(client.get("/me/notifications/").status_code, 302)
        self.type_code(client, code_of(self.secret))
        self.assertIs(is_in(client), True)

    def test_a_code_by_mail_is_not_enough_either(self) -> None:
        client = new_client()
        answer = client.post(BY_CODE, {"email": EMAIL})
        self.assertRedirects(client.post(answer["Location"], {"code": code_in_mail()}), CODE)
        self.assertIs(is_in(client), False)
        self.type_code(client, code_of(self.secret))
        self.assertIs(is_in(client), True)

    def test_a_new_password_from_a_mail_is_not_enough_either(self) -> None:
        self.person.set_password("a heron by the weir")
        self.person.save()
        client = new_client()
        self.assertRedirects(sign_in(client, EMAIL, "a heron by the weir"), CODE)

    def test_it_leads_to_where_one_wanted_to_go(self) -> None:
        client = new_client()
        data = {"login": EMAIL, "password": PASSWORD, "next": "/series/"}
        client.post("/accounts/login/", data)
        self.assertEqual(self.type_code(client, code_of(self.secret))["Location"], "/series/")

    def test_a_code_works_once(self) -> None:
        code = code_of(self.secret)
        self.type_code(self.half_way(), code)
        client = self.half_way()
        self.type_code(client, code)
        self.assertIs(is_in(client), False)

    def test_the_code_that_added_the_app_is_used_up(self) -> None:
        client = self.half_way()
        self.type_code(client, code_of(self.secret, -1))
        self.assertIs(is_in(client), False)

    def test_clocks_may_differ_by_half_a_minute_and_no_more(self) -> None:
        for steps, is_right in ((1, True), (2, False), (-2, False)):
            with self.subTest(steps), held():
                client = self.half_way()
                self.type_code(client, code_of(self.secret, steps))
                self.assertIs(is_in(client), is_right)

    def test_a_recovery_code_works_once(self) -> None:
        code = self.recovery_codes()[0]
        for is_right in (True, False):
            client = self.half_way()
            self.type_code(client, code)
            self.assertIs(is_in(client), is_right)
        self.assertEqual(len(self.recovery_codes()), 9)

    def test_wrong_codes_are_counted_for_the_account_from_anywhere(self) -> None:
        for number in range(6):
            client = new_client()
            client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
            sign_in(client, EMAIL)
            answer = self.type_code(client, "000000")
        self.assertContains(answer, "Too many tries")
        self.type_code(client, code_of(self.secret))
        self.assertIs(is_in(client), False)
        cache.clear()
        self.type_code(client, code_of(self.secret))
        self.assertIs(is_in(client), True)

    def test_nonsense_is_a_wrong_code(self) -> None:
        for code in ("", " ", "\u0661\u0662\u0663\u0664\u0665\u0666", "\u00e9" * 6, "1" * 500):
            cache.clear()
            client = self.half_way()
            answer = self.type_code(client, code)
            self.assertIn("code", answer.context["form"].errors)

    def test_the_page_of_the_code_is_for_those_half_way(self) -> None:
        self.assertRedirects(new_client().get(CODE), "/accounts/login/")
        self.assertEqual(self.type_code(new_client(), "123456").status_code, 302)

    def test_confirming_takes_a_code(self) -> None:
        client = self.half_way()
        self.type_code(client, code_of(self.secret))
        page = f"{CONFIRM}?next=/accounts/2fa/recovery-codes/generate/"
        client.post(page, {"code": "000000"})
        self.assertEqual(client.get("/accounts/2fa/recovery-codes/generate/").status_code, 302)
        with later(2):
            client.post(page, {"code": code_of(self.secret)})
            answer = client.get("/accounts/2fa/recovery-codes/generate/")
        self.assertEqual(answer.status_code, 200)

    def test_wrong_codes_of_a_confirmation_count_too(self) -> None:
        for _guess in range(5):
            self.client.post(CONFIRM, {"code": "000000"})
        answer = self.client.post(CONFIRM, {"code": code_of(self.secret)})
        self.assertIn("code", answer.context["form"].errors)


class PasskeyTests(TestCase):
    """A reader with a passkey and nothing else."""

    def setUp(self) -> None:
        self.person = make_user("robin", email=EMAIL)
        self.client = new_client()
        sign_in(self.client, EMAIL)
        confirm(self.client)
        self.passkey = add_passkey(self.client)

    def half_way(self) -> tuple[Client, dict[str, Any]]:
        """Return a browser in which the password was typed, and the options of the next page."""
        client = new_client()
        answer = sign_in(client, EMAIL)
        return client, options_of(client.get(answer["Location"]).text)

    def by_passkey(self, passkey: Passkey, client: Client, options: dict[str, Any]) -> None:
        client.post(PASSKEY_SIGN_IN, {"credential": passkey.answer(options)})

    def test_it_is_the_second_factor(self) -> None:
        client, options = self.half_way()
        self.assertIs(is_in(client), False)
        client.post(CODE, {"credential": self.passkey.answer(options)})
        self.assertIs(is_in(client), True)

    def test_it_signs_in_alone(self) -> None:
        client = new_client()
        self.by_passkey(self.passkey, client, sign_in_options(client))
        self.assertIs(is_in(client), True)

    def test_without_the_person_it_is_no_more_than_a_second_factor(self) -> None:
        """A security key without a PIN proves possession only."""
        self.passkey.verifies = False
        client = new_client()
        self.by_passkey(self.passkey, client, sign_in_options(client))
        self.assertIs(is_in(client), False)
        client, options = self.half_way()
        client.post(CODE, {"credential": self.passkey.answer(options)})
        self.assertIs(is_in(client), True)

    def test_an_answer_works_once_and_in_its_own_session(self) -> None:
        client = new_client()
        answer = self.passkey.answer(sign_in_options(client))
        other = new_client()
        sign_in_options(other)
        other.post(PASSKEY_SIGN_IN, {"credential": answer})
        self.assertIs(is_in(other), False)
        client.post(PASSKEY_SIGN_IN, {"credential": answer})
        client.post("/accounts/logout/")
        client.post(PASSKEY_SIGN_IN, {"credential": answer})
        self.assertIs(is_in(client), False)

    def test_another_device_or_another_site_is_refused(self) -> None:
        stranger, phished = Passkey(), self.passkey
        stranger.user_handle = self.passkey.user_handle
        phished.origin = "https://counterp0int.example"
        for passkey in (stranger, phished):
            client = new_client()
            self.by_passkey(passkey, client, sign_in_options(client))
            self.assertIs(is_in(client), False)

    def test_a_passkey_of_one_account_opens_no_other(self) -> None:
        other = make_user("sam", email="sam@example.org")
        for owner in (
            str(other.pk),
            "0",
            "-1",
            "9223372036854775808",
            "\u0669\u0669\u0669",
            "1.5",
            "\0",
            "",
        ):
            with self.subTest(owner):
                client = new_client()
                forged = json.loads(self.passkey.answer(sign_in_options(client)))
                handle = urlsafe_b64encode(owner.encode()).decode().rstrip("=")
                forged["response"]["userHandle"] = handle
                answer = client.post(PASSKEY_SIGN_IN, {"credential": json.dumps(forged)})
                self.assertEqual(answer.status_code, 302)
                self.assertIs(is_in(client), False)

    def test_a_broken_answer_is_refused_everywhere(self) -> None:
        for text in BROKEN:
            cache.clear()
            with self.subTest(text[:60]):
                client = new_client()
                sign_in_options(client)
                answer = client.post(PASSKEY_SIGN_IN, {"credential": text})
                self.assertRedirects(answer, "/accounts/login/", fetch_redirect_response=False)
                client, _options = self.half_way()
                self.assertEqual(client.post(CODE, {"credential": text}).status_code, 200)
                self.assertIs(is_in(client), False)
                self.client.get("/accounts/2fa/webauthn/add/")
                data = {"credential": text, "name": "x"}
                answer = self.client.post("/accounts/2fa/webauthn/add/", data)
                self.assertEqual(answer.status_code, 200)
                self.client.get(CONFIRM_BY_PASSKEY)
                answer = self.client.post(CONFIRM_BY_PASSKEY, {"credential": text})
                self.assertEqual(answer.status_code, 302)
        self.assertEqual(Authenticator.objects.filter(type="webauthn").count(), 1)

    def test_confirming_takes_it(self) -> None:
        client = new_client()
        self.by_passkey(self.passkey, client, sign_in_options(client))
        target = "/accounts/2fa/webauthn/add/"
        self.assertEqual(client.get(target).status_code, 302)
        page = f"{CONFIRM_BY_PASSKEY}?next={target}"
        options = options_of(client.get(page).text)
        client.post(page, {"credential": self.passkey.answer(options)})
        self.assertEqual(client.get(target).status_code, 200)
