"""Test the way in by a code: where the cursor is, and where a double press leads."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor


def test_a_code_pressed_twice_leads_to_the_very_place(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site) as page:
        page.goto(f"/accounts/signup/?next={POST}")
        page.get_by_label("E-mail").fill("twice@example.org")
        page.get_by_label("Your name on this site").fill("Twice Pressed")
        page.get_by_role("button", name="Create my account").click()
        code = page.get_by_label("Code")
        expect(code).to_be_focused()
        page.keyboard.type(site.code("twice@example.org").lower())
        page.get_by_role("button", name="Confirm").dblclick()
        expect(page).to_have_url(re.compile(f"{POST}$"))
        expect(page.locator(".menu__name")).to_have_text("Twice Pressed")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_cursor_is_in_the_address_then_in_the_code(
    browser: Browser, site: BrowserSite, scripts: bool
) -> None:
    with visitor(browser, site, scripts=scripts) as page:
        page.goto("/accounts/login/")
        expect(page.get_by_label("E-mail")).to_be_focused()
        page.keyboard.type("reader@example.org")
        page.get_by_role("button", name="Send me a code").click()
        expect(page.get_by_label("Code")).to_be_focused()
