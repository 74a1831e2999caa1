"""Walk the routes: what could take an account over asks, and so does what nobody has decided on."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from accounts.reauthentication.guards import MARK
from accounts.reauthentication.routes import UNASKED, guarded
from config.urls import urlpatterns
from tests.broken_requests import OF_A_PASSKEY
from tests.factories import PASSWORD, make_user
from tests.services import ROOT

# Addresses below which a page concerns one's own account; each asks, or says here why it does not.
OWN = re.compile(r"^/?(accounts|me)/")
OWN_UNASKED = {
    **UNASKED,
    "handle": "a handle opens no account, and the former one stays reserved",
    "me": "reading",
    "me-read": "marks as read",
    "me-read-undo": "marks as unread",
    "me-start": "leads to the inbox",
    "my-comments": "reading",
    "my-saved": "reading",
    "my-saved-removal": "takes off a list",
    "my-saved-removal-undo": "puts back on it",
    "my-visits": "notes what was read",
    "unsent": "reading",
    "mail-settings": "chooses what is e-mailed, and is undone by a press",
    "mail-address-again": "lets the same address be mailed again",
    "my-drafts": "reading",
    "draft": "keeps what is typed",
    "draft-removal": "throws what was typed away",
    "draft-removal-undo": "brings it back",
    "account": "reading",
    "my-settings": "reading",
    "nudge-dismissal": "hides a reminder",
    "nudge-dismissal-undo": "shows it again",
    "erased": "a page of words",
    "mine": "reading",
    "end": "ends following something, and is undone by a press",
    "end-undo": "follows it again",
}
BY_PASSWORD = "/accounts/reauthenticate/"
BY_CODE = "/accounts/reauthenticate/code/"
READ = {"export", "qr", "subscribers-export", "followers"}
# Pages of lists of subscribers, which are for admins, and those of one list.
LISTS = {"subscribers", "subscribers-export", "followers", "follower-removal-undo"}
OF_A_LIST = {"import", "import-loss", "import-start", "import-removal", "follower-removal"}
ASKED = {
    *LISTS,
    *OF_A_LIST,
    "feed-address",
    "feed-revocation",
    "roles",
    "export",
    "erasure",
    "account_email",
    "account_change_password",
}
# What makes an account somebody else's, and the modules that may write it.
POWER = re.compile(r"set_password\(|emailaddress_set\.|RoleGrant\.objects|role_grants\.\w*create")
HANDLED = {
    "site/accounts/adapter.py": "pages of allauth",
    "site/accounts/models/user.py": "erasure, which asks",
    "site/accounts/querysets.py": "commands",
    "site/accounts/management/commands/grant.py": "a command",
    "site/accounts/backends.py": "reads",
    "site/accounts/personal.py": "reads",
    "site/notifications/personal.py": "reads",
    "site/notifications/subscribers/former.py": "reads",
    "site/accounts/passwords/checking.py": "hashes the same password anew",
    "site/accounts/naming/rules.py": "reads",
    "comments/integrity/names.py": "reads",
    "comments/moderation/actions/roles.py": "behind the route `roles`, which asks",
    "comments/seeding/demo.py": "a command",
}


def routes(patterns: Any, start: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield the address and the pattern of every route."""
    for pattern in patterns:
        address = start + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address, pattern


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class RouteTests(TestCase):
    """No route is left out by accident."""

    def test_every_page_of_ones_own_account_asks_or_says_why_not(self) -> None:
        for address, pattern in routes(urlpatterns):
            if OWN.match(address) and pattern.name not in OWN_UNASKED:
                self.assertTrue(hasattr(pattern.callback, MARK), address)

    def test_the_known_ones_ask(self) -> None:
        self.assertEqual(ASKED - self.asking(), set())
        self.assertFalse(self.asking() & UNASKED.keys())

    def test_only_known_modules_change_what_opens_an_account(self) -> None:
        found = {
            str(file.relative_to(ROOT))
            for folder in ("site", "posts", "comments")
            for file in Path(ROOT, folder).rglob("*.py")
            if "migrations" not in file.parts and POWER.search(file.read_text())
        }
        self.assertEqual(found - HANDLED.keys(), set())

    def test_a_route_that_allauth_adds_asks(self) -> None:
        [new] = guarded([path("sell/", page, name="account_sell")])
        self.assertTrue(hasattr(new.callback, MARK))

    def test_each_asks_accounts_with_and_without_a_password(self) -> None:
        for usable, first in ((True, BY_PASSWORD), (False, BY_CODE)):
            person = make_user("with" if usable else "without", "admin")
            if not usable:
                person.set_unusable_password()
                person.save()
            self.client.force_login(person)
            for name in self.asking() - {"roles"} - OF_A_LIST:
                with self.subTest(name, usable=usable):
                    url = self.address_of(name)
                    send = self.client.get if name in READ else self.client.post
                    answer = send(url)
                    self.assertEqual(answer.status_code, 302)
                    self.assertEqual(answer["Location"].partition("?")[0], first)

    def address_of(self, name: str) -> str:
        if name in OF_A_PASSKEY:
            return reverse(name, args=[1])
        ours = {"export", "erasure", "feed-address", "feed-revocation"}
        other = {"qr": "second-factor:qr"} | {name: f"subscribers:{name}" for name in LISTS}
        return reverse(f"comments:{name}" if name in ours else other.get(name, name))

    def asking(self) -> set[str]:
        found = routes(get_resolver().url_patterns)
        return {str(p.name) for _address, p in found if hasattr(p.callback, MARK)}


class KeptFormTests(TestCase):
    """What was typed is sent again after the answer; passwords are typed again."""

    def setUp(self) -> None:
        self.person = make_user("robin")
        self.client.force_login(self.person)

    def test_no_password_is_kept_in_the_session(self) -> None:
        url = reverse("account_change_password")
        secret = "anewandsecretone"
        answer = self.client.post(url, {"password1": secret, "password2": secret})
        self.assertNotIn(secret, str(dict(self.client.session)))
        answer = self.client.post(answer["Location"], {"password": PASSWORD})
        self.assertRedirects(answer, url)
        self.client.post(url, {"password1": secret, "password2": secret})
        self.person.refresh_from_db()
        self.assertTrue(self.person.check_password(secret))

    def test_an_address_that_waits_for_its_code_is_confirmed_only_after_asking(self) -> None:
        EmailAddress.objects.create(user=self.person, email="thief@example.org")
        answer = self.client.post(
            reverse("account_email"), {"action_send": "", "email": "thief@example.org"}
        )
        self.assertIn(reverse("account_reauthenticate"), answer["Location"])
