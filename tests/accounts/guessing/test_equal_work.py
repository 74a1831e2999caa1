"""Forms that take an address do the same work whether it has an account or not."""

from collections import Counter
from collections.abc import Callable
from unittest import mock

from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult as Job

from accounts.models import User
from core.jobs.worker import JobWorker
from tests.factories import PASSWORD, make_user

LOCAL = "django.core.mail.backends.locmem.EmailBackend"
QUEUED = {"EMAIL_BACKEND": "notifications.mail.QueuedBackend", "EMAIL_DELIVERY_BACKEND": LOCAL}
KNOWN = "known@example.org"
UNKNOWN = "other@example.org"
# Statements by which the two may differ: a write takes the database as long as ten lookups by an
# index, and hashing a password a thousand times as long.
DIFFERENCE = {"INSERT": 0, "UPDATE": 0, "DELETE": 0, "SELECT": 4}
FORMS: dict[str, Callable[[str], dict[str, str]]] = {
    "/accounts/login/": lambda email: {"login": email, "password": "a wrong one"},
    "/accounts/login/code/": lambda email: {"email": email},
    "/accounts/password/reset/": lambda email: {"email": email},
    "/accounts/signup/": lambda email: {
        "email": email,
        "username": "newbie" if email == KNOWN else "novice",
        "password1": PASSWORD,
    },
}


@override_settings(**QUEUED)
class EqualWorkTests(TestCase):
    """Hashings, jobs and queries, counted."""

    def setUp(self) -> None:
        make_user("known", email=KNOWN)

    def work(self, url: str, email: str) -> tuple[int, int, Counter[str]]:
        """Return how many passwords were hashed and jobs queued, and the statements."""
        cache.clear()
        jobs = Job.objects.count()
        encode = mock.patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        )
        with encode as hashed, CaptureQueriesContext(connection) as asked:
            answer = Client().post(url, FORMS[url](email))
        assert answer.status_code in {200, 302}, answer.content
        kinds = Counter(query["sql"].split()[0] for query in asked)
        return hashed.call_count, Job.objects.count() - jobs, kinds

    def test_each_form(self) -> None:
        for url in FORMS:
            with self.subTest(url):
                known, unknown = self.work(url, KNOWN), self.work(url, UNKNOWN)
                self.assertEqual(known[:2], unknown[:2])
                both = (known[2], unknown[2])
                for kind, most in DIFFERENCE.items():
                    self.assertLessEqual(abs(both[0][kind] - both[1][kind]), most, both)

    def test_an_account_without_a_password_is_hashed_for_too(self) -> None:
        person = make_user("without", email="without@example.org")
        person.set_unusable_password()
        person.save()
        url = "/accounts/login/"
        self.assertEqual(self.work(url, "without@example.org")[0], self.work(url, UNKNOWN)[0])

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
