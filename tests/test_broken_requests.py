"""Test that no broken value in any address or form ends in a server error, or changes a row."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import transaction
from django.urls import URLResolver, get_resolver

from tests import broken_requests
from tests.broken_requests import Asking, Broken, Sent, Target, values_sent
from tests.cast import Cast

# Encodings that Python knows: some fail for what they decode, some decode it to another text.
OTHER_CHARSETS = ("utf-7", "utf-16", "idna", "latin-1", "unicode_escape")


class BrokenRequestTests(Cast):
    """Every route, every argument, parameter and field, every class of broken value."""

    def test_a_route_without_a_fixture_fails(self) -> None:
        routes = broken_requests.all_routes()
        self.assertEqual([r for r in routes if not broken_requests.has_fixture(r)], [])

    def test_pages_of_posts_and_series(self) -> None:
        self._check(route for route in broken_requests.all_routes() if route.startswith("posts:"))

    def test_pages_of_the_discussion(self) -> None:
        routes = (r for r in broken_requests.all_routes() if r.startswith("comments:"))
        sent = self._check(routes)
        for name in ("?kept", "drawn_for"):  # what is sent in turn is sent in every class
            self.assertLessEqual({f"{what} as {name}" for what in values_sent()}, sent)

    def test_all_other_pages(self) -> None:
        others = (r for r in broken_requests.all_routes() if not r.startswith(("posts:", "comm")))
        sent = self._check(others)
        self.assertLessEqual({f"{what} as ?next" for what in values_sent()}, sent)

    def test_an_address_that_is_no_route(self) -> None:
        self.assertEqual(self.client.get("/about/nine/").status_code, 404)

    def _check(self, routes: Iterable[str]) -> set[str]:
        """Send all broken values, and a form in another encoding, to `routes`.

        Returns what was broken.
        """
        broken, sent_so_far = Broken(), set()
        for route in routes:
            with self.subTest(route), transaction.atomic():
                cache.clear()
                at = broken_requests.target(self, route)
                asking = Asking(at.actor)
                for sent in broken.requests(asking, at):
                    self.assertEqual(list(broken_requests.faults(asking, sent)), [])
                    sent_so_far.add(sent.what)
                self.assertEqual(_status(asking, at, "utf-7"), 415)
                transaction.set_rollback(True)
        return sent_so_far

    def test_utf_8_alone_is_read(self) -> None:
        at = broken_requests.target(self, "comments:answer")
        asking = Asking(at.actor)
        for charset in OTHER_CHARSETS:
            self.assertEqual(_status(asking, at, charset), 415, charset)
        for charset in ("utf-8", "UTF-8"):
            self.assertEqual(_status(asking, at, charset), 422, charset)

    def test_an_address_read_in_another_encoding_is_refused(self) -> None:
        answer = self.client.get("/?page=1", CONTENT_TYPE="text/plain; charset=utf-16")
        self.assertContains(answer, "UTF-8", status_code=415)


def _status(asking: Asking, at: Target, charset: str) -> int:
    """Return the status of the answer to a form in `charset`."""
    sent = Sent("", "POST", at.path, "body=+AGEAYQ-")
    with asking.ask(sent, f"{broken_requests.FORM}; charset={charset}") as answer:
        return answer.status_code


def test_ids_in_paths_are_within_the_range_of_a_column() -> None:
    """Django's own `int` takes numbers of any size."""
    kinds = {
        converter.__class__.__name__
        for resolver in (get_resolver(), *_resolvers(get_resolver()))
        for pattern in resolver.url_patterns
        for converter in pattern.pattern.converters.values()
    }
    assert "IdConverter" in kinds
    assert "IntConverter" not in kinds


def _resolvers(resolver: URLResolver) -> list[URLResolver]:
    inner = [each for each in resolver.url_patterns if isinstance(each, URLResolver)]
    return [*inner, *(deeper for each in inner for deeper in _resolvers(each))]
