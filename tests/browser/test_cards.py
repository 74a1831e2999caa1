"""Test the acts on a card: shown at once, undone when refused, reached by finger and keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import PATIENCE, POST, choose, visitor

TOUCH = 44  # CSS pixels, for a finger
# Acts and marks of cards that are in sight and smaller than `least` in a direction.
SMALL = """(least) => [...document.querySelectorAll(
  ".comment > footer :is(a, button, summary), .marks > a, .branch > summary")]
  .filter((e) => e.checkVisibility())
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([_, box]) => Math.min(box.height, box.width) < least - 0.5)
  .map(([e, box]) => `${e.tagName} ${e.textContent} ${box.width}x${box.height}`)"""
SELECT = """(body) => {
  const range = document.createRange();
  range.setStart(body.querySelector("p").firstChild, 2);
  range.setEnd(body.querySelector("p").firstChild, 30);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return getSelection().toString();
}"""


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the post page as the demonstration's reader."""
    with visitor(browser, site, "reader") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(POST)
        yield page


def card(page: Page) -> Locator:
    """Return the first comment whose number is shown, and which the reader may press."""
    pressed = page.locator("button.press + .split")
    return page.locator("article.comment").filter(has=pressed).first


def test_a_press_shows_at_once_and_the_number_follows(page: Page) -> None:
    pill = card(page).locator(".pill")
    before = int(pill.locator(".split").inner_text())
    button = pill.get_by_role("button", name="Well argued")
    was = button.get_attribute("aria-pressed")
    assert button.evaluate("(button) => (button.click(), button.ariaPressed)") != was
    expect(page.get_by_role("status")).to_have_text(re.compile("Noted|Taken back"))
    expect(pill.locator(".split")).to_have_text(str(before + (-1 if was == "true" else 1)))
    button.click()
    expect(pill.locator(".split")).to_have_text(str(before))


def test_the_act_and_the_number_are_parted_by_a_line(page: Page) -> None:
    button = card(page).locator("button.press")
    edges = "(e) => getComputedStyle(e).borderInlineEnd"
    for _state in range(2):
        assert button.evaluate(edges).startswith("1px solid")
        button.click()


def test_a_refused_press_is_undone_and_says_why(page: Page) -> None:
    button = card(page).locator("button.press")
    was = button.get_attribute("aria-pressed")
    page.route("**/well-argued/**", lambda route: route.abort(), times=1)
    button.click()
    expect(page.locator("#problems")).to_contain_text("try again in a moment")
    expect(button).to_have_attribute("aria-pressed", was or "")


def test_the_number_opens_who_marked_it(page: Page) -> None:
    number = card(page).locator(".split")
    number.click()
    panel = page.get_by_role("group", name="Who marked it")
    expect(panel).to_be_focused()
    expect(panel.get_by_role("row").first).to_contain_text(re.compile(r"\d of \d"))
    expect(panel.get_by_role("link", name="Why it stands here")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(number).to_be_focused()
    number.click()
    expect(panel).to_be_visible()
    page.locator("h2").first.click()
    expect(panel).to_have_count(0)


def test_a_menu_closes_and_copies_the_address(page: Page) -> None:
    menu = card(page).locator("details.etc")
    opener = menu.locator("summary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(opener).to_be_focused()
    choose(card(page), "Copy link")
    expect(page.get_by_role("status")).to_have_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/comments/{card(page).get_attribute('data-comment-id')}/")


def test_selected_words_are_quoted(page: Page) -> None:
    body = card(page).locator(".comment__body")
    words = " ".join(body.evaluate(SELECT).split())
    page.get_by_role("button", name="Quote").click()
    field = page.get_by_label("Your reply to")
    expect(field).to_have_value(re.compile(f"^> {re.escape(words)}"))
    field.fill("Mine.")
    choose(card(page), "Quote")
    expect(field).to_have_value(re.compile(r"^Mine[.][^>]*> |^> [^M]*Mine[.]$|Mine[.]> "))


def test_acts_are_large_enough_for_a_finger(browser: Browser, site: BrowserSite) -> None:
    for handle in ("", "moderator"):
        context = browser.new_context(
            base_url=site.url,
            has_touch=True,
            is_mobile=True,
            viewport={"width": 390, "height": 900},
        )
        context.set_default_timeout(PATIENCE)
        if handle:
            context.add_cookies([site.session(handle)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(POST)
        if handle:
            page.locator("details.etc > summary").first.click()
        assert page.evaluate(SMALL, TOUCH) == [], handle
        context.close()
