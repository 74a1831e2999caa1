"""Test a form of signing in that is sent twice, as by a double press."""

import re
from datetime import timedelta
from typing import Any
from unittest import mock

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sent_twice
from tests.accounts.test_sign_up import code_in_mail, form
from tests.cast import Cast
from tests.factories import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class TwiceTests(Cast):
    """A browser that sends the same form again, with the cookies it has by then."""

    def setUp(self) -> None:
        cache.clear()
        self.client = Client(enforce_csrf_checks=True)
        self.there = self.post.get_absolute_url()

    def typed(self, url: str, **words: str) -> dict[str, str]:
        """Return the form of the page at `url`, filled in with `words`."""
        token = TOKEN.search(self.client.get(url).text)
        assert token
        return {**words, "csrfmiddlewaretoken": token[1]}

    def assert_leads_there_twice(self, url: str, typed: dict[str, str]) -> None:
        for press in ("first", "second"):
            with self.subTest(press):
                answer = self.client.post(url, typed)
                self.assertRedirects(answer, self.there, fetch_redirect_response=False)
        self.assertIn("_auth_user_id", self.client.session)

    def test_the_code_of_a_sign_up(self) -> None:
        url = reverse("account_signup")
        code = self.client.post(url, self.typed(url, **form(next=self.there)))["Location"]
        self.assert_leads_there_twice(code, self.typed(code, code=code_in_mail()))

    def test_the_code_to_sign_in(self) -> None:
        url = reverse("account_login")
        typed = self.typed(url, login=self.reader.email or "", way="code", next=self.there)
        code = self.client.post(url, typed)["Location"]
        self.assert_leads_there_twice(code, self.typed(code, code=code_in_mail(), next=self.there))

    def test_the_password(self) -> None:
        url = reverse("account_login")
        words = {"login": self.reader.email or "", "password": PASSWORD, "next": self.there}
        self.assert_leads_there_twice(url, self.typed(url, **words))

    def test_the_page_to_sign_in_leads_there_too(self) -> None:
        url = reverse("account_login")
        words = {"login": self.reader.email or "", "password": PASSWORD, "next": self.there}
        self.client.post(url, self.typed(url, **words))
        self.assertRedirects(self.client.get(url), self.there, fetch_redirect_response=False)

    def test_a_form_that_has_expired_says_so(self) -> None:
        """Later, on another page, and for somebody signed out."""
        url = reverse("account_login")
        old = self.typed(url, login=self.reader.email or "", password=PASSWORD)
        self.client.post(url, old)
        answers: list[Any] = [self.client.post(reverse("people:handle"), old)]
        later = timezone.now() + sent_twice.FRESH + timedelta(seconds=1)
        with mock.patch("django.utils.timezone.now", return_value=later):
            answers.append(self.client.post(url, old))
        self.client.logout()
        answers.append(Client(enforce_csrf_checks=True).post(url, old))
        for answer in answers:
            self.assertContains(answer, "This form has expired", status_code=403)
