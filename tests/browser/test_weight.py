"""Test the bytes of a first and of a second visit to a post with sixty comments."""

import gzip
from collections import Counter

from playwright.sync_api import Browser, Response

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor

# Bytes of the page without fonts and pictures. What one writes with comes on top for readers who
# are signed in: drafts and where they are kept, mentions, what is new, following and saving.
PAGE_MOST = 70 * 1024
SIGNED_IN_MOST = 86 * 1024
FONTS_MOST = 110 * 1024


def weigh(
    browser: Browser, site: BrowserSite, handle: str = ""
) -> tuple[Counter[str], Counter[str]]:
    """Return the bytes of a first visit by kind, each but fonts packed as a proxy would.

    And how many files there are of each kind.
    """
    weights: Counter[str] = Counter()
    answers: list[Response] = []
    with visitor(browser, site, handle) as page:
        page.on("response", lambda answer: answers.append(answer))
        page.goto(POST)
        page.wait_for_load_state("networkidle")
        for answer in answers:
            body = answer.body()
            kind = answer.request.resource_type
            weights[kind] += len(body) if kind == "font" else len(gzip.compress(body, 6))
    return weights, Counter(answer.request.resource_type for answer in answers)


def test_a_first_visit_is_light(browser: Browser, site: BrowserSite) -> None:
    for handle in ("", "reader"):
        weights, files = weigh(browser, site, handle)
        print(handle or "anybody", dict(weights))
        assert weights["document"]
        assert files["stylesheet"] == (2 if handle else 1)
        assert weights["font"]
        assert bool(handle) == (files["script"] > 1)
        assert weights["font"] <= FONTS_MOST
        assert weights.total() - weights["font"] - weights["image"] <= (
            SIGNED_IN_MOST if handle else PAGE_MOST
        )
