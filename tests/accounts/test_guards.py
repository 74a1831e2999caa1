"""Test what becomes of the form of somebody who signs in midway, for every POST-only route."""

import re

from django.db import transaction
from django.test import Client

from accounts.models import User
from tests import broken_requests
from tests.broken_requests import Target
from tests.cast import Cast

WORDS = "Typed before signing in, and not to be typed again."
# What the editor asks for behind a page: it shows a sentence (posts.studio.views.preview).
BEHIND_A_PAGE = {"posts:studio-preview"}
# Of the routes that take POST only; were it fewer, the test would ask nothing.
AT_LEAST = 20


class SignInMidwayTests(Cast):
    """A form that was sent signed out, and the address that signing in leads back to."""

    def test_every_post_only_route_shows_what_was_sent_and_a_button(self) -> None:
        asked = 0
        for route in broken_requests.all_routes():
            with self.subTest(route), transaction.atomic():
                at = broken_requests.target(self, route)
                if route not in BEHIND_A_PAGE and isinstance(at.actor, User) and refuses_get(at):
                    asked += 1
                    self._sign_in_midway(at, at.actor)
                transaction.set_rollback(True)
        self.assertGreater(asked, AT_LEAST)

    def _sign_in_midway(self, at: Target, person: User) -> None:
        client = Client()
        sent = client.post(at.path, {**at.form, "words": WORDS})
        self.assertEqual(sent.status_code, 302)
        client.force_login(person)
        page = client.get(at.path)
        self.assertContains(page, WORDS)
        self.assertContains(page, f'action="{at.path}"')
        self.assertRegex(page.text, r"<button[^>]*>Send it</button>")
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        self.assertLessEqual(at.form.keys(), {*hidden, "note", "words"})
        self.assertLess(client.post(at.path, {**at.form, **hidden}).status_code, 400)
        self.assertEqual(client.get(at.path).status_code, 405)

    def test_nobody_else_gets_it(self) -> None:
        at = broken_requests.target(self, "comments:withdrawal")
        client = Client()
        client.post(at.path, {"words": WORDS})
        self.assertEqual(client.get(at.path).status_code, 405)
        other = Client()
        other.force_login(self.stranger)
        self.assertEqual(other.get(at.path).status_code, 405)


def refuses_get(at: Target) -> bool:
    """Return whether the route of `at` answers 405 to its own person."""
    client = Client()
    client.force_login(at.actor)  # type: ignore[arg-type]  # asked for people only
    return client.get(at.path).status_code == 405
