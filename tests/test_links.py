"""Test that no link leads to nothing: every page, as every kind of person, link by link."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from html.parser import HTMLParser
from io import StringIO
from typing import NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.urls import Resolver404, resolve

from accounts.models import User
from tests.comments.planted import Planted

# Pages that few links lead to.
STARTS = ("/", "/me/", "/me/comments/", "/me/settings/", "/studio/", "/moderation/")
LOG = "/moderation/log/"
# Not followed: files, downloads, and what an address asks of the same form again and again.
_LEFT_OUT = re.compile(r"/(?:static|media)/|/me/export/|/accounts/")
# A link that says so may lead to a page that says it again.
_SAYS_GONE = re.compile(r"gone|not there|deleted|removed", re.IGNORECASE)
# The route of a page, and the names of its query parameters.
Kind = tuple[str, frozenset[str]]
# More than there are comments in the cast, so that all are followed.
ALL = 30
# In the demonstration all is followed signed out; what is added for a person is alike for each row.
SOME = 4


class Link(NamedTuple):
    """A link of a page: its address without the fragment, and its text."""

    address: str
    text: str


class _Links(HTMLParser):
    """Collect the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Link] = []
        self._open: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open, self._text = dict(attrs).get("href"), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            address = urljoin(self.page, self._open).partition("#")[0]
            self.found.append(Link(address, " ".join(self._text.split())))
            self._open = None


def links_of(page: str, html: str) -> list[Link]:
    """Return the links of the page at the address `page` within the site."""
    parser = _Links(page)
    parser.feed(html)
    return [link for link in parser.found if not urlsplit(link.address).netloc]


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

    Of links to pages that differ only by their row, the first `most` are followed.
    """
    waiting = deque(Link(start, "") for start in starts)
    alike: Counter[Kind] = Counter()
    from_page: dict[str, str] = {link.address: "" for link in waiting}
    dead = []
    while waiting:
        link = waiting.popleft()
        answer = client.get(link.address, follow=True)
        is_start = not from_page[link.address]
        if answer.status_code >= 400:
            if not is_start and not _SAYS_GONE.search(link.text):
                said = f"{from_page[link.address]} leads by “{link.text}” to {link.address}"
                dead.append(f"{said}: {answer.status_code}")
            continue
        if "html" not in answer.headers["Content-Type"]:
            continue
        page = answer.redirect_chain[-1][0] if answer.redirect_chain else link.address
        for found in links_of(page, answer.content.decode()):
            if found.address in from_page or _LEFT_OUT.match(found.address):
                continue
            from_page[found.address] = link.address
            alike[kind_of(found.address)] += 1
            if alike[kind_of(found.address)] <= most:
                waiting.append(found)
    return dead


@pytest.mark.one_database  # the queries behind the pages are tested on both
class CastTests(Planted):
    """Comments of every state, which others credit, cite, quote and answer."""

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
                most = SOME if handle else ALL
                self.assertEqual(dead_links(client, [*STARTS, LOG], most), [])
