"""Test that what is being written in another form is marked on the page where it belongs."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor

WORDS = "Half a thought about the rota, and the other half later."
# What is sent while a page is left gets past Playwright's own routes.
NEVER_SAVED = """
const send = window.fetch;
window.fetch = (address, ...how) =>
  String(address).includes("/me/drafts/save/")
    ? Promise.reject(new TypeError("offline"))
    : send(address, ...how);
"""


def begin(page: Page, address: str) -> None:
    """Write into the first text of the form at `address`, and leave it."""
    page.goto(address)
    page.locator("main form[data-draft] textarea").first.fill(WORDS)


def carry_on(page: Page, mark: str) -> None:
    """Open the article, follow the mark, and find the words."""
    page.goto(POST)
    link = page.locator(".your-draft", has_text=mark)
    expect(link).to_have_count(1)
    link.click()
    expect(page.locator("main form[data-draft] textarea").first).to_have_value(WORDS)
    page.get_by_role("button", name="Throw this draft away").click()
    expect(page.get_by_text("You have thrown away")).to_be_visible()
    page.goto(POST)
    expect(page.locator("#answer-form")).to_be_visible()
    expect(page.locator(".your-draft")).to_have_count(0)


@pytest.mark.parametrize("has_network", [True, False], ids=["saved", "in the browser alone"])
def test_a_report_and_a_change_of_mind_are_marked_at_their_comment(
    browser: Browser, site: BrowserSite, has_network: bool
) -> None:
    with visitor(browser, site, "reader") as page:
        if not has_network:
            page.add_init_script(NEVER_SAVED)
        page.goto(POST)
        comment = page.locator("article.comment", has=page.locator("a[href$='/changes/']")).first
        pk = comment.get_attribute("data-comment-id")
        for form, mark in (("flags", "Your draft: Report"), ("changes", "Changed my mind")):
            begin(page, f"/comments/{pk}/{form}/")
            carry_on(page, mark)


@pytest.mark.parametrize("has_network", [True, False], ids=["saved", "in the browser alone"])
def test_a_change_of_mind_is_marked_at_its_paragraph(
    browser: Browser, site: BrowserSite, has_network: bool
) -> None:
    with visitor(browser, site, "reader") as page:
        if not has_network:
            page.add_init_script(NEVER_SAVED)
        begin(page, f"{POST}changes/")
        page.goto(POST)
        mark = page.locator(".prose .your-draft")
        expect(mark).to_have_text("Your draft: Changed my mind")
        marked = page.locator(".prose p", has=page.locator(".your-draft"))
        expect(marked).to_have_count(0)  # none is chosen
        page.goto(f"{POST}changes/")
        paragraph = page.get_by_label("Which paragraph?")
        paragraph.select_option(index=4)
        beginning = paragraph.locator("option:checked").inner_text().rstrip("… ")
        page.goto(POST)
        expect(marked).to_contain_text(beginning[:60])
        expect(page.locator("[data-draft-others]")).to_be_hidden()
        mark.click()
        expect(page.get_by_label("Which paragraph?")).to_have_value("4")
        expect(page.locator("main form[data-draft] textarea")).to_have_value(WORDS)
        page.get_by_role("button", name="Throw this draft away").click()
        expect(page.get_by_text("You have thrown away")).to_be_visible()
        page.goto(POST)
        expect(page.locator("#answer-form")).to_be_visible()
        expect(mark).to_have_count(0)


def test_a_closing_summary_is_marked_where_it_is_changed(
    browser: Browser, site: BrowserSite
) -> None:
    with visitor(browser, site, "author") as page:
        begin(page, f"{POST}closing/edit/")
        page.goto(POST)
        mark = page.locator(".your-draft")
        expect(mark).to_contain_text("Your draft: ")
        mark.click()
        expect(page.locator("main form[data-draft] textarea").first).to_have_value(WORDS)


def test_without_scripts_the_composer_leads_to_them(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site, "reader") as page:
        page.goto(POST)
        pk = page.locator("article.comment").first.get_attribute("data-comment-id")
        begin(page, f"/comments/{pk}/flags/")
        page.goto("/about/")  # which takes its turn behind what was sent before
    with visitor(browser, site, "reader", scripts=False) as plain:
        plain.goto(POST)
        plain.get_by_role("link", name="Carry on with it").first.click()
        expect(plain.get_by_role("heading", name="My drafts")).to_be_visible()
        expect(plain.get_by_text(WORDS)).to_be_visible()
