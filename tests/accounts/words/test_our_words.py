"""Test that account pages speak in our words: every template and sentence of allauth in use."""

import re
from pathlib import Path

import allauth
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.adapter import AccountAdapter
from accounts.words.ways import WAYS
from tests.cast import Cast
from tests.reauthenticated import client_of

OURS = Path(settings.BASE_DIR) / "templates/account"
THEIRS = Path(allauth.__file__).parent / "templates/account"
THEIR_ADAPTER = Path(allauth.__file__).parent / "account/adapter.py"
# Layouts without words, and pages of ways that are switched off: telephones, links, other sites.
UNUSED = re.compile(
    r"base_entrance|base_manage|phone|by_passkey|email_change|email_confirm\.|verification_sent"
    r"|verified_email_required|confirm_password_reset_code|snippets/"
)
UNUSED_ERRORS = re.compile("phone|username")
# What allauth calls things, and words with a capital in the middle of a sentence.
FOREIGN = re.compile(r"\b[Ee]mail\b|Sign (In|Up|Out)|Signup|[a-z] (Password|Code|Address|Email)\b")
TAG = re.compile(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)
SIGNED_OUT = (
    "account_login account_signup account_request_login_code account_reset_password"
    " account_reset_password_done account_reset_password_from_key_done account_inactive"
)
SIGNED_IN = (
    "account_email account_change_password account_logout account_reauthenticate mfa_index"
    " comments:my-settings people:handle people:account"
)


class OurWordsTests(Cast):
    """Templates, forms and refusals."""

    def test_each_template_in_use_is_ours(self) -> None:
        theirs = [*THEIRS.glob("*.html"), *THEIRS.glob("messages/*.txt")]
        names = {str(path.relative_to(THEIRS)) for path in theirs}
        used = {name for name in names if not UNUSED.search(name)}
        self.assertGreater(len(used), 25)
        self.assertEqual({name for name in used if not (OURS / name).exists()}, set())

    def test_each_refusal_in_use_is_ours(self) -> None:
        from allauth.account.adapter import DefaultAccountAdapter

        theirs, ours = DefaultAccountAdapter.error_messages, AccountAdapter.error_messages
        same = {name for name, said in theirs.items() if ours[name] == said}
        self.assertEqual({name for name in same if not UNUSED_ERRORS.search(name)}, set())

    def test_each_way_to_say_again_who_one_is_is_ours(self) -> None:
        named = set(re.findall(r'"id": "([^"]+)"', THEIR_ADAPTER.read_text()))
        self.assertEqual(named, set(WAYS))
        page = client_of(self.reader).get("/accounts/reauthenticate/code/")
        self.assertContains(page, "Use your password")
        self.assertContains(page, "Send a code to")

    def test_a_single_address_offers_nothing_that_it_cannot_do(self) -> None:
        client = client_of(self.reader)
        acts = ("action_primary", "action_send", "action_remove")
        alone = client.get("/accounts/email/")
        EmailAddress.objects.create(user=self.reader, email="more@example.org")
        two = client.get("/accounts/email/")
        for act in acts:
            self.assertNotContains(alone, act)
            self.assertContains(two, act)

    def test_no_page_has_words_of_allauth(self) -> None:
        for client, routes in ((Client(), SIGNED_OUT), (client_of(self.reader), SIGNED_IN)):
            for route in routes.split():
                with self.subTest(route):
                    page = client.get(reverse(route), follow=True).text
                    words = re.sub(
                        r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL
                    )
                    self.assertIsNone(FOREIGN.search(words), FOREIGN.search(words))

    def test_an_address_without_password_leads_to_a_code(self) -> None:
        for sent in ({}, {"way": "code", "password": "filled in by the browser"}):
            data = {"login": self.reader.email, "next": "/series/", **sent}
            answer = Client().post(reverse("account_login"), data)
            self.assertEqual(answer["Location"], "/accounts/login/code/confirm/?next=%2Fseries%2F")
