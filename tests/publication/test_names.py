"""Test that mails, refusals and files of a renamed site do not name the software.

tests/test_links.py opens the pages.
"""

from unittest import mock

from allauth.core.context import request_context
from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory, TestCase

from accounts import handles
from accounts.naming import rules
from accounts.restoring.changes import tell
from publication import saving
from tests.accounts.test_sign_up import form
from tests.factories import make_post, make_question, make_user

SOFTWARE = "counterpoint"


class RenamedSiteTests(TestCase):
    """A site with another name, without the line in its footer."""

    def setUp(self) -> None:
        self.person = make_user("robin", email="robin@example.org")
        values = {"name": "Rota & Sons", "tagline": "On work", "made_with": False}
        saving.save_profile(values, based_on=0, by=self.person)

    def test_no_mail(self) -> None:
        for path, data in {
            "/accounts/signup/": form(),
            "/accounts/signup/?known": form(email="robin@example.org", username="robbie"),
            "/accounts/login/code/": {"email": "robin@example.org"},
            "/accounts/password/reset/": {"email": "robin@example.org"},
        }.items():
            Client().post(path, data)
        with request_context(RequestFactory().get("/")):
            tell("robin@example.org", ["Your password was changed."], "http://testserver/x/")
            tell("robin@example.org", ["Your password was changed."])
        self.assertEqual(len(mail.outbox), 6)
        for sent in mail.outbox:
            with self.subTest(sent.subject):
                self.assertNotIn(SOFTWARE, str(sent.message()).lower())
                self.assertEqual(sent.from_email, "Rota & Sons <hello@testserver>")
                self.assertIn("Rota & Sons at", sent.body)
        self.assertEqual(mail.outbox[0].subject, "Your code to create your account at Rota & Sons")

    def test_no_refusal_and_no_file(self) -> None:
        post = make_post(self.person)
        make_question(post)
        client = Client(raise_request_exception=False)
        client.force_login(self.person)
        large = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
        with (
            mock.patch("posts.views.pages.html_of", side_effect=RuntimeError),
            self.assertLogs("django.request", "WARNING"),
        ):
            answers = {
                "gone": client.get("/nowhere/"),
                "refused": client.get("/studio/"),
                "broken": client.get("/about/"),
                "large": client.post("/accounts/login/", CONTENT_LENGTH=str(large)),
                "unreadable": client.get("/", CONTENT_TYPE="text/html; charset=utf-16"),
            }
        for path in (
            "/feeds/posts/",
            "/manifest.webmanifest",
            "/sitemap.xml",
            "/robots.txt",
            "/.well-known/security.txt",
        ):
            answers[path] = self.client.get(path)
        answers["download"] = client.get("/me/export/")
        for name, answer in answers.items():
            with self.subTest(name):
                content = b"".join(answer) if answer.streaming else answer.content
                self.assertNotIn(SOFTWARE, (str(answer.headers) + content.decode()).lower())
        self.assertIn(b"<title>Rota &amp; Sons</title>", answers["/feeds/posts/"].content)
        self.assertContains(answers["broken"], "· Rota &amp; Sons</title>", status_code=500)

    def test_no_authenticator(self) -> None:
        self.assertIn("issuer=Rota", get_adapter().build_totp_url(self.person, "secret"))
        with request_context(RequestFactory().get("/")):
            entity = get_adapter().get_public_key_credential_rp_entity()
        self.assertEqual(entity["name"], "Rota & Sons")

    def test_nobody_takes_its_name(self) -> None:
        for name in ("Rota & Sons", "rota & sons"):
            self.assertTrue(rules.is_reserved(name))
        self.assertFalse(rules.is_reserved("Rota"))
        newest = saving.newest()
        saving.save_profile({"name": "The Rota"}, based_on=newest.number, by=self.person)
        with self.assertRaises(ValidationError):
            handles.check("therota")
        handles.check("rotas")
