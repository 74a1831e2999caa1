"""Test the picture of "Why it stands here": its words stand above its lines, on phones too."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor

MIDDLES = "(all) => all.map((e) => e.getBoundingClientRect()).map((r) => (r.left + r.right) / 2)"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_words_of_the_scale_stand_at_its_lines(
    browser: Browser, site: BrowserSite, width: int
) -> None:
    with visitor(browser, site, "") as page:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(POST)
        page.goto(page.locator("article:has(.best-for) .pill").first.get_attribute("href") or "")
        words: list[Any] = page.locator(".against__scale > span:visible").evaluate_all(MIDDLES)
        pictures = page.locator(".against tbody svg:not(.glyph)")
        assert pictures.count() > 1
        for picture in pictures.all():
            assert picture.is_visible()
            lines = picture.locator("line").evaluate_all(MIDDLES)
            assert lines == pytest.approx(words, abs=0.6)
        assert page.evaluate("document.documentElement.scrollWidth") == width
