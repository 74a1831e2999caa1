"""Handles, names, addresses and roles are written under the lock of names, in every test."""

from unittest import mock

from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase

from accounts import actions
from accounts.adapter import AccountAdapter
from accounts.models import User
from accounts.naming import hiding, rules
from tests.accounts.naming.locked import WrittenWithoutLock
from tests.factories import make_user
from tests.reauthenticated import client_of

NEW = "another long battery"


class LockTests(TestCase):
    """What is refused without the lock, and what writes no names at all."""

    def setUp(self) -> None:
        self.person = make_user("robin", name="Robin")

    def test_the_lock_holds_until_its_transaction_ends(self) -> None:
        with self.assertRaises(WrittenWithoutLock), transaction.atomic():
            hiding.hide(self.person)
        with transaction.atomic():
            with transaction.atomic():
                rules.lock()
            hiding.hide(self.person)
        with self.assertRaises(WrittenWithoutLock), transaction.atomic():
            hiding.hide(self.person)

    def test_each_write_of_ours_fails_without_it(self) -> None:
        form = {"email": "new@example.org", "name": "newbie", "password1": NEW}
        with mock.patch.object(rules, "lock"):
            for write in (
                lambda: Client().post("/accounts/signup/", form),
                lambda: actions.change_names(self.person, handle="robin.b", name=""),
                lambda: call_command("grant", "robin", "author"),
            ):
                with self.assertRaises(WrittenWithoutLock), transaction.atomic():
                    write()

    def test_a_password_is_set_without_writing_the_row_as_it_was_read(self) -> None:
        """Else a handle, or a suspension, from after the request began would be undone."""
        set_password, client = AccountAdapter.set_password, client_of(self.person)

        def late(adapter: AccountAdapter, user: User, password: str) -> None:
            User.objects.filter(pk=user.pk).update(name="Changed meanwhile")
            set_password(adapter, user, password)

        with mock.patch.object(AccountAdapter, "set_password", late):
            client.post("/accounts/password/change/", {"password1": NEW, "password2": NEW})
        self.person.refresh_from_db()
        self.assertTrue(self.person.check_password(NEW))
        self.assertEqual(self.person.name, "Changed meanwhile")

    def test_the_first_admin(self) -> None:
        with mock.patch.dict("os.environ", {"DJANGO_SUPERUSER_PASSWORD": NEW}):
            call_command(
                "createsuperuser", email="boss@example.org", handle="boss", interactive=False
            )
        self.assertTrue(User.objects.get(handle="boss").is_admin)
