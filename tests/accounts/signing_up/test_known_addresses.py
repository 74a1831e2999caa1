"""Signing up with a known address is, in all that follows, like signing up with a new one."""

from datetime import timedelta
from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from accounts.models import Role, User
from accounts.naming import rules
from accounts.signing_up import actions
from accounts.signing_up.models import SignUp
from core import limits
from core.jobs.worker import JobWorker
from tests.accounts.alike import Seen, follow, watched
from tests.accounts.test_sign_up import URL, code_in_mail, form
from tests.factories import PASSWORD, make_user

LOCAL = "django.core.mail.backends.locmem.EmailBackend"
QUEUED = {"EMAIL_BACKEND": "notifications.mail.QueuedBackend", "EMAIL_DELIVERY_BACKEND": LOCAL}
# Of one length, so that pages are.
KNOWN, NEW = "known@example.org", "newly@example.org"
CONFIRM, SIGN_IN, CODE = "/accounts/confirm-email/", "/accounts/login/", "/accounts/login/code/"
HANDLES = {KNOWN: "kestrel", NEW: "kinglet"}  # with one initial, which pages show
WORDS = (KNOWN, NEW, *HANDLES.values())


def typed(email: str, **changes: str) -> dict[str, str]:
    return form(email=email, name=HANDLES[email], **changes)


@override_settings(**QUEUED)
class KnownAddressTests(TestCase):
    """What somebody sees who signs up with an address, by the steps that they may take then."""

    def setUp(self) -> None:
        self.owner = make_user("known", email=KNOWN)

    def both(self, step: Any) -> None:
        """Take the step for both addresses, and expect to see the same."""
        seen = []
        for email in (KNOWN, NEW):
            cache.clear()
            with watched() as each:
                step(email, each)
            seen.append(each)
        self.assertEqual(seen[0].answers, seen[1].answers)
        self.assertEqual(seen[0].queries, seen[1].queries)
        self.assertEqual((seen[0].hashed, seen[0].jobs), (seen[1].hashed, seen[1].jobs))

    def send(self, email: str, **changes: str) -> Any:
        return Client().post(URL, typed(email, **changes))

    def test_the_answer_its_page_and_wrong_codes(self) -> None:
        def sign_up(email: str, seen: Seen) -> None:
            client = Client()
            follow(client, seen, client.post(URL, typed(email)), *WORDS)
            for code in ("", "AAAA-AAAA", "AAAA-AAAA", "AAAA-AAAA"):
                follow(client, seen, client.post(CONFIRM, {"code": code}), *WORDS)

        self.both(sign_up)

    def test_the_handle_afterwards(self) -> None:
        """It has a profile, nobody else gets it, and the same form may be sent again."""
        for email in WORDS[:2]:
            self.send(email)

        def look(email: str, seen: Seen) -> None:
            handle = HANDLES[email]
            seen.add(Client().get(f"/@{handle}/"), *WORDS)
            other = form(email=f"third{handle}@example.org", name=handle.upper())
            Client().post(URL, other)
            self.assertEqual(User.objects.latest("pk").handle, f"{handle}2")
            follow(Client(), seen, self.send(email), *WORDS)
            refused = self.send(email, password1="another long battery")
            self.assertIn("name", refused.context["form"].errors)

        self.both(look)

    def test_the_ways_to_sign_in_afterwards(self) -> None:
        for email in WORDS[:2]:
            self.send(email)

        def sign_in(email: str, seen: Seen) -> None:
            for url, data in (
                (SIGN_IN, {"login": email, "password": PASSWORD}),
                ("/accounts/password/reset/", {"email": email}),
                (CODE, {"email": email}),
            ):
                client = Client()
                follow(client, seen, client.post(url, data), *WORDS)

        self.owner.set_password("the battery of the owner")
        self.owner.save()
        self.both(sign_in)

    def test_a_day_later_both_handles_are_free(self) -> None:
        for email in WORDS[:2]:
            self.send(email)
        later = timezone.now() + timedelta(seconds=limits.SIGN_UP_KEPT + 1)
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertEqual(actions.purge(), 2)
        self.assertEqual([*User.objects.all()], [self.owner])
        self.assertEqual([*EmailAddress.objects.values_list("email", flat=True)], [KNOWN])

    def test_each_gets_one_mail(self) -> None:
        for email in WORDS[:2]:
            self.send(email)
        while JobWorker().turn():
            pass
        to = {message.to[0]: message for message in mail.outbox}
        self.assertEqual((len(mail.outbox), {*to}), (2, {KNOWN, NEW}))
        self.assertIn("already have an account", str(to[KNOWN].body))
        self.assertRegex(str(to[NEW].body), r"[A-Z0-9]{4}-[A-Z0-9]{4}")

    def test_the_typed_address_is_not_stored_with_an_account_of_nobody(self) -> None:
        self.send(KNOWN)
        made = SignUp.objects.get().person
        self.assertEqual((made.handle, made.email), ("kestrel", None))
        self.assertTrue(made.emailaddress_set.get().email.endswith(".invalid"))  # type: ignore[attr-defined]
        self.assertNotIn("known@", str(SignUp.objects.values()))


class ConfirmingTests(TestCase):
    """Who confirms an address has the account, and nobody else does."""

    def setUp(self) -> None:
        self.client.post(URL, form())

    def person(self) -> User:
        return User.objects.get(handle="newbie")

    def test_the_code_on_the_same_page_keeps_the_password(self) -> None:
        self.client.post(CONFIRM, {"code": code_in_mail()})
        person = self.person()
        self.assertEqual(person.email, "new@example.org")
        self.assertTrue(person.check_password(PASSWORD))
        self.assertFalse(SignUp.objects.exists())
        answer = Client().post(SIGN_IN, {"login": "new@example.org", "password": PASSWORD})
        self.assertEqual(answer.status_code, 302)

    def test_a_code_to_sign_in_removes_the_password_of_whoever_signed_up(self) -> None:
        owner = Client()
        answer: Any = owner.post(CODE, {"email": "new@example.org"})
        answer = owner.post(answer["Location"], {"code": code_in_mail()}, follow=True)
        self.assertContains(answer, "We removed the password typed at sign-up")
        self.assertEqual(answer.context["user"], self.person())
        self.assertFalse(self.person().has_usable_password())
        self.assertEqual(self.person().email, "new@example.org")

    def test_a_link_to_another_password_confirms_the_address(self) -> None:
        Client().post("/accounts/password/reset/", {"email": "new@example.org"})
        text = str(mail.outbox[-1].body)
        link = next(word for word in text.split() if word.startswith("http"))
        owner = Client()
        answer: Any = owner.get(link)
        new = {"password1": "another long battery", "password2": "another long battery"}
        owner.post(answer["Location"], new)
        data = {"login": "new@example.org", "password": "another long battery"}
        self.assertEqual(Client().post(SIGN_IN, data).status_code, 302)
        self.assertEqual(self.person().email, "new@example.org")

    def test_an_unconfirmed_account_gives_way_to_who_confirms_its_address(self) -> None:
        User.objects.update(email="new@example.org")  # as accounts were made once
        other = make_user("other")
        row = EmailAddress.objects.create(user=other, email="new@example.org")
        with mock.patch.object(EmailAddress, "can_set_verified", return_value=True):
            from allauth.account.internal.flows.email_verification import verify_email

            request = mock.MagicMock(user=other)
            with transaction.atomic():
                rules.lock()
                verify_email(request, row)
        row.set_as_primary()
        self.assertEqual(User.objects.get(pk=other.pk).email, "new@example.org")

    def test_what_was_confirmed_used_or_judged_is_not_deleted(self) -> None:
        self.client.post(CONFIRM, {"code": code_in_mail()})
        judged, granted = make_user("judged"), make_user("granted", Role.AUTHOR)
        judged.suspensions.create(by=granted, reason="spam")
        people = [self.person(), judged, granted]
        EmailAddress.objects.exclude(user=people[0]).delete()
        for person in people:
            SignUp.objects.create(person=person, at=timezone.now() - timedelta(days=2))
        self.assertEqual(actions.purge(), 0)
        self.assertEqual({*User.objects.all()}, {*people})
        self.assertFalse(SignUp.objects.exists())
