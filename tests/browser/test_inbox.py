"""Test marking all notifications as read: in its place, with the focus on the undo."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor

MARK = "Mark all as read"
NEW = ".inbox__row--unread"


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the inbox of the demonstration's reader, with unread notifications."""
    site.execute("UPDATE notifications_notification SET read_at = NULL")
    with visitor(browser, site, "reader") as page:
        page.goto("/me/notifications/")
        yield page


def test_all_are_marked_in_place_and_undone_there(page: Page) -> None:
    page.evaluate("window.isSame = true")
    unread = page.locator(NEW).count()
    assert unread
    page.get_by_role("button", name=MARK).press("Enter")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(page.locator("#status")).to_have_text("Marked as read.")
    expect(page.locator(NEW)).to_have_count(0)
    expect(page.locator("#unread-dot .dot, .places .count")).to_have_count(0)
    undo.press("Enter")
    expect(page.get_by_role("button", name=MARK)).to_be_focused()
    expect(page.locator("#status")).to_have_text("They are new again.")
    expect(page.locator(NEW)).to_have_count(unread)
    expect(page.locator("#unread-dot .dot, .places .count")).to_have_count(2)
    assert page.evaluate("window.isSame")


def test_a_mark_that_fails_says_so_and_can_be_tried_again(page: Page) -> None:
    unread = page.locator(NEW).count()
    page.context.route("**/notifications/read/", lambda route: route.abort())
    page.get_by_role("button", name=MARK).click()
    expect(page.get_by_role("alert")).to_contain_text("not sent")
    expect(page.locator(NEW)).to_have_count(unread)
    page.context.unroute("**/notifications/read/")
    page.get_by_role("button", name=MARK).click()
    expect(page.locator(NEW)).to_have_count(0)
