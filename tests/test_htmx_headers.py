"""Test that nothing that may be stored depends on the headers of htmx."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from core.caching.pages import store
from tests import broken_requests
from tests.cast import Cast

# Each that htmx sends, and a request to restore history.
HTMX = (
    {"HX-Request": "true"},
    {
        "HX-Request": "true",
        "HX-Boosted": "true",
        "HX-Current-URL": "http://testserver/elsewhere/",
        "HX-Target": "discussion",
        "HX-Trigger": "press-1",
        "HX-Trigger-Name": "press",
        "HX-Prompt": "yes",
    },
    {"HX-Request": "true", "HX-History-Restore-Request": "true"},
)
# Routes of which some answer may be stored; were it fewer, the test would compare nothing.
STORED_AT_LEAST = 20


@pytest.mark.one_database  # a header of an answer is no matter of rows
class HtmxHeaderTests(Cast):
    """Every route, read without a session."""

    def test_what_may_be_stored_is_the_same_with_them(self) -> None:
        stored = 0
        for route in broken_requests.all_routes():
            with self.subTest(route), transaction.atomic():
                path = broken_requests.target(self, route).path
                plain = self.answer(path, {})
                stored += may_be_stored(plain)
                for headers in HTMX:
                    answer = self.answer(path, headers)
                    if may_be_stored(plain) or may_be_stored(answer):
                        self.assertEqual(told(answer), told(plain), headers)
                transaction.set_rollback(True)
        self.assertGreater(stored, STORED_AT_LEAST)

    def answer(self, path: str, headers: dict[str, str]) -> HttpResponseBase:
        cache.clear()
        store.clear()
        return Client().get(path, headers=headers)


def may_be_stored(answer: HttpResponseBase) -> bool:
    """Return whether a cache may store `answer`."""
    return "no-store" not in answer.headers.get("Cache-Control", "")


def told(answer: HttpResponseBase) -> tuple[int, dict[str, str], bytes]:
    """Return all that `answer` says, without the time until which a proxy may repeat it."""
    headers = {name: value for name, value in answer.items() if name != "X-Accel-Expires"}
    return answer.status_code, headers, getattr(answer, "content", b"")
