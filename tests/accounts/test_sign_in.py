"""Test signing in by password and by code, and attacks on it."""

import re
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core import mail
from django.db import connections
from django.test import Client, TestCase, TransactionTestCase, override_settings

from accounts.models import User
from tests.accounts.test_sign_up import code_in_mail
from tests.factories import PASSWORD, make_user

URL = "/accounts/login/"
BAD_TARGETS = (
    "http://example.com",
    "https://example.com/x",
    "//example.com",
    "///example.com",
    "/\\example.com",
    "\\\\example.com",
    "http:///example.com",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http:\\\\example.com",
    "//example.com\\@testserver",
    "http://testserver@example.com",
    "\x08//example.com",
    "ftp://example.com",
)


class SignInTests(TestCase):
    """A person with a password and a mailbox."""

    def setUp(self) -> None:
        self.person = make_user("robin", email="robin@example.org")

    def sign_in(
        self, password: str = PASSWORD, client: Client | None = None, **extra: str
    ) -> object:
        data = {"login": "robin@example.org", "password": password}
        return (client or self.client).post(URL, {**data, **extra})

    def is_in(self, client: Client | None = None) -> bool:
        return "_auth_user_id" in (client or self.client).session

    def test_the_page_offers_each_way_in_one_look_and_no_link_to_itself(self) -> None:
        page = self.client.get(URL).text
        ways = page.count("<h2>With")
        self.assertEqual(page.count('<div class="way__act">'), ways)
        self.assertEqual(page.count('<button class="button" type="submit"'), ways)
        meanings = re.findall(r"<h2>With[^<]*</h2>\s*<p>", page)
        self.assertEqual(len(meanings), ways)
        self.assertNotIn("button--main", page)
        self.assertNotIn(f'href="{URL}', page)
        self.assertIn(f'href="{URL}', self.client.get("/").text)

    def test_the_page_says_why_one_is_there(self) -> None:
        needed, back = "You need an account for that page", "back on the page you came from"
        sentences = {
            "/me/drafts/": needed,
            "/studio/?tab=1": needed,
            "/": back,
            "/about/": back,
            "/nothing/here/": back,
            "http://[": back,
            "": "",
        }
        for address, sentence in sentences.items():
            page = self.client.get(URL, {"next": address}).text
            with self.subTest(address):
                self.assertEqual(
                    [each for each in (needed, back) if each in page], [sentence] * bool(sentence)
                )

    def test_with_the_password(self) -> None:
        self.sign_in()
        self.assertIs(self.is_in(), True)

    def test_a_wrong_password_and_an_unknown_address_are_answered_alike(self) -> None:
        wrong = self.sign_in("not the password")
        unknown = self.client.post(URL, {"login": "who@example.org", "password": PASSWORD})
        errors = [answer.context["form"].errors.as_text() for answer in (wrong, unknown)]  # type: ignore[attr-defined]
        self.assertEqual(errors[0], errors[1])
        self.assertIs(self.is_in(), False)

    def test_with_a_code_by_mail(self) -> None:
        answer = self.client.post("/accounts/login/code/", {"email": "robin@example.org"})
        self.client.post(answer["Location"], {"code": code_in_mail()})
        self.assertIs(self.is_in(), True)

    def test_an_unknown_address_gets_no_mail_and_the_same_answer(self) -> None:
        known = self.client.post("/accounts/login/code/", {"email": "robin@example.org"})
        unknown = Client().post("/accounts/login/code/", {"email": "who@example.org"})
        self.assertEqual(
            (known.status_code, known["Location"]), (unknown.status_code, unknown["Location"])
        )
        self.assertEqual([mail.to for mail in mail.outbox], [["robin@example.org"]])

    @override_settings(ACCOUNT_RATE_LIMITS={"login": "1000/m/ip", "login_failed": "6/m/ip"})
    def test_guessing_from_elsewhere_keeps_nobody_out(self) -> None:
        for _guess in range(20):
            self.sign_in("a wrong guess", Client(REMOTE_ADDR="203.0.113.9"))
        other = Client(REMOTE_ADDR="198.51.100.7")
        self.sign_in(client=other)
        self.assertIs(self.is_in(other), True)

    def test_six_tries_a_minute_from_one_address(self) -> None:
        answers = [self.sign_in("a wrong guess").status_code for _try in range(8)]  # type: ignore[attr-defined]
        self.assertEqual(answers[:6], [200] * 6)
        self.assertEqual(answers[6:], [429, 429])

    def test_addresses_of_one_network_count_as_one(self) -> None:
        answers = [
            self.sign_in("a wrong guess", Client(REMOTE_ADDR=f"2001:db8:1:2::{n}")).status_code  # type: ignore[attr-defined]
            for n in range(1, 9)
        ]
        self.assertEqual(answers[-1], 429)

    def test_a_forged_forwarding_header_is_no_other_address(self) -> None:
        for number in range(8):
            client = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"})
            answer = self.sign_in("a wrong guess", client)
        self.assertEqual(answer.status_code, 429)  # type: ignore[attr-defined]

    @override_settings(ACCOUNT_RATE_LIMITS={})
    def test_signing_in_never_leads_to_another_site(self) -> None:
        for target in BAD_TARGETS:
            with self.subTest(target):
                client = Client()
                answer = self.sign_in(client=client, next=target)
                self.assertEqual(answer["Location"], "/")  # type: ignore[index]

    def test_it_leads_to_where_one_wanted_to_go(self) -> None:
        answer = self.sign_in(next="/series/")
        self.assertEqual(answer["Location"], "/series/")  # type: ignore[index]

    def test_signing_in_changes_the_session_key(self) -> None:
        self.client.get(URL)
        before = self.client.session.session_key
        self.sign_in()
        self.assertNotEqual(self.client.session.session_key, before)

    def test_signing_out_asks_and_ends_the_session(self) -> None:
        self.sign_in()
        self.client.get("/accounts/logout/")
        self.assertIs(self.is_in(), True)
        self.client.post("/accounts/logout/")
        self.assertIs(self.is_in(), False)


class SimultaneousTests(TransactionTestCase):
    """Attempts at the same time."""

    def test_thirty_at_once_are_counted_one_by_one(self) -> None:
        make_user("robin", email="robin@example.org")

        def guess(_number: int) -> int:
            try:
                data = {"login": "robin@example.org", "password": "a wrong guess"}
                return Client().post(URL, data).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(guess, range(30)))
        self.assertLessEqual(answers.count(200), 6)
        self.assertGreaterEqual(answers.count(429), 24)


class NextTests(TestCase):
    """Where signing in leads, by the parameter `next`."""

    def leads_to(self, target: str, **extra: object) -> str:
        make_user("robin", email="robin@example.org")
        self.client.force_login(User.objects.get(handle="robin"))
        answer = self.client.get(URL, {"next": target}, **extra)  # type: ignore[arg-type]
        self.assertEqual(answer.status_code, 302)
        return answer.headers["Location"]

    def test_an_address_of_this_site_is_followed(self) -> None:
        self.assertEqual(self.leads_to("http://testserver/about/"), "http://testserver/about/")

    def test_an_address_that_cannot_be_parsed_leads_home(self) -> None:
        self.assertEqual(self.leads_to("http://["), "/")

    @override_settings(HTTPS=True)
    def test_a_site_with_https_leads_to_no_http(self) -> None:
        self.assertEqual(self.leads_to("http://testserver/about/", secure=True), "/")


class SecretTests(TestCase):
    """What a browser keeps, and what a key has signed."""

    def test_no_script_reads_the_csrf_cookie(self) -> None:
        cookie = self.client.get(URL).cookies[settings.CSRF_COOKIE_NAME]
        self.assertTrue(cookie["httponly"])

    def test_an_earlier_key_keeps_a_session(self) -> None:
        self.client.force_login(make_user("robin"))
        new = "another-key-that-is-long-enough-0123456789-abcdefghijkl"
        old = settings.SECRET_KEY
        with override_settings(SECRET_KEY=new):
            self.assertEqual(
                Client(headers=self.session()).get("/me/notifications/").status_code, 302
            )
        with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]):
            self.assertEqual(
                Client(headers=self.session()).get("/me/notifications/").status_code, 200
            )

    def session(self) -> dict[str, str]:
        name = settings.SESSION_COOKIE_NAME
        return {"Cookie": f"{name}={self.client.cookies[name].value}"}
