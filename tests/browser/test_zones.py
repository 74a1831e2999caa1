"""Test the time zone of mail: the browser's is offered, by its city, and saved by a press."""

from playwright.sync_api import Browser, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor

HERE = "/me/notifications/settings/"


def test_the_zone_of_the_browser_is_offered_once(browser: Browser, site: BrowserSite) -> None:
    site.execute("UPDATE accounts_user SET time_zone = ''")
    with visitor(browser, site, "reader", zone="Asia/Tokyo") as page:
        page.goto(HERE)
        offer = page.get_by_role("button", name="Use the zone of this browser: Tokyo (UTC+09:00)")
        offer.click()
        expect(page.get_by_text("Saved. Time zone: Tokyo (UTC+09:00).")).to_be_visible()
        expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
        expect(page.get_by_label("Time zone")).to_be_focused()
        expect(offer).to_be_hidden()
        page.get_by_role("button", name="Undo").click()
        expect(offer).to_be_visible()


def test_an_old_name_of_the_browser_can_be_saved(browser: Browser, site: BrowserSite) -> None:
    """Chromium calls the zone of Kolkata by its former name, which the list leaves out."""
    site.execute("UPDATE accounts_user SET time_zone = ''")
    with visitor(browser, site, "reader", zone="Asia/Calcutta") as page:
        page.goto(HERE)
        page.get_by_role("button", name="Use the zone of this browser").click()
        expect(page.get_by_text("(UTC+05:30).")).to_be_visible()
        site.execute("UPDATE accounts_user SET time_zone = ''")


def test_where_the_site_has_the_same_zone_nothing_is_offered(
    browser: Browser, site: BrowserSite
) -> None:
    with visitor(browser, site, "reader", zone="UTC") as page:
        page.goto(HERE)
        expect(page.get_by_role("button", name="Use the zone")).to_be_hidden()
