"""Test redirects, of htmx and of others."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core.htmx import redirect_for

PAGE = "/posts/one/"
SITE = "http://testserver"


def htmx_request(shown: str | None) -> HttpRequest:
    """Return a request that htmx sends from the page with the address `shown`."""
    address = {"HX-Current-URL": shown} if shown is not None else {}
    request = RequestFactory().post("/", headers={"HX-Request": "true", **address})
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(
    ("shown", "target"),
    [
        (f"{SITE}{PAGE}", f"{PAGE}#question"),
        (f"{SITE}{PAGE}#question", f"{PAGE}#question"),
        (f"https://elsewhere.example{PAGE}#discussion", f"{PAGE}#comment-1"),
        (f"{SITE}{PAGE}?sort=newest", f"{PAGE}?sort=newest#comment-1"),
    ],
)
def test_a_place_on_the_page_that_asks_loads_it_anew(shown: str, target: str) -> None:
    answer = redirect_for(htmx_request(shown), target)
    assert answer.status_code == 204
    assert (answer["HX-Redirect"], answer["HX-Refresh"]) == (target, "true")


@pytest.mark.parametrize(
    ("shown", "target"),
    [
        (None, f"{PAGE}#question"),
        ("http://[", f"{PAGE}#question"),
        (f"{SITE}/posts/two/", f"{PAGE}#question"),
        (f"{SITE}{PAGE}?sort=newest", f"{PAGE}#question"),
        (f"{SITE}{PAGE}#question", PAGE),  # a browser loads it without being told
    ],
)
def test_another_page_is_only_led_to(shown: str | None, target: str) -> None:
    answer = redirect_for(htmx_request(shown), target)
    assert answer["HX-Redirect"] == target
    assert "HX-Refresh" not in answer


def test_without_htmx_it_is_a_plain_redirect() -> None:
    request = RequestFactory().post("/", headers={"HX-Current-URL": f"{SITE}{PAGE}"})
    answer = redirect_for(request, f"{PAGE}#question")
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#question")
    assert "HX-Refresh" not in answer
