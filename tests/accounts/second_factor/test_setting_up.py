"""Test adding, showing and removing second factors, and how their secrets are stored."""

import json
from typing import Any
from unittest import mock
from xml.etree import ElementTree

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import TestCase, TransactionTestCase, override_settings

from accounts.sessions import SessionStore
from tests.accounts.second_factor.devices import (
    ADD_PASSKEY,
    APP,
    FACTORS,
    add_app,
    add_passkey,
    code_of,
    confirm,
    is_in,
    later,
    new_client,
    sign_in,
)
from tests.factories import make_user

EMAIL = "robin@example.org"
QR = "/accounts/2fa/totp/qr/"
CODES = "/accounts/2fa/recovery-codes/"
# The pages that change something, or show a secret.
GUARDED = (
    APP,
    QR,
    ADD_PASSKEY,
    "/accounts/2fa/totp/deactivate/",
    CODES,
    f"{CODES}generate/",
    f"{CODES}download/",
)


class SettingUpTests(TestCase):
    """A reader who has just confirmed who they are."""

    def setUp(self) -> None:
        self.person = make_user("robin", email=EMAIL)
        self.client = new_client()
        sign_in(self.client, EMAIL)
        confirm(self.client)

    def kinds(self) -> set[str]:
        return set(Authenticator.objects.values_list("type", flat=True))

    def in_a_session_left_open(self) -> Any:
        """Return a browser of the same person in which nobody has confirmed lately."""
        client = new_client()
        client.force_login(self.person)
        return client

    def test_an_app_is_added_by_its_first_code(self) -> None:
        add_app(self.client)
        self.assertEqual(self.kinds(), {"totp", "recovery_codes"})

    def test_a_wrong_code_adds_nothing_and_keeps_the_key(self) -> None:
        before = self.client.get(APP).context["form"].secret
        answer = self.client.post(APP, {"code": "000000"})
        self.assertIn("code", answer.context["form"].errors)
        self.assertEqual(self.kinds(), set())
        self.assertEqual(answer.context["form"].secret, before)
        self.assertEqual(self.client.get(APP).context["form"].secret, before)

    def test_wrong_codes_are_limited(self) -> None:
        secret = self.client.get(APP).context["form"].secret
        for _guess in range(5):
            self.client.post(APP, {"code": "000000"})
        self.client.post(APP, {"code": code_of(secret)})
        self.assertEqual(self.kinds(), set())

    def test_a_second_click_adds_it_once(self) -> None:
        secret = self.client.get(APP).context["form"].secret
        for _click in range(2):
            answer = self.client.post(APP, {"code": code_of(secret)})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Authenticator.objects.filter(type="totp").count(), 1)

    def test_the_picture_is_an_image_of_its_own_and_private(self) -> None:
        page = self.client.get(APP)
        self.assertContains(page, f'<img src="{QR}"')
        self.assertNotContains(page, "data:image")
        answer = self.client.get(QR)
        self.assertEqual(answer["Content-Type"], "image/svg+xml")
        self.assertEqual(answer["Cache-Control"], "private, no-store")
        image = ElementTree.fromstring(answer.content)
        self.assertEqual(
            {piece.tag.rpartition("}")[2] for piece in image.iter()}, {"svg", "rect", "path"}
        )

    def test_the_picture_holds_the_key_of_the_page(self) -> None:
        secret = self.client.get(APP).context["form"].secret
        adapter = "accounts.second_factor.adapter.MFAAdapter.build_totp_svg"
        with mock.patch(adapter, return_value="<svg/>") as drawn:
            self.client.get(QR)
        [address] = drawn.call_args.args
        self.assertIn(f"secret={secret}&issuer=Counterpoint", address)
        self.assertIn("robin%40example.org", address)

    def test_there_is_no_picture_before_and_after(self) -> None:
        self.assertEqual(self.client.get(QR).status_code, 404)
        add_app(self.client)
        self.assertEqual(self.client.get(QR).status_code, 404)

    def test_a_session_left_open_is_not_enough(self) -> None:
        add_app(self.client)
        passkey = add_passkey(self.client)
        self.assertNotEqual(passkey.user_handle, "")
        pk = Authenticator.objects.get(type="webauthn").pk
        before = list(Authenticator.objects.order_by("pk").values())
        client = self.in_a_session_left_open()
        pages = [f"/accounts/2fa/webauthn/keys/{pk}/{act}/" for act in ("remove", "edit")]
        for page in (*GUARDED, *pages):
            with self.subTest(page):
                self.assertIn(client.get(page).status_code, {302, 404})
                self.assertIn(client.post(page, {"name": "Mine"}).status_code, {302, 404, 405})
        self.assertEqual(list(Authenticator.objects.order_by("pk").values()), before)

    def test_visitors_are_asked_to_sign_in(self) -> None:
        for page in (FACTORS, *GUARDED, "/accounts/2fa/webauthn/"):
            with self.subTest(page):
                answer = new_client().get(page)
                self.assertIn(answer.status_code, {302, 404})

    def test_another_persons_passkey_is_not_there(self) -> None:
        add_passkey(self.client)
        pk = Authenticator.objects.get(type="webauthn").pk
        make_user("sam", email="sam@example.org")
        other = new_client()
        sign_in(other, "sam@example.org")
        confirm(other)
        for act in ("remove", "edit"):
            page = f"/accounts/2fa/webauthn/keys/{pk}/{act}/"
            self.assertEqual(other.get(page).status_code, 404)
            self.assertEqual(other.post(page, {"name": "Mine"}).status_code, 404)

    def test_a_number_that_no_passkey_can_have_is_not_there(self) -> None:
        for act in ("remove", "edit"):
            page = f"/accounts/2fa/webauthn/keys/{2**63}/{act}/"
            self.assertEqual(self.client.get(page).status_code, 404)

    def test_an_address_to_be_confirmed_comes_first(self) -> None:
        self.person.emailaddress_set.create(email="new@example.org")  # type: ignore[attr-defined]
        self.assertRedirects(self.client.get(APP), FACTORS)

    def test_a_passkey_is_named_and_renamed(self) -> None:
        add_passkey(self.client)
        passkey = Authenticator.objects.get(type="webauthn")
        self.assertEqual(str(passkey), "My phone")
        page = f"/accounts/2fa/webauthn/keys/{passkey.pk}/edit/"
        self.client.post(page, {"name": "My <b>new</b> phone"})
        listed = self.client.get("/accounts/2fa/webauthn/")
        self.assertContains(listed, "My &lt;b&gt;new&lt;/b&gt; phone")
        self.assertEqual(self.client.post(page, {"name": "x" * 61}).status_code, 200)
        passkey.refresh_from_db()
        self.assertEqual(str(passkey), "My <b>new</b> phone")

    def test_recovery_codes_are_shown_downloaded_and_replaced(self) -> None:
        add_app(self.client)
        shown = self.client.get(CODES)
        codes = shown.context["unused_codes"]
        self.assertEqual(len(codes), 10)
        self.assertContains(shown, codes[0])
        downloaded = self.client.get(f"{CODES}download/")
        self.assertEqual(downloaded.text.split(), codes)
        self.assertEqual(downloaded["Cache-Control"], "private, no-store")
        self.client.post(f"{CODES}generate/")
        self.assertEqual(set(codes) & set(self.client.get(CODES).context["unused_codes"]), set())

    def test_removing_the_last_one_ends_the_codes_too(self) -> None:
        add_app(self.client)
        self.client.post("/accounts/2fa/totp/deactivate/")
        self.assertEqual(self.kinds(), set())
        client = new_client()
        sign_in(client, EMAIL)
        self.assertIs(is_in(client), True)

    def test_erasing_an_account_erases_them(self) -> None:
        add_app(self.client)
        add_passkey(self.client)
        self.client.post("/me/erasure/", {"handle": "robin", "texts": "keep"})
        self.assertEqual(self.kinds(), set())

    def test_the_download_names_them_without_their_secrets(self) -> None:
        add_app(self.client)
        add_passkey(self.client)
        data = self.client.get("/me/export/").json()["second_factors"]
        self.assertEqual(
            [(row["type"], row["name"]) for row in data],
            [("totp", None), ("recovery_codes", None), ("webauthn", "My phone")],
        )

    def test_pages_have_no_script_and_no_image_in_them(self) -> None:
        add_app(self.client)
        add_passkey(self.client)
        pk = Authenticator.objects.get(type="webauthn").pk
        half_way = new_client()
        sign_in(half_way, EMAIL)
        pages = [
            half_way.get("/accounts/2fa/authenticate/"),
            new_client().get("/accounts/login/"),
            *(
                self.client.get(page)
                for page in (
                    FACTORS,
                    ADD_PASSKEY,
                    CODES,
                    "/accounts/2fa/webauthn/",
                    f"/accounts/2fa/webauthn/keys/{pk}/edit/",
                    f"/accounts/2fa/webauthn/keys/{pk}/remove/",
                    "/accounts/2fa/reauthenticate/",
                    "/accounts/2fa/webauthn/reauthenticate/",
                    "/accounts/2fa/totp/deactivate/",
                )
            ),
        ]
        for page in pages:
            with self.subTest(page.request["PATH_INFO"]):
                self.assertEqual(page.status_code, 200)
                for forbidden in (
                    "data:image",
                    "<script data-",
                    "onclick",
                    "mfa/js/",
                    "account/js",
                ):
                    self.assertNotContains(page, forbidden)

    def test_it_leads_from_ones_own_pages(self) -> None:
        self.assertContains(self.client.get("/me/account/"), f'href="{FACTORS}">Set up')

    def test_ones_own_page_says_whether_it_is_on(self) -> None:
        for said, change in (("Off. An app or a passkey", "Set up"), ("On. It is asked", "Manage")):
            page = self.client.get("/me/account/")
            self.assertContains(page, f"<dd>{said}")
            self.assertContains(page, f'href="{FACTORS}">{change}')
            if change == "Set up":
                add_app(self.client)


class MailTests(TransactionTestCase):
    """What the owner of the address is told, once it is stored."""

    def test_every_change_is_told(self) -> None:
        make_user("robin", email=EMAIL)
        client = new_client()
        sign_in(client, EMAIL)
        confirm(client)
        add_app(client)
        add_passkey(client)
        client.post(f"{CODES}generate/")
        client.post("/accounts/2fa/totp/deactivate/")
        self.assertEqual([message.to for message in mail.outbox], [[EMAIL]] * 4)
        said = [str(message.body) for message in mail.outbox]
        for sentence, body in zip(
            (
                "An authenticator app was added.",
                "A passkey was added.",
                "New recovery codes were made.",
                "An authenticator app was removed.",
            ),
            said,
            strict=True,
        ):
            self.assertIn(sentence, body)
            self.assertIn("/restoration/", body)


class StoredSecretTests(TestCase):
    """What a copy of the database tells of second factors."""

    def setUp(self) -> None:
        self.person = make_user("robin", email=EMAIL)
        self.client = new_client()
        sign_in(self.client, EMAIL)
        confirm(self.client)

    def database(self) -> str:
        """Return all that the tables of factors and sessions hold, decoded."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator")
            rows = [str(row) for row in cursor.fetchall()]
        sessions = [SessionStore().decode(row.session_data) for row in Session.objects.all()]
        return json.dumps([rows, sessions])

    def test_no_key_and_no_seed_is_in_clear(self) -> None:
        page = self.client.get(APP)
        secret = page.context["form"].secret
        self.assertNotIn(secret, self.database())
        self.assertNotIn("mfa.totp.secret", self.database())
        self.client.post(APP, {"code": code_of(secret)})
        self.assertNotIn(secret, self.database())
        wrapped = Authenticator.objects.get(type="recovery_codes").wrap()
        seed = wrapped.instance.data["seed"]
        self.assertTrue(seed.startswith("gAAAA"))
        for code in wrapped.get_unused_codes():
            self.assertNotIn(code, self.database())

    def works(self, secret: str, steps: int) -> bool:
        client = new_client()
        sign_in(client, EMAIL)
        with later(steps):
            client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        return is_in(client)

    def test_the_secret_key_may_change(self) -> None:
        secret = add_app(self.client)
        old = "only-for-tests-a-key-that-is-long-enough-0123456789-abcdefghijkl"
        with override_settings(SECRET_KEY="another" * 9, SECRET_KEY_FALLBACKS=[old]):
            self.assertIs(self.works(secret, 2), True)
        with override_settings(SECRET_KEY="another" * 9):
            self.assertIs(self.works(secret, 4), True, "using it has encrypted it anew")

    def test_a_key_that_is_lost_makes_every_code_wrong_and_breaks_no_page(self) -> None:
        secret = add_app(self.client)
        with (
            override_settings(SECRET_KEY="another" * 9),
            self.assertLogs("accounts.second_factor.encryption", "ERROR"),
        ):
            self.assertIs(self.works(secret, 2), False)
            client = new_client()
            sign_in(client, EMAIL)
            self.assertEqual(client.get("/accounts/2fa/authenticate/").status_code, 200)
            # An empty secret would make codes that anybody can compute.
            for guess in (code_of("", 0), code_of("", 1)):
                client.post("/accounts/2fa/authenticate/", {"code": guess})
            self.assertIs(is_in(client), False)
