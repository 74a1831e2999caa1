"""Walk the newsletter by keyboard alone, with scripts and without: authors, followers, admins."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.mailed_site import MailedSite, mailing, text_of
from tests.browser.test_keyboard import tab_to
from tests.browser.test_mailbox_journeys import CONFIRMATION, link_in, one_click
from tests.browser.visitors import POST, visitor

ADDRESS = "pat@example.org"
AUTHOR = "author@example.org"
TITLE = "Appointed and followed"
EVERY_ARTICLE = "Follow every new article"
FOLLOW_SITE = re.compile(r"/follow/site/1/$")
ADDRESSES = (
    b"email,consent_date,consent_place\nkim@example.org,2026-01-02,A form on paper\nno address,,\n"
)

pytestmark = pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])


@pytest.fixture
def mailed(prepared_site: Path, tmp_path: Path) -> Iterator[MailedSite]:
    """Serve a site for this test alone, whose mail arrives in mailboxes."""
    with mailing(prepared_site, tmp_path) as site:
        yield site


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Reach what has the label or text `name`, and press it."""
    tab_to(page, name)
    page.keyboard.press(key)


def type_into(page: Page, name: str, words: str) -> None:
    tab_to(page, name)
    page.keyboard.type(words)


def begin(page: Page, title: str) -> None:
    """Write the beginning of an article, and save it as a draft."""
    page.goto("/studio/")
    press(page, "Write an article")
    expect(page.get_by_label("Title")).to_be_visible()
    type_into(page, "Title", title)
    type_into(page, "Text", "Two letters came on the same day.")


def test_an_author_tries_the_mail_and_publishes_with_it_and_without(
    browser: Browser, mailed: MailedSite, scripts: bool
) -> None:
    with (
        visitor(browser, mailed, "author", scripts=scripts) as page,
        visitor(browser, mailed, scripts=scripts) as reader,
    ):
        follow_every_article(reader, mailed)
        before = len(mailed.mails(ADDRESS))
        begin(page, TITLE)
        press(page, "Save draft")
        expect(page.locator(".badge").first).to_have_text("draft")
        press(page, "E-mail")
        expect(page.get_by_role("heading", name="What followers get")).to_be_visible()
        press(page, "Send a test to")
        expect(page.get_by_role("status").filter(has_text=AUTHOR)).to_be_visible()
        [tried] = mailed.mails(AUTHOR)
        assert tried["Subject"] == f"Test: {TITLE}"
        assert "This is a test. Only you got it." in text_of(tried)
        press(page, "Text")
        expect(page.get_by_label("Title")).to_be_visible()
        press(page, "Publish now")
        expect(page.locator(".badge").first).to_have_text("published")
        [sent] = mailed.mails(ADDRESS)[before:]
        assert sent["Subject"] == TITLE
        begin(page, "Kept off the list")
        tab_to(page, "Its beginning")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("No e-mail: they find it on the site")).to_be_checked()
        press(page, "Publish now")
        expect(page.locator(".badge").first).to_have_text("published")
        assert len(mailed.mails(ADDRESS)) == before + 1


def test_a_reader_follows_the_whole_site_and_ends_it(
    browser: Browser, mailed: MailedSite, scripts: bool
) -> None:
    with (
        visitor(browser, mailed, scripts=scripts) as page,
        visitor(browser, mailed, "author", scripts=scripts) as author,
    ):
        for start in ("/archive/", POST):
            page.goto(start)
            press(page, EVERY_ARTICLE)
            expect(page).to_have_url(FOLLOW_SITE)
        follow_every_article(page, mailed)
        begin(author, TITLE)
        press(author, "Publish now")
        expect(author.locator(".badge").first).to_have_text("published")
        sent = mailed.mails(ADDRESS)[-1]
        assert "You get this because you follow every new article in Counterpoint." in text_of(sent)
        page.goto(one_click(sent))
        press(page, "No more of these")
        expect(page.get_by_role("heading", name="You get no more of these")).to_be_visible()
        page.goto(link_in(sent, re.compile(r"http\S+/follow/by-mail/\S+")))
        expect(page.get_by_role("button", name="Stop following")).to_have_count(0)


def follow_every_article(page: Page, mailed: MailedSite) -> None:
    """Follow the whole site from its front page, and confirm it by the link in the mail."""
    page.goto("/")
    press(page, EVERY_ARTICLE)
    expect(page).to_have_url(FOLLOW_SITE)
    type_into(page, "E-mail", ADDRESS)
    press(page, "Send me the link")
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    page.goto(link_in(mailed.mails(ADDRESS)[-1], CONFIRMATION))
    press(page, "Follow")
    expect(page.get_by_role("heading", name="What you follow")).to_be_visible()


def test_an_admin_brings_a_list_and_gets_it_back(
    browser: Browser, mailed: MailedSite, scripts: bool
) -> None:
    with visitor(browser, mailed, "admin", scripts=scripts) as page:
        page.goto("/settings/site/")
        press(page, "Subscribers as a file")
        expect(page.get_by_role("heading", name="Is that you?")).to_be_visible()
        type_into(page, "Password", mailed.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Bring a list")).to_be_visible()
        tab_to(page, "List of addresses")
        page.locator("input[type=file]").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": ADDRESSES}
        )
        press(page, "See what would happen")
        expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
        press(page, "Import 1 address")
        expect(page.get_by_role("heading", name="Being imported")).to_be_visible()
        mailed.mails(ADDRESS)  # lets the worker run
        page.reload()
        expect(page.get_by_role("heading", name="What happened")).to_be_visible()
        page.goto("/settings/subscribers/")
        tab_to(page, "Download as CSV")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert "kim@example.org" in Path(download.value.path()).read_text()


def test_an_admin_pauses_articles_and_goes_on(
    browser: Browser, mailed: MailedSite, scripts: bool
) -> None:
    with visitor(browser, mailed, "admin", scripts=scripts) as page:
        page.goto("/settings/site/")
        press(page, "Whether they are sent")
        expect(page.get_by_role("heading", name="Articles by e-mail")).to_be_visible()
        press(page, "Pause sending")
        expect(page.get_by_text("Paused since")).to_be_visible()
        press(page, "Go on sending")
        expect(page.get_by_text("Articles are sent by e-mail.")).to_be_visible()
