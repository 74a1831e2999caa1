"""Sign up at the same moment as somebody else, or as oneself."""

from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, TestCase, TransactionTestCase

from accounts.models import User
from accounts.signing_up import actions
from accounts.signing_up.models import SignUp
from core.text import skeleton
from tests.accounts.test_sign_up import URL, code_in_mail, form
from tests.at_once import at_once
from tests.factories import make_user

CONFIRM = "/accounts/confirm-email/"


def send(client: Client | None = None, **changes: str) -> Any:
    return (client or Client()).post(URL, form(**changes))


class PlantedRaceTests(TestCase):
    """Somebody else is faster, between the check of the form and the lock."""

    def send_late(self, **faster: str) -> Any:
        """Send the form; before its transaction, another that differs by `faster`."""
        make, client = actions.sign_up, Client()

        def late(**words: Any) -> User:
            with mock.patch.object(actions, "sign_up", make):
                send(None, **faster)
            return make(**words)

        with mock.patch.object(actions, "sign_up", side_effect=late):
            return client, send(client)

    def test_the_handle_went_to_somebody_else(self) -> None:
        for name in ("newbie", "NEW BIE"):
            with self.subTest(name):
                User.objects.all().delete()
                _client, answer = self.send_late(email="fast@example.org", name=name)
                self.assertEqual(answer.status_code, 302)
                self.assertEqual(User.objects.latest("pk").handle, "newbie2")

    def test_the_name_became_that_of_an_author(self) -> None:
        make = actions.sign_up
        author = make_user("ada", "author")

        def late(**words: Any) -> User:
            author.name = "Newbie"
            author.save()
            return make(**words)

        with mock.patch.object(actions, "sign_up", side_effect=late):
            answer = send()
        self.assertContains(answer, "This name is too close to somebody else")
        self.assertContains(answer, 'value="new@example.org"')
        self.assertFalse(User.objects.filter(handle="newbie").exists())

    def test_the_address_went_to_somebody_else(self) -> None:
        _client, answer = self.send_late(name="faster")
        self.assertEqual((answer.status_code, answer["Location"]), (302, CONFIRM))
        self.assertEqual({*User.objects.values_list("handle", flat=True)}, {"faster", "newbie"})
        self.assertEqual(EmailAddress.objects.filter(email="new@example.org").count(), 1)
        self.assertIn("already have an account", str(mail.outbox[-1].body))

    def test_the_same_form_was_sent_twice(self) -> None:
        client, answer = self.send_late()
        self.assertEqual((answer.status_code, answer["Location"]), (302, CONFIRM))
        self.assertEqual((User.objects.count(), len(mail.outbox)), (1, 2))
        client.post(CONFIRM, {"code": code_in_mail()})
        self.assertIs(EmailAddress.objects.get().verified, True)

    def test_nothing_is_left_of_one_that_fails_midway(self) -> None:
        failing = mock.patch.object(SignUp.objects, "create", side_effect=RuntimeError)
        with failing, self.assertRaises(RuntimeError):
            send()
        self.assertFalse(User.objects.exists() or EmailAddress.objects.exists())


class AtOnceTests(TransactionTestCase):
    """Threads at a barrier."""

    def test_one_form_sent_six_times(self) -> None:
        answers = at_once(*[send] * 6)
        # Three codes a minute for one address; more are told to wait.
        self.assertEqual(sorted(answer.status_code for answer in answers), [302] * 3 + [429] * 3)
        self.assertEqual((User.objects.count(), EmailAddress.objects.count()), (1, 1))

    def test_handles_that_look_alike(self) -> None:
        handles = ["Newbie", "NEWBIE", "New.bie", "Nevvbie", "New_b1e", "Newb-ie"]
        works = [
            lambda number=number, handle=handle: send(email=f"new{number}@example.org", name=handle)
            for number, handle in enumerate(handles)
        ]
        answers = at_once(*works)
        self.assertEqual(len({*map(skeleton, handles)}), 1)
        self.assertEqual({answer.status_code for answer in answers}, {302})
        made = {skeleton(handle) for handle in User.objects.values_list("handle", flat=True)}
        self.assertEqual(len(made), len(handles))

    def test_one_address_with_six_handles(self) -> None:
        works = [lambda number=number: send(name=f"newbie.{number}") for number in "abcdef"]
        answers = at_once(*works)
        self.assertEqual({answer.status_code for answer in answers}, {302, 429})
        self.assertEqual(EmailAddress.objects.filter(email="new@example.org").count(), 1)
        self.assertEqual(SignUp.objects.count(), 6)
