"""Test the headers of the running server's responses of every kind."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST
from tests.core.test_middleware import HEADERS

STYLE = re.compile(r'href="(/static/[^"]+\.css)"')
# An address for each kind of response, and its status.
ANSWERS = {
    "a page": (POST, 200),
    "a form": ("/accounts/login/", 200),
    "no such page": ("/nowhere/", 404),
    "a way in": ("/me/notifications/", 302),
    "a style": ("", 200),
    "no such style": ("/static/css/nowhere.css", 404),
    "a picture": ("/static/icons/favicon.svg", 200),
    "something uploaded": ("/media/picture.svg", 404),
    "a feed": ("/feeds/posts/", 200),
    "robots": ("/robots.txt", 200),
    "health": ("/healthz", 200),
}


def ask(site: BrowserSite, path: str, **headers: str) -> http.client.HTTPResponse:
    """Return the complete response of `site` to a request for `path`."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.body = response.read().decode(errors="replace")  # type: ignore[attr-defined]
    connection.close()
    return response


def style_of(site: BrowserSite) -> str:
    """Return the address of a style sheet in the page."""
    found = STYLE.search(ask(site, "/").body)  # type: ignore[attr-defined]
    assert found
    return found[1]


@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_answer_is_strict(site: BrowserSite, name: str) -> None:
    path, status = ANSWERS[name]
    answer = ask(site, path or style_of(site))
    assert answer.status == status
    assert {header: answer.headers[header] for header in HEADERS} == HEADERS
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"unsafe|nonce|https?:|data:|\*", policy)


def test_a_foreign_host_is_refused_as_strictly(site: BrowserSite) -> None:
    answer = ask(site, "/", Host="evil.example")
    assert answer.status == 400
    assert "evil.example" not in answer.body  # type: ignore[attr-defined]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def cookies(answer: http.client.HTTPResponse) -> Iterator[str]:
    """Yield the cookies that `answer` sets, with what is said about each."""
    yield from answer.headers.get_all("Set-Cookie") or ()


def test_cookies_stay_here_and_public_pages_set_none(site: BrowserSite) -> None:
    assert not list(cookies(ask(site, POST)))
    (token,) = cookies(ask(site, "/accounts/login/"))
    assert "SameSite=Lax" in token


def test_styles_are_kept_for_good_and_pages_asked_for_again(site: BrowserSite) -> None:
    assert {"public", "immutable"} <= said_of_keeping(ask(site, style_of(site)))
    assert {"public", "max-age=0"} <= said_of_keeping(ask(site, POST))
    assert said_of_keeping(ask(site, "/accounts/login/")) == {"private", "no-store"}


def said_of_keeping(answer: http.client.HTTPResponse) -> set[str]:
    """Return what `answer` says about who may keep it, and for how long."""
    return set(answer.headers["Cache-Control"].split(", "))
