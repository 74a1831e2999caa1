"""Test `manage.py reset_second_factor`."""

from io import StringIO

from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import TestCase

from accounts.models import Role
from tests.accounts.second_factor.devices import (
    add_app,
    add_passkey,
    confirm,
    is_in,
    new_client,
    sign_in,
)
from tests.factories import make_user

LOG = "accounts.second_factor.reset"


class ResetSecondFactorTests(TestCase):
    """The last admin, who has lost the phone with the app."""

    def setUp(self) -> None:
        self.admin = make_user("ines", Role.ADMIN, email="ines@example.org")
        self.client = new_client()
        sign_in(self.client, "ines@example.org")
        confirm(self.client)
        add_app(self.client)
        add_passkey(self.client)
        other = make_user("sam", email="sam@example.org")
        self.other = new_client()
        self.other.force_login(other)

    def reset(self, handle: str = "@Ines") -> str:
        output = StringIO()
        with self.assertLogs(LOG, "WARNING") as logged:
            call_command("reset_second_factor", handle, stdout=output)
        [line] = logged.output
        self.assertIn("ines was reset: 2 factors, and all sessions ended", line)
        return output.getvalue()

    def test_they_sign_in_with_the_password_and_add_another(self) -> None:
        self.assertIn("Factors deleted: 2", self.reset())
        self.assertIs(Authenticator.objects.exists(), False)
        client = new_client()
        sign_in(client, "ines@example.org")
        self.assertIs(is_in(client), True)
        confirm(client)
        add_app(client)
        self.assertIs(Authenticator.objects.filter(type="totp").exists(), True)

    def test_their_sessions_end_and_no_others(self) -> None:
        self.reset()
        self.assertEqual(self.client.get("/me/notifications/").status_code, 302)
        self.assertEqual(self.other.get("/me/notifications/").status_code, 200)

    def test_nobody_is_refused(self) -> None:
        with self.assertRaisesMessage(CommandError, "Nobody has the handle"):
            call_command("reset_second_factor", "nobody")
