"""Test which fields the editor of a question shows."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor


@pytest.mark.parametrize("scripts", [True, False])
def test_a_moment_is_asked_for_only_where_totals_wait(
    browser: Browser, site: BrowserSite, scripts: bool
) -> None:
    with visitor(browser, site, "author", scripts=scripts) as page:
        page.goto("/studio/")
        page.get_by_role("link", name="Write an article").click()
        page.get_by_label("Title").fill("A question of time")
        page.get_by_label("Text").fill("Is it time?")
        page.get_by_role("button", name="Save draft").click()
        page.get_by_role("link", name="Question", exact=True).click()
        moment = page.get_by_label("From when does everybody see where others stand?")
        expect(page.get_by_role("radio", name="Always")).to_be_checked()
        expect(moment).to_be_hidden()
        page.get_by_role("radio", name="Once they have answered").check()
        expect(moment).to_be_visible()
        expect(page.locator(".reveals .field__optional")).to_be_visible()
        page.get_by_role("radio", name="From a date on").check()
        expect(moment).to_be_visible()
        expect(page.locator(".reveals .field__optional")).to_be_hidden()
        page.get_by_role("radio", name="Always").check()
        expect(moment).to_be_hidden()
