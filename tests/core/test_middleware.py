"""Test headers of every response, large bodies, public and personal pages, and expired forms."""

from uuid import uuid4

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from core.errors import typed_text
from tests.cast import Cast

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


class HeaderTests(Cast):
    """The headers of every response, errors included."""

    def answers(self) -> dict[str, object]:
        url = self.post.get_absolute_url()
        return {
            "page": self.client.get(url),
            "not found": self.client.get("/nowhere/"),
            "redirect": self.client.get(reverse("comments:answer", args=[self.post.slug])),
            "wrong method": self.client.delete(url),
            "too large": self.client.post(url, {"body": "x" * 5_000_000}),
            "feed": self.client.get("/feeds/posts/"),
            "health": self.client.get("/healthz"),
        }

    def test_every_answer_carries_them(self) -> None:
        for name, answer in self.answers().items():
            for header, value in HEADERS.items():
                with self.subTest(name, header=header):
                    self.assertEqual(answer.headers[header], value)  # type: ignore[attr-defined]

    def test_the_policy_allows_nothing_inline_and_no_other_host(self) -> None:
        for name, answer in self.answers().items():
            with self.subTest(name):
                policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
                self.assertIn("default-src 'none'", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertIn("base-uri 'none'", policy)
                for forbidden in ("unsafe", "nonce", "http:", "https:", "*", "data:"):
                    self.assertNotIn(forbidden, policy)

    def test_only_an_encrypted_answer_asks_for_encryption(self) -> None:
        self.assertNotIn("Strict-Transport-Security", self.client.get("/healthz").headers)
        with override_settings(SECURE_HSTS_SECONDS=63072000):
            client = self.client_class()
            self.assertNotIn("Strict-Transport-Security", client.get("/healthz").headers)
            answer = client.get("/healthz", secure=True)
            self.assertIn("max-age=63072000", answer.headers["Strict-Transport-Security"])

    def test_a_foreign_host_name_is_refused(self) -> None:
        for host in ("evil.example", "testserver@evil.example", "testserver:80@evil.example"):
            with self.subTest(host):
                answer = self.client.get("/", headers={"host": host})
                self.assertEqual(answer.status_code, 400)
                self.assertNotIn(b"evil.example", answer.content)

    def test_forwarded_headers_of_strangers_are_ignored(self) -> None:
        for header in ("X-Forwarded-Host", "X-Host", "Forwarded"):
            answer = self.client.get("/", headers={header: "evil.example"})
            self.assertNotIn(b"evil.example", answer.content)


class LargeBodyTests(Cast):
    """A form that is too large."""

    def test_five_megabytes_are_refused_with_the_way_back(self) -> None:
        self.sign_in(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        answer = self.client.post(url, {"body": "x" * 5_000_000})
        self.assertEqual(answer.status_code, 413)
        self.assertContains(answer, "Go back", status_code=413)

    def test_a_length_that_is_no_number_or_too_long_for_one_breaks_no_request(self) -> None:
        for length, status in (("\xb2", 200), ("\u0661", 200), ("-5", 200), ("9" * 5_000, 413)):
            with self.subTest(ascii(length[:9])):
                answer = self.client.get("/accounts/login/", CONTENT_LENGTH=length)
                self.assertEqual(answer.status_code, status)


class ExpiredFormTests(Cast):
    """A form whose token has expired."""

    def test_what_was_typed_comes_back(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.reader)
        url = reverse("comments:answer", args=[self.post.slug])
        answer = client.post(url, {"body": "An hour of careful thought."})
        self.assertContains(answer, "An hour of careful thought.", status_code=403)

    def test_secrets_do_not_come_back(self) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/accounts/login/", {"password": "a very secret password"})
        self.assertNotContains(answer, "a very secret password", status_code=403)

    def test_choices_and_keys_are_left_out(self) -> None:
        sent = {"stance": "same", "form_key": str(uuid4()), "body": "Long enough text."}
        request = self.client.post("/healthz", sent)
        typed = [field.value for field in typed_text(request.wsgi_request)]
        self.assertEqual(typed, ["Long enough text."])


class PublicAndPersonalTests(Cast):
    """The responses that may be stored."""

    def test_a_page_with_a_form_is_private(self) -> None:
        answer = self.client.get("/accounts/login/")
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_any_session_makes_every_page_private(self) -> None:
        self.client.cookies[settings.SESSION_COOKIE_NAME] = "made-up"
        for path in ("/", self.post.get_absolute_url(), "/series/", "/about/", "/nowhere/"):
            with self.subTest(path):
                answer = self.client.get(path)
                self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
