"""Test `manage.py grant` and `createsuperuser`."""

from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase

from accounts.models import User
from tests.factories import make_user


class GrantTests(TestCase):
    """Roles granted and revoked on the command line."""

    def roles(self, handle: str) -> frozenset[str]:
        return User.objects.get(handle=handle).roles

    def test_it_gives_and_takes(self) -> None:
        make_user("robin")
        for _twice in range(2):
            call_command("grant", "@Robin", "author", stdout=StringIO())
        self.assertEqual(self.roles("robin"), {"author"})
        call_command("grant", "robin", "author", "--revoke", stdout=StringIO())
        self.assertEqual(self.roles("robin"), frozenset())

    def test_nobody_and_nonsense_are_refused(self) -> None:
        with self.assertRaisesMessage(CommandError, "Nobody has the handle"):
            call_command("grant", "nobody", "author")
        make_user("robin")
        with self.assertRaises(CommandError):
            call_command("grant", "robin", "emperor")

    def test_the_first_admin_can_sign_in(self) -> None:
        with mock.patch.dict("os.environ", DJANGO_SUPERUSER_PASSWORD="correct horse battery"):
            call_command(
                "createsuperuser",
                "--noinput",
                email="a@example.org",
                handle="ines",
                stdout=StringIO(),
            )
        self.assertEqual(self.roles("ines"), {"admin"})
        self.assertIs(
            self.client.login(email="a@example.org", password="correct horse battery"), True
        )
