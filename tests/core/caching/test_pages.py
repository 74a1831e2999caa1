"""Test cached public pages: the same bytes, and never past their time."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any
from unittest import mock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, SimpleTestCase, override_settings

from core.caching.pages import CachePolicy, Store, keep, public_pages, store
from posts.pages import post_page
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import make_comment

ADDRESS = "/about/"
PRESENT = "tests.core.caching.test_pages.present"
versions = {"edition": 1}


def present(asked: object) -> dict[str, int]:
    """Replace the page versions of the database."""
    return dict(versions)


@override_settings(PUBLIC_PAGE_VERSIONS=PRESENT, PUBLIC_PAGE_MIDDLEWARE=[])
class StoreTests(SimpleTestCase):
    """The middleware alone, before a view that counts its calls."""

    def setUp(self) -> None:
        versions["edition"] = 1
        self.built = 0
        self.until = float("inf")
        self.status = 200
        self.pages = public_pages(self.view)

    def view(self, request: HttpRequest) -> HttpResponse:
        self.built += 1
        keep(request, dict(versions), self.until)
        return HttpResponse(f"page {self.built}", status=self.status)

    def get(self, address: str = ADDRESS, **headers: str) -> HttpResponse:
        return self.pages(RequestFactory(headers=headers).get(address))

    def test_it_is_built_once_and_again_when_it_moved(self) -> None:
        self.assertEqual([self.get().content for _ in range(3)], [b"page 1"] * 3)
        versions["edition"] = 2
        self.assertEqual([self.get().content for _ in range(3)], [b"page 2"] * 3)

    @override_settings(PUBLIC_PAGE_CHECK_SECONDS=0.4)
    def test_it_asks_again_only_after_a_while(self) -> None:
        with mock.patch("core.caching.pages.time.monotonic", return_value=500.0) as clock:
            self.get()
            versions["edition"] = 2
            clock.return_value += 0.3
            self.assertEqual(self.get().content, b"page 1")
            clock.return_value += 0.2
            self.assertEqual(self.get().content, b"page 2")

    def test_the_site_shows_a_write_within_a_second(self) -> None:
        from config import settings as real

        self.assertLess(real.PUBLIC_PAGE_CHECK_SECONDS, 0.5)

    def test_it_ends_when_its_time_is_over(self) -> None:
        self.until = time.time() + 60
        self.get()
        with mock.patch("core.caching.pages.time.time", return_value=time.time() + 61):
            self.assertEqual(self.get().content, b"page 2")

    def test_an_error_is_not_kept_and_forgets_the_page_before(self) -> None:
        self.get()
        versions["edition"], self.status = 2, 500
        self.assertEqual(self.get().status_code, 500)
        self.status = 200
        self.assertEqual(self.get().content, b"page 3")

    def test_a_version_that_cannot_be_read_answers_nothing_old(self) -> None:
        self.get()
        with (
            override_settings(PUBLIC_PAGE_VERSIONS="tests.core.caching.test_pages.failing"),
            self.assertRaises(ConnectionError),
        ):
            public_pages(self.view)(RequestFactory().get(ADDRESS))

    def test_a_page_that_sets_a_cookie_is_not_kept(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            response = self.view(request)
            response.set_cookie("anything", "1")
            return response

        self.pages = public_pages(view)
        self.assertEqual([self.get().content, self.get().content], [b"page 1", b"page 2"])

    def test_a_page_that_no_view_offers_is_not_kept(self) -> None:
        self.pages = public_pages(lambda request: HttpResponse("as it is"))
        self.assertEqual(self.get().content, b"as it is")
        self.assertNotIn("ETag", self.get().headers)

    def test_a_session_passes_by(self) -> None:
        self.get()
        for value in ("abc", ""):
            cookie = f"{settings.SESSION_COOKIE_NAME}={value}"
            answer = self.get(cookie=cookie)
            self.assertNotEqual(answer.content, b"page 1")
            self.assertNotIn("ETag", answer.headers)
        self.assertEqual(self.get(cookie="theme=dark").content, b"page 1")

    def test_other_methods_and_other_pages_pass_by(self) -> None:
        for request in (RequestFactory().post(ADDRESS), RequestFactory().get("/me/")):
            before = self.built
            self.pages(request)
            self.pages(request)
            self.assertEqual(self.built, before + 2)

    def test_every_query_string_is_a_page_of_its_own(self) -> None:
        self.assertEqual(self.get("/posts/a/?after=x").content, b"page 1")
        self.assertEqual(self.get("/posts/a/").content, b"page 2")
        self.assertEqual(self.get("/posts/a/?after=x").content, b"page 1")

    def test_compressed_for_who_takes_it(self) -> None:
        self.get()
        for accepted, encoded in (
            ("gzip, deflate, br", True),
            ("br;q=1.0, gzip;q=0.8", True),
            ("*", True),
            ("gzip;q=0", False),
            ("gzip;q=0.0, br", False),
            ("identity", False),
            ("x-gzipped", False),
        ):
            with self.subTest(accepted):
                answer = self.get(**{"accept-encoding": accepted})
                self.assertEqual("Content-Encoding" in answer.headers, encoded)
                content = gzip.decompress(answer.content) if encoded else answer.content
                self.assertEqual(content, b"page 1")
                self.assertEqual(answer.headers["Content-Length"], str(len(answer.content)))
                self.assertIn("Accept-Encoding", answer.headers["Vary"])

    def test_not_modified(self) -> None:
        etag = self.get().headers["ETag"]
        for asked in (etag, f'"other", {etag}', "*"):
            answer = self.get(**{"if-none-match": asked})
            self.assertEqual((answer.status_code, answer.content), (304, b""))
            self.assertEqual(answer.headers["ETag"], etag)
        self.assertEqual(self.get(**{"if-none-match": '"other"'}).status_code, 200)
        versions["edition"] = 2
        self.assertEqual(self.get(**{"if-none-match": etag}).content, b"page 2")

    def test_a_first_request_with_a_condition_is_kept_whole(self) -> None:
        self.get(**{"if-none-match": '"other"'})
        self.assertEqual(self.get().content, b"page 1")

    def test_a_head_request_builds_the_page_that_a_get_shows(self) -> None:
        self.pages(RequestFactory().head(ADDRESS))
        self.assertEqual(self.get().content, b"page 1")

    def test_one_builds_however_many_ask(self) -> None:
        asked = Event()

        def view(request: HttpRequest) -> HttpResponse:
            asked.wait(60)
            return self.view(request)

        self.pages = public_pages(view)
        answers = at_once(*[self.get] * 8, asked.set)[:8]
        self.assertEqual([answer.content for answer in answers], [b"page 1"] * 8)

    def test_it_is_kept_compressed_once_somebody_takes_it_so(self) -> None:
        self.get(**{"accept-encoding": "gzip"})
        page = store.slot(ADDRESS).page
        assert page is not None
        self.assertEqual(gzip.decompress(page.body[0]), b"page 1")
        self.assertEqual(self.get().content, b"page 1")

    def test_memory_is_bounded(self) -> None:
        with mock.patch("core.caching.pages.store", Store(10_000)) as small:
            for number in range(50):
                self.get(f"/posts/p{number}/")
            built = self.built
            self.assertEqual(self.get("/posts/p49/").content, b"page 50")
            self.assertEqual(self.built, built)
            self.get("/posts/p0/")
            self.assertEqual(self.built, built + 1)
            self.assertEqual(
                [small.get(f"/posts/p{number}/") for number in range(1, 40)], [None] * 39
            )

    @override_settings(PUBLIC_PAGE_CHECK_SECONDS=0.4)
    def test_the_proxy_may_keep_it_to_the_end_of_the_second_it_was_known_in(self) -> None:
        """Clocks start at 1000.3, when the page is built; the third figure is the one allowed."""
        for later, known_again, allowed in (
            (0.0, False, "@1000"),
            (0.3, False, "@1000"),  # known at 1000.3: to the end of 1000 is less than a second
            (0.6, True, "@1000"),
            (1.1, True, "@1001"),
            (1.45, False, "@1001"),
            (1.6, True, "@1001"),
            (1.75, False, None),  # the second has changed since it was known
            (2.72, True, None),  # by a clock a little behind it has changed, too
        ):
            with self.subTest(later), _clock(later):
                answer = self.get()
                self.assertEqual(answer.content, b"page 1")
                self.assertEqual(answer.headers.get("X-Accel-Expires"), allowed)
                page = store.slot(ADDRESS).page
                assert page is not None
                self.assertEqual(page.seen == 500.0 + later, known_again or not later)

    def test_the_proxy_keeps_nothing_past_the_next_publication(self) -> None:
        self.until = 1000.9
        with _clock(0.0):
            self.assertNotIn("X-Accel-Expires", self.get().headers)
        self.until = 1001.0
        with _clock(0.65):
            self.assertEqual(self.get().headers["X-Accel-Expires"], "@1000")

    def test_the_proxy_keeps_no_answer_that_we_do_not_keep(self) -> None:
        self.status = 500
        self.assertNotIn("X-Accel-Expires", self.get().headers)
        request = RequestFactory(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}=a"})
        self.status = 200
        self.get()
        self.assertNotIn("X-Accel-Expires", self.pages(request.get(ADDRESS)).headers)

    def test_what_is_kept_is_what_the_view_said(self) -> None:
        self.get()
        page = store.slot(ADDRESS).page
        assert page is not None
        self.assertEqual(page.kept, CachePolicy({"edition": 1}, float("inf")))


@contextmanager
def _clock(later: float) -> Iterator[None]:
    """Stop both clocks a number of seconds after the time at which tests begin."""
    with (
        mock.patch("core.caching.pages.time.time", return_value=1000.3 + later),
        mock.patch("core.caching.pages.time.monotonic", return_value=500.0 + later),
    ):
        yield


def failing(asked: object) -> dict[str, int]:
    """Raise the error of a database that is down."""
    raise ConnectionError


class WholeSiteTests(Cast):
    """Through the whole stack."""

    def test_the_kept_answer_is_the_built_one_to_the_last_header(self) -> None:
        for address in ("/", "/about/", "/series/", self.post.get_absolute_url()):
            with self.subTest(address):
                first, second = Client().get(address), Client().get(address)
                self.assertEqual(first.content, second.content)
                headers = [dict(answer.headers) for answer in (first, second)]
                for each in headers:
                    each.pop("X-Accel-Expires", None)  # it goes with the clock
                self.assertEqual(*headers)
                self.assertIn("Content-Security-Policy", second.headers)
                self.assertIn("Cookie", second.headers["Vary"])

    def test_a_page_is_the_same_whichever_way_it_is_built(self) -> None:
        post = self.post.get_absolute_url()
        make_comment(self.post, self.reader, self.stances["same"])
        for address in ("/", "/about/", "/series/", post, f"{post}?sort=newest", f"{post}stances/"):
            with self.subTest(address):
                short = self.built(address)
                with override_settings(PUBLIC_PAGE_MIDDLEWARE=[]):
                    whole = self.built(address)
                self.assertEqual(short.content, whole.content)
                self.assertEqual(dict(short.headers), dict(whole.headers))

    def built(self, address: str) -> Any:
        """Return the answer to the first who asks."""
        store.clear()
        with mock.patch("core.caching.pages.time.time", return_value=1e9):
            return Client().get(address)

    def test_errors_and_what_is_no_page_to_keep_go_the_whole_way(self) -> None:
        for address in ("/posts/nowhere/", f"{self.post.get_absolute_url()}?sort=nothing"):
            with self.subTest(address):
                answer = Client().get(address)
                self.assertContains(answer, "Counterpoint", status_code=404)
                self.assertIn("Content-Security-Policy", answer.headers)
                self.assertNotIn(address, list(store._values))

    def test_a_bug_in_the_fast_build_is_logged_and_the_page_is_right(self) -> None:
        address = f"{self.post.get_absolute_url()}?sort=newest"
        right, view = self.built(address), post_page.render_post_page
        bug_once = mock.Mock(wraps=view, side_effect=[ZeroDivisionError("a bug"), mock.DEFAULT])
        with (
            mock.patch.object(post_page, "render_post_page", bug_once),
            self.assertLogs("core.caching.pages", "WARNING") as logged,
        ):
            answer = self.built(address)
        self.assertEqual((answer.status_code, answer.content), (200, right.content))
        [text] = logged.output
        for part in ("posts/<unicode_slug:slug>/", "Traceback", "a bug"):
            self.assertIn(part, text)
        self.assertNotIn("newest", text)

    def test_an_answer_that_is_no_page_is_not_logged(self) -> None:
        post = self.post.get_absolute_url()
        for address in ("/posts/nowhere/", f"{post}?sort=nothing", f"{post}closing/"):
            with self.subTest(address), self.assertNoLogs("core.caching.pages"):
                self.built(address)

    def test_a_kept_page_takes_one_question_to_the_database_and_a_fresh_one_none(self) -> None:
        address = self.post.get_absolute_url()
        Client().get(address)
        with self.assertNumQueries(1):
            Client().get(address)
        with override_settings(PUBLIC_PAGE_CHECK_SECONDS=60), self.assertNumQueries(0):
            Client().get(address)

    def test_a_host_that_is_not_ours_gets_nothing_kept(self) -> None:
        Client().get("/about/")
        refused = Client().get("/about/", headers={"host": "evil.example"})
        self.assertEqual(refused.status_code, 400)
        self.assertEqual(refused.headers["X-Content-Type-Options"], "nosniff")

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_an_unencrypted_request_is_led_to_the_encrypted_page(self) -> None:
        Client().get("/about/", secure=True)
        self.assertEqual(Client().get("/about/").status_code, 301)
