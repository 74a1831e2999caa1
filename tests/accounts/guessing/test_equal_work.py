"""Forms that take an address do the same work, and answer the same, whether it is known or not."""

from collections.abc import Callable
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.test import Client, TestCase, override_settings

from accounts.models import User
from core.jobs.worker import JobWorker
from tests.accounts.alike import Seen, follow, watched
from tests.factories import PASSWORD, make_user
from tests.reauthenticated import client_of

LOCAL = "django.core.mail.backends.locmem.EmailBackend"
QUEUED = {"EMAIL_BACKEND": "notifications.mail.QueuedBackend", "EMAIL_DELIVERY_BACKEND": LOCAL}
# Of one length, so that pages are.
KNOWN, UNKNOWN = "known@example.org", "other@example.org"
HANDLES = {KNOWN: "newbie", UNKNOWN: "novice"}
FORMS: dict[str, Callable[[str], dict[str, str]]] = {
    "/accounts/login/": lambda email: {"login": email, "password": "a wrong one"},
    "/accounts/login/?code": lambda email: {"login": email, "way": "code", "password": "typed"},
    "/accounts/login/?": lambda email: {"login": email},
    "/accounts/login/code/": lambda email: {"email": email},
    "/accounts/password/reset/": lambda email: {"email": email},
    "/accounts/signup/": lambda email: {
        "email": email,
        "name": HANDLES[email],
        "password1": PASSWORD,
    },
}


@override_settings(**QUEUED)
class EqualWorkTests(TestCase):
    """Answers, hashings, jobs and queries."""

    def setUp(self) -> None:
        make_user("known", email=KNOWN)
        self.person = make_user("adding")

    def work(self, url: str, email: str) -> Seen:
        """Return what is seen of sending a form with `email` signed out."""
        return self.sent(Client(), url, FORMS[url](email))

    def sent(self, client: Client, url: str, data: dict[str, str]) -> Seen:
        """Return what is seen of sending `data`, and of the page to which that leads."""
        cache.clear()
        with watched() as seen:
            answer: Any = client.post(url, data)
            follow(client, seen, answer, KNOWN, UNKNOWN, *HANDLES.values())
        self.assertIn(answer.status_code, {200, 302}, answer.content)
        return seen

    def test_each_form(self) -> None:
        for url in FORMS:
            with self.subTest(url):
                self.assertEqual(self.work(url, KNOWN), self.work(url, UNKNOWN))

    def test_adding_an_address_that_another_holds(self) -> None:
        """Signed in: the page says that a code is on its way, and takes wrong ones alike."""
        works = []
        for email in (KNOWN, UNKNOWN):
            client = client_of(self.person)
            codes = ("", "AAAA-AAAA", "AAAA-AAAA", "AAAA-AAAA")
            sent = [
                ("/accounts/email/", {"email": email, "action_add": ""}),
                *(("/accounts/confirm-email/", {"code": code}) for code in codes),
            ]
            works.append([self.sent(client, url, data) for url, data in sent])
        self.assertEqual(works[0], works[1])
        self.assertEqual((works[0][0].jobs, works[0][0].answers[0][0]), (1, 302))

    def test_an_account_without_a_password_is_hashed_for_too(self) -> None:
        person = make_user("without", email="no-pw@example.org")
        person.set_unusable_password()
        person.save()
        url = "/accounts/login/"
        self.assertEqual(self.work(url, "no-pw@example.org").hashed, self.work(url, UNKNOWN).hashed)

    def test_what_is_done_for_the_time_reaches_nobody(self) -> None:
        for url in ("/accounts/login/code/", "/accounts/password/reset/"):
            self.work(url, UNKNOWN)
        self.work("/accounts/signup/", KNOWN)
        while JobWorker().turn():
            pass
        self.assertEqual([message.to for message in mail.outbox], [[KNOWN]])
        held = User.objects.get(handle="newbie")  # for a day, as that of a new address is
        self.assertIsNone(held.email)
        self.assertFalse(held.emailaddress_set.filter(email=KNOWN).exists())  # type: ignore[attr-defined]
