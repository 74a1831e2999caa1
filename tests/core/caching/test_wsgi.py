"""Test responses replayed before Django runs: the same to the last header, or none."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest import mock

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from core.caching.pages import store
from core.caching.wsgi import VARIANTS_MAX, replay_responses
from tests.cast import Cast
from tests.factories import make_comment

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip"}


@contextmanager
def _at(moment: float) -> Iterator[None]:
    """Stop both clocks at a time, in seconds since 1970."""
    with (
        mock.patch("core.caching.pages.time.time", return_value=moment),
        mock.patch("core.caching.pages.time.monotonic", return_value=moment),
    ):
        yield


class WsgiAnswer(NamedTuple):
    """A response of the application, and whether Django ran for it."""

    status: str
    headers: dict[str, str]
    body: bytes
    asked: bool


@override_settings(PUBLIC_PAGE_CHECK_SECONDS=60)
class ReplayTests(Cast):
    """The whole site as a WSGI application."""

    def setUp(self) -> None:
        super().setUp()
        self.address = self.post.get_absolute_url()
        # As Django's own client does, since these handlers would close the test's connection.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        self.django = mock.Mock(side_effect=WSGIHandler())
        self.site = replay_responses(self.django)

    def ask(self, address: str, **more: str) -> WsgiAnswer:
        """Ask the site for `address`; `more` is what a server would say of the request."""
        path, _mark, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **more,
        }
        begun: list[Any] = []
        before = self.django.call_count

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            begun.append((status, dict(headers)))
            headers.append(("Date", "today"))  # as servers do

        response = self.site(environ, start)
        body = b"".join(response)
        getattr(response, "close", lambda: None)()
        [(status, headers)] = begun
        return WsgiAnswer(status, headers, body, self.django.call_count > before)

    def test_the_second_answer_is_the_first_and_django_is_not_asked(self) -> None:
        for address in (self.address, f"{self.address}?sort=newest", "/", "/about/"):
            with self.subTest(address), _at(1e9):
                first, second = self.ask(address, **GZIP), self.ask(address, **GZIP)
                self.assertEqual(first[:3], second[:3])
                self.assertEqual((first.asked, second.asked), (True, False))

    def test_what_has_not_changed_is_said_again(self) -> None:
        tag = self.ask(self.address, **GZIP).headers["ETag"]
        first, second = (self.ask(self.address, HTTP_IF_NONE_MATCH=tag, **GZIP) for _ in range(2))
        self.assertEqual((second.status, second.body), ("304 Not Modified", b""))
        self.assertEqual((first.status, first.headers["ETag"]), (second.status, tag))
        self.assertFalse(second.asked)

    def test_a_write_ends_it(self) -> None:
        self.ask(self.address, **GZIP)
        before = self.ask(self.address, **GZIP)
        with self.captureOnCommitCallbacks(execute=True):
            make_comment(self.post, self.reader, self.stances["same"])
            self.post.bump_page_version()
        with override_settings(PUBLIC_PAGE_CHECK_SECONDS=0):
            after = self.ask(self.address, **GZIP)
        self.assertTrue(after.asked)
        self.assertNotEqual(before.headers["ETag"], after.headers["ETag"])
        again = self.ask(self.address, **GZIP)
        self.assertEqual((again.asked, again.body), (False, after.body))

    def test_what_is_not_known_to_be_right_is_not_said_again(self) -> None:
        self.ask(self.address, **GZIP)
        with override_settings(PUBLIC_PAGE_CHECK_SECONDS=0):
            self.assertTrue(self.ask(self.address, **GZIP).asked)

    def test_until_when_a_proxy_may_keep_it_is_told_anew(self) -> None:
        with _at(1000.3):
            self.ask(self.address, **GZIP)
            self.assertEqual(self.ask(self.address, **GZIP).headers["X-Accel-Expires"], "@1000")
        with _at(1001.3):
            again = self.ask(self.address, **GZIP)
        self.assertFalse(again.asked)
        self.assertNotIn("X-Accel-Expires", again.headers)

    def test_nobody_with_a_session_gets_it_and_what_they_get_is_not_kept(self) -> None:
        self.ask(self.address, **GZIP)
        cookie = f"a=b; {settings.SESSION_COOKIE_NAME}=unknown"
        for _time in range(2):
            personal = self.ask(self.address, HTTP_COOKIE=cookie, **GZIP)
            self.assertTrue(personal.asked)
            self.assertEqual(personal.headers["Cache-Control"], "private, no-store")
        self.assertFalse(self.ask(self.address, HTTP_COOKIE="a=b", **GZIP).asked)

    def test_who_asks_otherwise_asks_django(self) -> None:
        self.ask(self.address, **GZIP)
        otherwise: list[dict[str, str]] = [
            {"HTTP_HOST": "evil.example"},
            {"REQUEST_METHOD": "HEAD"},
            {"REQUEST_METHOD": "POST"},
            {"HTTP_ACCEPT_ENCODING": "identity"},
            {"HTTP_X_FORWARDED_PROTO": "https"},
            {"wsgi.url_scheme": "https"},
            {"SCRIPT_NAME": "/elsewhere"},
            {"QUERY_STRING": "sort=%6eewest"},
        ]
        for more in otherwise:
            with self.subTest(more):
                self.assertTrue(self.ask(self.address, **{**GZIP, **more}).asked)
        refused = self.ask(self.address, HTTP_HOST="evil.example", **GZIP)
        self.assertEqual(refused.status, "400 Bad Request")

    def test_plain_bytes_are_made_for_each_and_take_no_room(self) -> None:
        self.ask(self.address, **GZIP)
        for _time in range(2):
            plain = self.ask(self.address)
            self.assertTrue(plain.asked)
            self.assertIn(b"<!doctype html>", plain.body)

    def test_an_error_is_not_said_again(self) -> None:
        for address in ("/posts/nowhere/", f"{self.address}?sort=nothing"):
            with self.subTest(address):
                answers = [self.ask(address, **GZIP) for _ in range(2)]
                self.assertEqual([each.status for each in answers], ["404 Not Found"] * 2)
                self.assertTrue(all(each.asked for each in answers))

    def test_ways_to_ask_are_remembered_up_to_a_number(self) -> None:
        for number in range(VARIANTS_MAX + 5):
            self.ask(self.address, HTTP_ACCEPT_ENCODING=f"gzip, x{number}")
        slot = store.get(self.address)
        assert slot
        assert slot.page
        self.assertEqual(len(slot.page.told), VARIANTS_MAX)
        self.assertFalse(self.ask(self.address, HTTP_ACCEPT_ENCODING="gzip, x0").asked)
        self.assertTrue(self.ask(self.address, HTTP_ACCEPT_ENCODING=f"gzip, x{VARIANTS_MAX}").asked)
