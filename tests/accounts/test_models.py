"""Test the constraints and queries of the user model."""

from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.models import User
from tests.factories import make_user


class UserTests(TestCase):
    """Rows of users."""

    def test_an_address_belongs_to_one_person_in_any_case(self) -> None:
        make_user("one", email="same@example.org")
        with self.assertRaises(IntegrityError), transaction.atomic():
            User.objects.create(email="SAME@example.org", handle="two")

    def test_handles_that_look_alike_belong_to_one_person(self) -> None:
        make_user("robin")
        with self.assertRaises(IntegrityError), transaction.atomic():
            User.objects.create(handle="R0bin")

    def test_erasing_leaves_nothing_personal(self) -> None:
        person = make_user("robin", name="Robin Hale", email="robin@example.org")
        person.erase()
        row = User.objects.filter(pk=person.pk).values().get()
        for word in ("robin", "Robin", "example.org"):
            self.assertNotIn(word, str(row))
        self.assertIs(person.emailaddress_set.exists(), False)  # type: ignore[attr-defined]

    def test_an_erased_row_with_an_address_is_refused(self) -> None:
        person = make_user("robin")
        with self.assertRaises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=person.pk).update(erased_at=timezone.now())
