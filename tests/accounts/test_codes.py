"""Test what the e-mail with a code says, and the page that asks for the code."""

from typing import Any

from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client, override_settings
from django.urls import reverse

from tests.accounts.test_sign_up import form
from tests.cast import Cast
from tests.factories import PASSWORD

NAME = "Counterpoint"


class CodeTests(Cast):
    """The four things that a code is for."""

    def setUp(self) -> None:
        cache.clear()

    def asked_to_sign_in(self) -> Any:
        data = {"login": self.reader.email, "way": "code"}
        return self.client.post(reverse("account_login"), data, follow=True)

    def asked_to_sign_up(self) -> Any:
        return self.client.post(reverse("account_signup"), form(), follow=True)

    def asked_for_an_address(self) -> Any:
        self.sign_in(self.reader)
        url = reverse("account_email")
        self.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        data = {"email": "other@example.org", "action_add": "1"}
        return self.client.post(url, data, follow=True)

    def asked_who_one_is(self) -> Any:
        self.sign_in(self.reader)
        url = reverse("account_request_reauthentication_code")
        choices = self.client.get(url).context["form"].fields["recipient"].choices
        return self.client.post(url, {"recipient": choices[0][0]}, follow=True)

    def test_the_subject_says_what_it_is_for_and_the_text_how_long_it_works(self) -> None:
        for ask, subject, unasked in (
            (self.asked_to_sign_in, f"Your code to sign in to {NAME}", "nobody can sign in"),
            (self.asked_to_sign_up, f"Your code to create your account at {NAME}", "your address"),
            (
                self.asked_for_an_address,
                f"Your code to confirm your e-mail address at {NAME}",
                "nobody can use your address",
            ),
            (
                self.asked_who_one_is,
                f"Your code to confirm that it is you at {NAME}",
                "somebody else may be signed in",
            ),
        ):
            self.client.logout()
            mail.outbox.clear()
            with self.subTest(subject):
                page = ask()
                [sent] = mail.outbox
                self.assertEqual(sent.subject, subject)
                assert isinstance(sent, EmailMultiAlternatives)
                html = str(sent.alternatives[0][0])
                for words in ("It works for 15 minutes", "Please give it to nobody", unasked):
                    self.assertIn(words, sent.body)
                    self.assertIn(words, html)
                self.assertRegex(html, r'class="code" style="[^"]*user-select: ?all')
                self.assertContains(page, "The code works for 15 minutes, on this page only.")
                self.assertContains(page, 'autocomplete="one-time-code"')
                self.assertRegex(page.text, r'<input[^>]* name="code"[^>]* autofocus')

    @override_settings(ACCOUNT_LOGIN_BY_CODE_TIMEOUT=60)
    def test_the_minutes_are_those_of_the_setting(self) -> None:
        page = self.asked_to_sign_in()
        self.assertContains(page, "The code works for 1 minute, on this page only.")
        self.assertIn("It works for 1 minute, on that page only.", mail.outbox[-1].body)

    def test_the_first_code_is_told_once_and_a_new_page_puts_the_cursor_into_the_address(
        self,
    ) -> None:
        self.assertContains(self.asked_to_sign_in(), "We sent a code to", count=1)
        page = Client().get(reverse("account_login"))
        self.assertRegex(page.text, r'<input[^>]* name="login"[^>]* autofocus')
        refused = Client().post(reverse("account_login"), {"login": "x", "password": "y"})
        self.assertNotContains(refused, "autofocus")
