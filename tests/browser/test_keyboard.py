"""Test every journey by keyboard alone."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, comment_of, visitor

WORDS = "Written without a mouse."
MOST_STEPS = 400


def tab_to(page: Page, name: str, *, key: str = "Tab") -> None:
    """Press `key` until the element with the label or text `name` has the focus."""
    for _step in range(MOST_STEPS):
        page.keyboard.press(key)
        if name in page.evaluate(
            "(e => [e.ariaLabel, e.labels?.[0]?.innerText, e.innerText, e.value]"
            ".filter(Boolean).join(' | '))(document.activeElement)"
        ):
            return
    raise AssertionError(f"{name} cannot be reached by {key}")


def test_a_reader_answers_and_replies(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "reader") as page:
        page.goto(POST)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        tab_to(page, "Different")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="Same").first).to_be_checked()
        tab_to(page, "And why?")
        page.keyboard.type(WORDS)
        page.keyboard.press("Control+Enter")
        expect(comment_of(page, WORDS)).to_be_focused()
        tab_to(page, str(datetime.now(UTC).year))
        tab_to(page, "Reply")
        page.keyboard.press("Enter")
        reply = page.locator("form.composer--reply")
        text = reply.get_by_label("Your reply to")
        expect(text).to_be_focused()
        page.keyboard.type("Half a ")
        page.keyboard.press("Shift+Tab")
        expect(reply.get_by_role("radio", name="Same")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(reply.get_by_role("radio", name="Overlap")).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.type("thought")
        expect(text).to_have_value("Half a thought")
        page.on("dialog", lambda dialog: dialog.accept())
        tab_to(page, "Cancel")
        page.keyboard.press("Enter")
        expect(reply).to_have_count(0)
        assert page.evaluate("document.activeElement.closest('article.comment') !== null")


def test_a_branch_folds_and_unfolds(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{POST}#discussion")
        branch = page.locator("details.branch").first
        branch.locator("> summary").focus()
        page.keyboard.press("Enter")
        expect(branch.locator("article.comment").first).to_be_hidden()
        page.keyboard.press("Enter")
        expect(branch.locator("article.comment").first).to_be_visible()


def test_a_reader_chooses_what_the_inbox_shows(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site, "reader") as page:
        page.goto("/me/notifications/")
        tab_to(page, "Show: All kinds")
        page.keyboard.press("Enter")
        tab_to(page, "Replies and mentions")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"\?kind=replies$"))
        # Its state is in its name, and in the list the chosen kind is the current one.
        tab_to(page, "Show: Replies and mentions")
        page.keyboard.press("Enter")
        chosen = page.get_by_role("link", name="Replies and mentions")
        expect(chosen).to_have_attribute("aria-current", "page")
        page.keyboard.press("Escape")
        expect(chosen).to_be_hidden()


def test_a_moderator_decides(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "moderator") as page:
        page.goto("/moderation/")
        tab_to(page, "Held")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("held"))
        first = page.locator(".case__comment .comment__body").inner_text()
        tab_to(page, "Approve")
        page.keyboard.press("Enter")
        expect(page.locator(".done")).to_contain_text("approved")
        expect(page.locator(".case__comment .comment__body")).not_to_have_text(first)
        tab_to(page, "Remove")
        page.keyboard.press("Enter")
        tab_to(page, "1")
        page.keyboard.press("Space")
        tab_to(page, "A note to the writer")
        page.keyboard.type("Too sharp.")
        tab_to(page, "Remove this comment")
        page.keyboard.press("Enter")
        expect(page.locator(".done")).to_contain_text("removed")


def test_an_author_publishes(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "author") as page:
        page.goto("/studio/")
        tab_to(page, "Write an article")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Title")).to_be_visible()
        tab_to(page, "Title")
        page.keyboard.type("By keyboard")
        tab_to(page, "Text")
        page.keyboard.type("A post written without a mouse.")
        tab_to(page, "Publish now")
        page.keyboard.press("Enter")
        expect(page.locator(".badge").first).to_have_text("published")
