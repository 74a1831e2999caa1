"""Test that no personal content reaches other people behind nginx with its cache on.

Two people and an anonymous reader request every address that they find in links, in turn and within
the second in which nginx may respond by itself.
"""

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

import pytest

from deploy.fleet.machine import Fleet

from .visitor import VisitedPage, Visitor

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# Signing out would end the crawl.
# Also addresses whose answer is the same for everybody by design, also for people signed in.
LEFT_OUT = re.compile(r"^/(static|media|look|manifest|accounts/logout|accounts/reauthenticate)")
ADDRESSES_AT_LEAST = 40
# Requests for each kind of address; addresses that differ in numbers and values alone are one kind.
OF_EACH_KIND = 2
# Times that an address is requested in turn: the worker may rank a discussion meanwhile, and then
# its page is another. What one person sees of another is so each time.
TURNS = 3
HANDLES = ("reader", "moderator")
# Bursts of requests of which at least one is to be answered from nginx's cache.
BURSTS = 100
AT_ONCE = 60  # requests; more than nginx lets one address send in a burst
_PREPARE = """
from django.test import Client
from accounts.models import User
from comments.actions import states
from comments.actions.comments import Draft, post_comment
from comments.models import CommentState
from posts.models import Post
post = Post.objects.filter(question__isnull=False).earliest("published_at")
for handle in ("reader", "moderator"):
    person = User.objects.get(handle=handle)
    words = f"Still to be approved: {handle}."
    stance = post.question.offered[0]
    mine = post_comment(Draft(author=person, post=post, body=words, stance=stance)).comment
    states.change_state(mine, to=CommentState.HELD, held_reason="links")
    client = Client()
    client.force_login(person)
    print(handle, client.session.session_key)
"""


@dataclass(frozen=True)
class FleetPerson:
    """A visitor and their private content. Moderators see held comments, so these are no secret
    of the reader's where a moderator looks."""

    visitor: Visitor
    secrets: frozenset[str]


@pytest.fixture(scope="module")
def people(fleet: Fleet) -> dict[str, FleetPerson]:
    """Return a reader and a moderator, both with personal content on the site."""
    lines = fleet.manage("shell", "--no-imports", "-c", _PREPARE).splitlines()
    keys = dict(line.split() for line in lines)
    return {
        handle: FleetPerson(
            Visitor(fleet, keys[handle]),
            frozenset({f"{handle}@example.org", f'<span class="menu__name">{handle}</span>'}),
        )
        for handle in HANDLES
    }


def links_in(page: VisitedPage) -> set[str]:
    """Return the addresses that a page links to."""
    if not page.headers.get("Content-Type", "").startswith("text/html"):
        return set()
    found = {unescape(link) for link in LINK.findall(page.text)}
    return {link for link in found if not LEFT_OUT.match(link)}


class FleetCrawl:
    """The addresses that are not requested yet."""

    def __init__(self, start: str) -> None:
        self.waiting, self.seen, self._kinds = [start], {start}, Counter[str]()

    def add(self, links: set[str]) -> None:
        """Add new addresses, up to a number of each kind."""
        for link in sorted(links - self.seen):
            path, _mark, query = link.partition("?")
            names = sorted(part.partition("=")[0] for part in query.split("&"))
            kind = re.sub(r"\d+", "0", re.sub(r"@[\w.-]+", "@", path)) + "?" + "&".join(names)
            self._kinds[kind] += 1
            if self._kinds[kind] <= OF_EACH_KIND:
                self.waiting.append(link)
                self.seen.add(link)


def check_public(address: str, pages: list[VisitedPage], people: dict[str, FleetPerson]) -> None:
    """Check that an anonymous reader gets the same public page before and after the others."""
    held = {f"Still to be approved: {handle}." for handle in HANDLES}
    for page in pages:
        for secret in set.union(held, *(set(each.secrets) for each in people.values())):
            assert secret not in page.text, (address, secret)
        if page.headers.get("Set-Cookie") or FORM_TOKEN.search(page.text):
            assert "no-store" in page.headers["Cache-Control"], address
            assert "X-Accel-Expires" not in page.headers
    assert len({page.status for page in pages}) == 1, address
    if not FORM_TOKEN.search(pages[0].text):
        assert len({page.text for page in pages}) == 1, address


def check_personal(address: str, page: VisitedPage, others: frozenset[str]) -> None:
    """Check that a person gets a page that must not be stored, without the other's content."""
    assert page.headers.get("Cache-Control") == "private, no-store", address
    for secret in others:
        # A moderator's desk names people; their address and their menu are still their own.
        assert secret not in page.text, (address, secret)


def test_no_private_byte_reaches_another(fleet: Fleet, people: dict[str, FleetPerson]) -> None:
    """Request every address as each person in turn."""
    reader, moderator = (people[handle] for handle in HANDLES)
    anonymous, with_a_cookie = Visitor(fleet), Visitor(fleet)
    with_a_cookie.cookie = "theme=dark"
    crawl, tokens = FleetCrawl("/"), {handle: set[str]() for handle in HANDLES}

    def in_turn(address: str) -> list[VisitedPage]:
        """Return the public pages before and after each person's."""
        public = [anonymous.get(address)]
        for handle, other in ((HANDLES[0], moderator), (HANDLES[1], reader)):
            page = people[handle].visitor.get(address)
            check_personal(address, page, other.secrets)
            tokens[handle] |= set(FORM_TOKEN.findall(page.text))
            public.append(anonymous.get(address))
            crawl.add(links_in(page) | links_in(public[-1]))
        return [*public, with_a_cookie.get(address)]

    while crawl.waiting:
        address = crawl.waiting.pop()
        public = in_turn(address)
        for _again in range(TURNS - 1):
            if FORM_TOKEN.search(public[0].text) or len({page.text for page in public}) == 1:
                break
            public = in_turn(address)
        check_public(address, public, people)
    assert len(crawl.seen) > ADDRESSES_AT_LEAST
    assert all(tokens.values())
    assert not tokens["reader"] & tokens["moderator"]


def test_nginx_did_answer_public_pages_by_itself(
    fleet: Fleet, people: dict[str, FleetPerson]
) -> None:
    """Check that the test above did use nginx's cache, and never for requests with a session."""
    anonymous, reader = Visitor(fleet), people["reader"].visitor
    # A page is stored for the rest of a second only. Requests that are sent together share it even
    # on a machine that needs most of that second to build it.
    for _burst in range(BURSTS):
        anonymous.at_once(10, "GET", "/")
        reader.get("/")
        found = _answered_by(fleet)
        if ("HIT", anonymous.address) in found:
            break
    assert ("HIT", anonymous.address) in found
    assert {status for status, address in found if address == reader.address} == {"BYPASS"}


def _answered_by(fleet: Fleet) -> set[tuple[str, str]]:
    """Return what nginx's cache did for which addresses, from its log."""
    lines = (fleet.folder / "pages/access.log").read_text().splitlines()
    return {(line.split()[1], line.split()[2]) for line in lines}


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Proto": "http"},
        {"Accept_Encoding": "br"},
        {"Accept_Encoding": "gzip;q=0"},
        {"Accept_Language": "de"},
        {"HX_Request": "true"},
        {"Cookie": "theme=dark"},
        {"If_None_Match": '"nonsense"'},
        {"Authorization": "Basic abc"},
    ],
    ids=str,
)
def test_no_header_changes_what_the_next_reader_gets(fleet: Fleet, headers: dict[str, str]) -> None:
    """Send unusual headers first, which must not change the cached page for others."""
    for turn in range(TURNS):
        address = f"/posts/{_slug(fleet)}/?sort=newest&asked={abs(hash(str(headers)))}{turn}"
        first = Visitor(fleet).get(address, **headers)
        second = Visitor(fleet).get(address)
        fresh = Visitor(fleet).get(f"{address}&again=1")
        as_fresh = fresh.text.replace("&amp;again=1", "").replace("again=1", "")
        texts = [first.text, second.text.replace("again=1", ""), as_fresh]
        if texts == [second.text] * 3:
            break
    assert second.status == 200
    assert texts == [second.text] * 3


def _slug(fleet: Fleet) -> str:
    found = re.search(r'href="/posts/([\w-]+)/', Visitor(fleet).get("/").text)
    assert found
    return found[1]


def test_a_post_or_a_head_is_not_kept(fleet: Fleet) -> None:
    """Send HEAD, which gets the page's headers, and POST, which never gets a cached page."""
    visitor = Visitor(fleet)
    head, page = visitor.get("/about/", "HEAD"), visitor.get("/about/")
    assert (head.status, head.text) == (200, "")
    assert page.text
    assert visitor.get("/about/", "POST").status in {403, 405}
    assert visitor.get("/about/").text == page.text


def test_somebody_who_asks_too_fast_is_told_and_others_are_not(fleet: Fleet) -> None:
    """Exceed nginx's limit, which refuses with 429 for one IP address alone.

    The requests are sent together: one after the other, a busy host may stay below the limit.
    """
    fast, other = Visitor(fleet), Visitor(fleet)
    assert 429 in fast.at_once(AT_ONCE, "POST", "/healthz")
    assert other.get("/").status == 200
