"""Test the layout of a moderation case: what a moderator sees first, and its links."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor

BASELINES = """(ways) => [...ways.querySelectorAll("summary, a")].map((link) => {
  const mark = document.createElement("span");
  mark.style.cssText = "display: inline-block; width: 0; height: 0";
  link.prepend(mark);
  const { bottom } = mark.getBoundingClientRect();
  mark.remove();
  return bottom;
})"""


@pytest.mark.parametrize("queue", ["held", "flagged"])
def test_the_first_screen_of_a_phone_has_the_reason_and_the_comment(
    browser: Browser, site: BrowserSite, queue: str
) -> None:
    with visitor(browser, site, "moderator") as page:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"/moderation/?queue={queue}")
        page.goto(page.locator(".queue a").first.get_attribute("href") or "")
        expect(page.locator(".acts--bar")).to_be_visible()
        reason, words, acts = (
            page.locator(each).bounding_box()
            for each in (".reports", ".case__comment .comment__body", ".acts--bar")
        )
        assert reason is not None
        assert words is not None
        assert acts is not None
        assert reason["y"] + reason["height"] <= words["y"]
        # At least two lines of the comment.
        assert words["y"] + 60 <= acts["y"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_links_of_what_stands_before_it_are_on_one_line(
    browser: Browser, site: BrowserSite, width: int
) -> None:
    with visitor(browser, site, "moderator") as page:
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/moderation/?queue=flagged")
        page.goto(page.locator(".queue a").first.get_attribute("href") or "")
        ways = page.locator(".case__ways", has=page.locator("summary"))
        expect(ways.first).to_be_visible()
        for each in ways.all():
            one, other = each.evaluate(BASELINES)
            assert abs(one - other) < 0.5
