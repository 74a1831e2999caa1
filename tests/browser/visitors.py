"""Open windows for visitors, and take the steps that several journeys share."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.site import BrowserSite

POST = "/posts/management-and-leadership/"
# Milliseconds; only a fault lets them pass, and a busy machine needs seconds for a page.
PATIENCE = 60_000


@contextlib.contextmanager
def visitor(
    browser: Browser, site: BrowserSite, handle: str = "", *, scripts: bool = True
) -> Iterator[Page]:
    """Yield a new window, signed in as `handle` or anonymous."""
    context = browser.new_context(base_url=site.url, java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE)
    if handle:
        context.add_cookies([site.session(handle)])  # type: ignore[list-item]
    try:
        yield context.new_page()
    finally:
        # A page that is closed sends its drafts, which would arrive during the next test.
        context.set_offline(True)
        context.close()


@pytest.fixture(name="page")
def page_with_a_clock(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the post page as the demonstration's reader, with a clock that the test holds."""
    with visitor(browser, site, "reader") as page:
        page.clock.install()
        page.goto(POST)
        yield page


def sign_up(page: Page, site: BrowserSite, handle: str) -> None:
    """Sign up as `handle`: fill in the form, then the code from the mail."""
    address = f"{handle}@example.org"
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Your name on this site").fill(handle)
    page.get_by_role("button", name="Create my account").click()
    page.get_by_label("Code").fill(site.code(address))
    page.get_by_role("button", name="Confirm").click()


def comment_of(page: Page, words: str) -> Locator:
    """Return the comment on `page` whose own text contains `words`."""
    body = page.locator(".comment__body", has_text=words)
    return page.locator("article.comment").filter(has=body)


def choose(comment: Locator, act: str) -> None:
    """Choose an act from the menu of `comment`."""
    comment.locator("summary[aria-label^=More]").click()
    comment.get_by_role("link", name=act, exact=True).click()


def open_case(page: Page, words: str) -> None:
    """Open the comment with `words` from the moderators' queue."""
    page.goto("/moderation/")
    page.locator(".queue a", has_text=words[:30]).click()
    expect(page.locator(".case__comment")).to_contain_text(words)


def approve(page: Page, words: str) -> None:
    """Approve the held comment with `words`."""
    open_case(page, words)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".done")).to_contain_text("approved")


def time_passes(site: BrowserSite) -> None:
    """Make all comments a day older, so that no rate limit applies."""
    earlier = "strftime('%Y-%m-%d %H:%M:%f', created_at, '-1 day')"
    site.execute(f"UPDATE comments_comment SET created_at = {earlier}")
