"""Test every page, as every kind of person, link by link: none is dead, none has another name.

The cast's site is renamed, so that the name of the software stands in the footer alone.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable
from html import unescape
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.urls import Resolver404, resolve

from accounts.models import User
from publication import current, saving
from tests.comments.planted import Planted

# Pages that few links lead to.
STARTS = (
    "/",
    "/me/notifications/",
    "/me/comments/",
    "/me/settings/",
    "/studio/",
    "/moderation/",
    "/imprint/",
)
LOG = "/moderation/log/"
# Of files, downloads, and what an address asks of the same form again and again, one is followed.
_ONCE = re.compile(r"/(?:static|media)/|/me/export/|/accounts/")
# A link that says so may lead to a page that says it again.
_SAYS_GONE = re.compile(r"gone|not there|deleted|removed", re.IGNORECASE)
# Far quicker than a parser. What is within quotation marks in a page of ours has no ">".
_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_HREF = re.compile(r'\bhref="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
SOFTWARE, MADE = "Counterpoint", "Made with Counterpoint"
# The route of a page, and the names of its query parameters.
Kind = tuple[str, frozenset[str]]
# More than there are comments in the cast, so that those of every state are followed.
ALL = 30
# Of the demonstration, signed out.
MANY = 10
# Rows of a kind have the same links for most people, and the cast has those that have not.
SOME = 2


class Link(NamedTuple):
    """A link of a page: its address without the fragment, and its text."""

    address: str
    text: str


def links_of(page: str, html: str) -> list[Link]:
    """Return the links of the page at the address `page` within the site."""
    found = []
    for attributes, inner in _ANCHOR.findall(html):
        href = _HREF.search(attributes)
        address = urljoin(page, unescape(href[1])).partition("#")[0] if href else ""
        if href and not urlsplit(address).netloc:
            found.append(Link(address, " ".join(unescape(_TAG.sub("", inner)).split())))
    return found


def kind_of(address: str) -> Kind:
    """Return what pages have in common that differ only by the row they are about."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).view_name
    except Resolver404:
        route = parts.path
    return route, frozenset(parse_qs(parts.query))


def dead_links(client: Client, starts: Iterable[str], most: int) -> list[str]:
    """Follow the links from `starts`; return those that lead to an error without saying so.

    Pages of a renamed site that still have the name of the software are among them.

    Of links to pages that differ only by their row, the first `most` are followed.
    """
    waiting = deque(Link(start, "") for start in starts)
    alike: Counter[Kind] = Counter()
    from_page: dict[str, str] = {link.address: "" for link in waiting}
    dead = []
    while waiting:
        link = waiting.popleft()
        answer = client.get(link.address)
        if _misnamed(answer):
            dead.append(f"{link.address} still says {SOFTWARE}")
        is_start = not from_page[link.address]
        if answer.status_code >= 400 and not is_start and not _SAYS_GONE.search(link.text):
            said = f"{from_page[link.address]} leads by “{link.text}” to {link.address}"
            dead.append(f"{said}: {answer.status_code}")
        for found in _leads_to(link, answer):
            if found.address not in from_page:
                from_page[found.address] = link.address
                kind = kind_of(found.address)
                alike[kind] += 1
                if alike[kind] <= (1 if _ONCE.match(found.address) else most):
                    waiting.append(found)
    return dead


def _misnamed(answer: Any) -> bool:
    """Return whether a page of a renamed site has the name of the software elsewhere."""
    if answer.streaming or current.current().name == SOFTWARE:
        return False
    return SOFTWARE.lower() in answer.content.decode(errors="replace").replace(MADE, "").lower()


def _leads_to(link: Link, answer: Any) -> list[Link]:
    """Return where `answer` redirects, as a link with the text of `link`, or the links in it."""
    if answer.status_code in {301, 302}:
        return [
            Link(urljoin(link.address, answer.headers["Location"]).partition("#")[0], link.text)
        ]
    if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
        return []
    return links_of(link.address, answer.content.decode())


@pytest.mark.one_database  # the queries behind the pages are tested on both
class CastTests(Planted):
    """Comments of every state, which others credit, cite, quote and answer, on a renamed site."""

    def setUp(self) -> None:
        super().setUp()
        saving.save_profile({"name": "The Rota"}, based_on=0, by=self.admin)

    def test_no_link_of_anybody_is_dead(self) -> None:
        starts = [*STARTS, LOG, self.post.get_absolute_url(), self.writer.get_absolute_url()]
        starts += [comment.get_absolute_url() for comment in self.planted.values()]
        for person, client in self.people().items():
            most = ALL if person in {"anonymous", "writer", "moderator"} else SOME
            with self.subTest(person):
                self.assertEqual(dead_links(client, starts, most), [])

    def test_no_address_in_feed_or_sitemap_is_dead(self) -> None:
        for listing in ("/sitemap.xml", "/feeds/posts/"):
            page = self.client.get(listing).content.decode()
            found = set(re.findall(rf'(?:<loc>|href="){settings.SITE_URL}([^<"]*)', page))
            assert found
            assert SOFTWARE not in page
            for address in found:
                assert self.client.get(address).status_code == 200, address

    def test_a_dead_link_would_be_found(self) -> None:
        found = links_of("/posts/x/", '<a href="?thread=9#comment-9">a <b>reply</b></a>')
        assert found == [Link("/posts/x/?thread=9", "a reply")]
        gone = self.planted["removedalone"].get_absolute_url()
        assert Client().get(gone).status_code == 410


@pytest.mark.one_database
@override_settings(DEBUG=True, DEMO_PASSWORD="a password for this test")  # noqa: S106
class DemonstrationTests(TestCase):
    """The demonstration, as it is shown first."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Fill the site once."""
        call_command("seed_demo", stdout=StringIO())

    def test_no_link_of_anybody_is_dead(self) -> None:
        for handle in ("", "reader", "author", "moderator", "admin"):
            client = Client()
            if handle:
                client.force_login(User.objects.get(handle=handle))
            with self.subTest(handle or "anonymous"):
                most = SOME if handle else MANY
                self.assertEqual(dead_links(client, [*STARTS, LOG], most), [])
