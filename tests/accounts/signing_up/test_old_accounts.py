"""Accounts that were made before sign-ups were noted, and that nobody has confirmed."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from accounts.models import Role, User
from accounts.signing_up import actions
from accounts.signing_up.models import SignUp
from tests.factories import make_user

note_sign_ups = import_module("accounts.migrations.0011_old_sign_ups").note_sign_ups
LONG_AGO = timezone.now() - timedelta(days=90)


def migrate() -> None:
    note_sign_ups(apps, SimpleNamespace(connection=connection))


class OldAccountTests(TestCase):
    """What the migration notes, and what is deleted then."""

    def make(self, handle: str, *roles: str, verified: bool = False, **fields: object) -> User:
        """Return an account as signing up made it once."""
        person = make_user(handle, *roles, **{"joined_at": LONG_AGO, **fields})
        person.emailaddress_set.update(verified=verified)  # type: ignore[attr-defined]
        return person

    def test_they_are_deleted_and_nobody_else_is(self) -> None:
        old = self.make("forgotten")
        kept = [
            self.make("confirmed", verified=True),
            self.make("used", last_login=LONG_AGO),
            self.make("staff", Role.MODERATOR),
            self.make("demo", is_demo=True),
            self.make("guest", claimed_at=None),
        ]
        second = self.make("second")
        second.emailaddress_set.create(email="confirmed.2@example.org", verified=True)  # type: ignore[attr-defined]
        without = User.objects.create_user("without@example.org", "without")
        User.objects.filter(pk=without.pk).update(joined_at=LONG_AGO)
        judged = self.make("judged")
        judged.suspensions.create(by=kept[2], reason="spam")
        erased = self.make("erased")
        erased.erase()

        migrate()
        self.assertEqual({row.person for row in SignUp.objects.all()}, {old, judged})
        self.assertEqual(actions.purge(), 1)
        left = {*kept, second, without, judged, erased}
        self.assertEqual({*User.objects.all()}, left)
        self.assertFalse(SignUp.objects.exists())

    def test_one_of_today_has_a_day_as_others_have(self) -> None:
        self.make("today", joined_at=timezone.now())
        migrate()
        self.assertEqual((SignUp.objects.count(), actions.purge()), (1, 0))

    def test_a_sign_up_of_now_is_noted_once(self) -> None:
        person = self.make("newbie")
        SignUp.objects.create(person=person, address_key="its own")
        migrate()
        self.assertEqual(SignUp.objects.get().address_key, "its own")
