"""Test following: by one press, with and without scripts, to the row in the inbox; and by mail."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor

WORDS = "The rota is where a leader is found out, so I call it one job."
RUN_JOBS = "from core.jobs.worker import JobWorker\nwhile JobWorker().turn(): pass"
ADDRESS = "pat@example.org"
LINK = re.compile(r"https?://\S+/follow/confirm/\S+")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_what_is_followed_by_one_press_is_in_the_inbox(
    browser: Browser, own_site: BrowserSite, scripts: bool
) -> None:
    """Follow the discussion, read of a comment, and end it by a second press."""
    with (
        visitor(browser, own_site, "reader", scripts=scripts) as reader,
        visitor(browser, own_site, "author", scripts=scripts) as author,
    ):
        reader.goto(POST)
        press(reader, "Follow this discussion")
        expect(button(reader, "Stop following")).to_be_visible()
        writes(author)
        own_site.manage("shell", "-c", RUN_JOBS)
        reader.goto("/archive/")
        expect(reader.locator(".masthead .dot")).to_be_visible()
        reader.goto("/me/notifications/")
        row = reader.locator(".inbox__row", has_text="commented on an article you follow")
        expect(row).to_contain_text(WORDS)
        reader.goto("/me/following/")
        expect(reader.locator(".follows")).to_contain_text("Management and leadership")
        reader.goto(POST)
        press(reader, "Stop following")
        expect(button(reader, "Follow this discussion")).to_be_visible()


def test_a_thread_is_followed_from_its_menu(browser: Browser, own_site: BrowserSite) -> None:
    """The menu stays, and its button says what the next press does."""
    with visitor(browser, own_site, "reader") as reader:
        reader.goto(POST)
        card = reader.locator("#threads > li > .comment, #threads .comment").first
        card.locator("summary").first.click()
        card.get_by_role("button", name="Follow this thread").first.click()
        expect(card.get_by_role("button", name="Stop following this thread").first).to_be_focused()
        reader.goto("/me/following/")
        expect(reader.get_by_role("heading", name="Threads")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_promise_is_followed_by_mail(
    browser: Browser, own_site: BrowserSite, scripts: bool
) -> None:
    """Leave an address, open the link in the mail, press, and end it again."""
    with visitor(browser, own_site, scripts=scripts) as page:
        page.goto(POST)
        page.get_by_role("link", name="Tell me when this is kept").first.click()
        page.get_by_label("E-mail").fill(ADDRESS)
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
        page.goto(mailed_link(own_site))
        page.get_by_role("button", name="Follow").click()
        expect(page.get_by_role("heading", name="What you follow")).to_be_visible()
        page.get_by_role("button", name="Stop following").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()


def mailed_link(site: BrowserSite) -> str:
    """Return the link in the newest e-mail to the address."""
    parts = site.mails(ADDRESS)[-1].walk()
    [part] = [part for part in parts if part.get_content_type() == "text/plain"]
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    found = LINK.search(text.decode())
    assert found, text
    return found[0]


def button(page: Page, words: str) -> Locator:
    """Return the button with `words` in the row about new comments."""
    return page.locator(".keep-up li", has_text="New comments here").get_by_role(
        "button", name=words
    )


def press(page: Page, words: str) -> None:
    """Press that button, and wait for the one that takes its place."""
    button(page, words).click()
    expect(button(page, words)).to_have_count(0)


def writes(page: Page) -> None:
    """Post a note as the author."""
    page.goto(f"{POST}answer/")
    page.get_by_role("textbox").first.fill(WORDS)
    page.get_by_role("button", name=re.compile("^Post")).click()
    expect(page.locator(".comment", has_text=WORDS).first).to_be_visible()


def test_on_a_phone_a_way_of_mail_saved_in_the_last_row_is_confirmed_in_sight(
    browser: Browser, own_site: BrowserSite
) -> None:
    """The confirmation and its undo stay on the screen, far below where they stand."""
    with visitor(browser, own_site, "reader") as reader:
        reader.set_viewport_size({"width": 390, "height": 844})
        reader.goto("/me/notifications/settings/")
        row = reader.get_by_role("group", name="My account")
        row.get_by_label("Once a week").check()
        expect(reader.locator(".mail-ways__saved")).to_contain_text("My account: Once a week.")
        expect(reader.locator("#ways-undo")).to_be_in_viewport()
        reader.locator("#ways-undo").click()
        expect(row.get_by_label("At once")).to_be_checked()
