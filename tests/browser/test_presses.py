"""Test what is pressed while one writes: neither words, nor place, nor the press are lost."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Route, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor

WORDS = "Half a thought about the rota, and the other half later."
MENU = "summary[aria-label^=More]"
# The presses of the page: where each button is, how its request ends, and the button afterwards.
PRESSES = {
    "well argued": ("footer .press", "/well-argued/", "footer .press[aria-pressed=true]"),
    "save": (".save", "/saved/", ".save:has-text('Remove from saved')"),
    "follow": (".follow-it", "/follow/thread/*/", ".follow-it[value='0']"),
}


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the post page as the demonstration's reader, who has marked and saved nothing."""
    site.execute("DELETE FROM posts_saveditem")
    site.execute("DELETE FROM notifications_subscription")
    with visitor(browser, site, "reader") as page:
        page.goto(POST)
        yield page


def comment(page: Page) -> Locator:
    """Return the first comment that the reader can mark, save and follow."""
    found = page.locator("article.comment[data-depth='0']").filter(
        has=page.locator("button.press[aria-pressed=false]")
    )
    pk = found.filter(has=page.locator("button.follow-it")).first.get_attribute("id")
    return page.locator(f"#{pk}")


def press(where: Locator, button: str) -> None:
    """Press the button in a comment, from its menu if it is there."""
    found = where.locator(button)
    if not found.is_visible():
        where.locator(MENU).click()
    found.click()


def undo(page: Page, where: Locator, after: str) -> None:
    """Press the button again, so that the next test finds it as it was.

    A press while the one before is being sent does nothing.
    """
    expect(where.locator("[aria-busy=true]")).to_have_count(0)
    press(where, after)
    expect(where.locator(after)).to_have_count(0)


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_acts_in_its_place(page: Page, name: str) -> None:
    button, _route, after = PRESSES[name]
    where = comment(page)
    where.get_by_role("link", name="Reply").first.click()
    text = page.locator("form.composer--reply textarea")
    text.fill(WORDS)
    where.scroll_into_view_if_needed()
    page.evaluate("window.isSame = true")
    before = page.evaluate("window.scrollY")
    press(where, button)
    expect(where.locator(after)).to_have_count(1)
    assert page.evaluate("window.isSame && window.scrollY") == before
    expect(text).to_have_value(WORDS)
    undo(page, where, after)


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_left_within_its_request_counts(page: Page, name: str) -> None:
    """Also if the page is left before the request has gone out."""
    button, route, after = PRESSES[name]
    where = comment(page)
    held: list[Route] = []
    page.context.route(f"**{route}", lambda route: held.append(route))
    with page.expect_request(f"**{route}"):
        press(where, button)
    page.goto("about:blank")
    page.context.unroute(f"**{route}")
    with contextlib.suppress(Error):  # the browser has given it up
        held[0].continue_()
    for _look in range(5):
        page.goto(POST)
        if where.locator(after).count():
            break
    expect(where.locator(after)).to_have_count(1)
    undo(page, where, after)


def test_what_is_followed_below_the_discussion_acts_in_its_place(page: Page) -> None:
    page.evaluate("window.isSame = true")
    follow = page.locator(".keep-up form.follow").first
    follow.get_by_role("button").click()
    expect(follow.get_by_role("button", name="Stop following")).to_be_focused()
    expect(page.locator("#status")).to_have_text("You follow this now.")
    follow.get_by_role("button").click()
    expect(follow.locator("button[value='1']")).to_be_focused()
    assert page.evaluate("window.isSame")


@pytest.mark.parametrize("name", ["save", "follow"])
def test_a_press_that_fails_says_so_and_can_be_tried_again(page: Page, name: str) -> None:
    button, route, after = PRESSES[name]
    where = comment(page)
    page.route(f"**{route}", lambda route: route.abort())
    press(where, button)
    expect(page.locator("#problems")).to_contain_text("Nothing is lost")
    expect(where.locator(after)).to_have_count(0)
    page.unroute(f"**{route}")
    press(where, button)
    expect(where.locator(after)).to_have_count(1)
    expect(page.locator("#problems")).to_be_empty()
    undo(page, where, after)


@pytest.mark.parametrize("act", ["Report", "Changed my mind"])
def test_what_has_a_page_of_its_own_leads_back_to_the_comment_and_the_words(
    page: Page, act: str
) -> None:
    where = comment(page)
    name = where.get_attribute("id") or ""
    where.get_by_role("link", name="Reply").first.click()
    page.locator("form.composer--reply textarea").fill(WORDS)
    where.locator(MENU).click()
    where.get_by_role("link", name=act, exact=True).click()
    page.locator(f".page a[href='/comments/{name.removeprefix('comment-')}/']").first.click()
    expect(page.locator(f"#{name}")).to_be_in_viewport()
    page.locator(f"#{name} .your-draft").click()
    expect(page.locator("form.composer--reply textarea")).to_have_value(WORDS)
