"""Test what becomes of the form of somebody who signs in midway, for every POST-only route."""

import re
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import User
from core.csrf import DRAWN_FOR
from tests import broken_requests
from tests.accounts.drafts.test_kept import drawn_for, next_of
from tests.broken_requests import Target
from tests.cast import Cast
from tests.reauthenticated import client_of, reauthenticate
from tests.test_permissions import ELSEWHERE

WORDS = "Typed before signing in, and not to be typed again."
# What scripts ask for behind a page: the editor, with a sentence (posts.studio.views.preview),
# and drafts, which wait in the browser.
BEHIND_A_PAGE = {
    *("posts:studio-preview", "posts:studio-pictures"),
    *("comments:draft", "comments:visit", "comments:my-visits"),
}
# Of the routes that take POST only; were it fewer, the test would ask nothing.
AT_LEAST = 20


class SignInMidwayTests(Cast):
    """A form that was sent signed out, and the address that signing in leads back to."""

    def test_every_post_only_route_shows_what_was_sent_and_a_button(self) -> None:
        asked = 0
        ours = [route for route in broken_requests.all_routes() if not is_of_allauth(route)]
        for route in ours:
            with self.subTest(route), transaction.atomic():
                cache.clear()
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
        waits_at = next_of(sent)
        self.assertEqual(urlsplit(waits_at).path, at.path)
        client.force_login(person)
        reauthenticate(client, person)
        self.assertEqual(client.get(at.path).status_code, 405)
        page = self._kept_page(client, waits_at)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        self.assertLessEqual(at.form.keys(), {*hidden, "note", "words"})
        self.assertEqual(hidden["drawn_for"], drawn_for(person))
        self.assertLess(client.post(waits_at, {**at.form, **hidden}).status_code, 400)
        self.assertEqual(client.get(waits_at).status_code, 405)

    def _kept_page(self, client: Client, waits_at: str) -> str:
        """Return the page at `waits_at`, which shows the words and a button, also when reloaded."""
        client.get(waits_at)
        page = client.get(waits_at)
        self.assertContains(page, WORDS)
        self.assertContains(page, f'action="{waits_at}"')
        self.assertContains(page, 'name="drawn_for"', count=page.text.count("<form"))
        self.assertRegex(page.text, r"<button[^>]*>Send it</button>")
        return page.text

    def test_a_form_of_a_page_of_the_account_waits_for_it_until_it_is_accepted(self) -> None:
        at = broken_requests.target(self, "comments:roles")
        signed = drawn_for(self.admin)
        sent = Client().post(at.path, {"words": WORDS, DRAWN_FOR: signed})
        self.assertEqual(next_of(sent), at.path)
        client = client_of(self.admin)
        found = re.search(r'action="([^"]*kept=[^"]*)"', client.get(at.path).text)
        assert found is not None
        self.assertEqual(client.post(found[1], {"words": WORDS}).status_code, 422)
        self.assertContains(client.get(at.path), WORDS)
        self.assertEqual(client.post(found[1], at.form).status_code, 302)
        self.assertEqual(client.get(at.path).status_code, 405)

    def test_nobody_else_gets_it_or_deletes_it(self) -> None:
        at = broken_requests.target(self, "comments:withdrawal")
        client = Client()
        waits_at = next_of(client.post(at.path, {"words": WORDS}))
        self.assertEqual(client.get(waits_at).status_code, 405)
        other = Client()
        other.force_login(self.stranger)
        self.assertEqual(other.get(waits_at).status_code, 405)
        self.assertLess(other.post(waits_at).status_code, 400)
        client.force_login(self.reader)
        self.assertContains(client.get(waits_at), WORDS)


def is_of_allauth(route: str) -> bool:
    """Return whether allauth answers `route`; its forms are not sent through our guards."""
    return route.startswith(tuple(ELSEWHERE))


def refuses_get(at: Target) -> bool:
    """Return whether the route of `at` answers 405 to its own person."""
    client = Client()
    client.force_login(at.actor)  # type: ignore[arg-type]  # asked for people only
    return client.get(at.path).status_code == 405
