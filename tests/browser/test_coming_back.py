"""Test what readers find when they come back: what is new, on any device, and what they saved."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, comment_of, visitor

WRITE = """
from comments.actions.comments import Draft, post_comment
from comments.models import Comment
from accounts.models import User
from posts.models import Post

post = Post.objects.get(slug="management-and-leadership")
author = User.objects.get(handle="author")
for words in {words}:
    root = Comment.objects.filter(post=post, state="published", depth=0).order_by("id").first()
    post_comment(Draft(author, post, words, parent=root))
"""
EARLIER = "2020-01-01 00:00:00"


def write(site: BrowserSite, *words: str) -> None:
    """Let the author reply with each of `words`."""
    site.manage("shell", "--no-imports", "-c", WRITE.format(words=list(words)))


def end_visits(site: BrowserSite) -> None:
    """Let all visits have ended long ago."""
    site.execute("UPDATE posts_visit SET seen_at = ?", EARLIER)


def see_discussion(page: Page) -> None:
    """Open the article and scroll to its discussion, which is told to the server."""
    page.goto(POST)
    with page.expect_response(re.compile(r"/visit/$")) as told:
        page.locator("#discussion").scroll_into_view_if_needed()
    assert told.value.status == 204


@pytest.fixture
def desk(browser: Browser, own_site: BrowserSite) -> Iterator[Page]:
    """Open a window of the reader's."""
    with visitor(browser, own_site, "reader") as page:
        yield page


def test_what_is_new_is_marked_on_another_device(
    browser: Browser, own_site: BrowserSite, desk: Page
) -> None:
    see_discussion(desk)
    expect(desk.locator(".news")).to_have_count(0)
    end_visits(own_site)
    write(own_site, "The first of two.", "The second of two.")
    with visitor(browser, own_site, "reader") as phone:
        phone.set_viewport_size({"width": 390, "height": 800})
        phone.goto(f"{POST}?sort=oldest")
        expect(phone.locator(".news")).to_contain_text("2 new comments since your last visit")
        expect(phone.locator(".new")).to_have_count(2)
        first, second = (comment_of(phone, f"The {n} of two.") for n in ("first", "second"))
        phone.get_by_role("link", name="Go to the first").press("Enter")
        expect(first).to_be_focused()
        first.get_by_role("link", name="Next new").press("Enter")
        expect(second).to_be_focused()
        expect(second.get_by_role("link", name="Next new")).to_have_count(0)
        phone.reload()
        expect(phone.locator(".new")).to_have_count(2)
        phone.get_by_role("button", name="Mark all as read").click()
        expect(phone.locator(".news")).to_contain_text("Marked as read.")
        expect(phone.locator(".new")).to_have_count(0)
        phone.get_by_role("button", name="Undo").click()
        expect(phone.locator(".news")).to_contain_text("2 new comments since your last visit")
        phone.get_by_role("button", name="Mark all as read").click()
        expect(phone.locator(".news")).to_contain_text("Marked as read.")
    desk.reload()
    expect(desk.locator(".new")).to_have_count(0)


def test_a_discussion_that_was_not_seen_stays_new(own_site: BrowserSite, desk: Page) -> None:
    see_discussion(desk)
    end_visits(own_site)
    write(own_site, "Not scrolled to.")
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url))
    desk.goto(POST)
    desk.wait_for_load_state("networkidle")
    assert not [url for url in sent if url.endswith("/visit/")]
    expect(desk.locator(".news")).to_contain_text("1 new comment since your last visit")


def test_what_a_browser_saw_joins_the_account_at_the_sign_in(
    browser: Browser, own_site: BrowserSite
) -> None:
    with visitor(browser, own_site) as page:
        page.goto(POST)
        write(own_site, "While away.")
        page.context.add_cookies([own_site.session("reader")])  # type: ignore[list-item]
        page.goto(f"{POST}?sort=oldest")
        expect(page.locator(".news")).to_contain_text("1 new comment since your last visit")
        expect(comment_of(page, "While away.").locator(".new")).to_have_count(1)
        assert page.evaluate("localStorage.getItem('discussions-seen')") is None
        # Words under that name that are not ours break nothing.
        for words in ("7", "[[]]", "no JSON", f'{{"{POST}": {{"toString": 1}}}}'):
            page.evaluate("words => localStorage.setItem('discussions-seen', words)", words)
            see_discussion(page)


def test_without_an_account_the_browser_marks_what_is_new(
    browser: Browser, own_site: BrowserSite
) -> None:
    with visitor(browser, own_site) as page:
        page.goto(POST)
        write(own_site, "The first of two.", "The second of two.")
        again = page.context.new_page()
        again.goto(f"{POST}?sort=oldest")
        expect(again.locator(".new")).to_have_count(2)
        first, second = (comment_of(again, f"The {n} of two.") for n in ("first", "second"))
        expect(first.locator(".new")).to_have_text("New")
        first.get_by_role("link", name="Next new").press("Enter")
        expect(again).to_have_url(re.compile(f"#{second.get_attribute('id')}$"))
        again.goto("/")
        again.goto(f"{POST}?sort=oldest")
        expect(again.locator(".new")).to_have_count(2)
        assert not again.context.cookies()


def test_an_article_and_a_comment_are_saved_and_found(own_site: BrowserSite, desk: Page) -> None:
    desk.goto(POST)
    desk.locator(".byline .save").click()
    expect(desk.get_by_role("status")).to_have_text("Saved for later.")
    expect(desk.locator(".byline .save")).to_have_text("Remove from saved")
    expect(desk.locator(".byline .save")).to_be_focused()
    comment = desk.locator("article.comment").first
    comment.locator("summary[aria-label^=More]").click()
    comment.get_by_role("button", name="Save for later").press("Enter")
    expect(comment.get_by_role("button", name="Remove from saved")).to_be_focused()
    desk.locator(".masthead .menu > summary").click()
    desk.get_by_role("link", name="Saved for later").click()
    expect(desk.locator(".saved")).to_have_count(2)
    desk.locator(".saved").first.get_by_role("button", name="Remove").click()
    expect(desk.locator(".saved")).to_have_count(1)
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator(".saved")).to_have_count(2)
    desk.get_by_role("link", name="Articles").click()
    desk.locator(".saved__title a").click()
    desk.locator(".byline .save").click()
    expect(desk.locator(".byline .save")).to_have_text("Save for later")


def test_without_scripts_one_press_saves(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "reader", scripts=False) as page:
        page.goto(POST)
        comment = page.locator("article.comment").first
        comment.locator("summary[aria-label^=More]").click()
        comment.get_by_role("button", name="Save for later").click()
        expect(page.get_by_text("Saved for later.")).to_be_visible()
        page.get_by_role("button", name="Mark all as read").click()
        write(own_site, "Without scripts.")
        page.goto(f"{POST}?sort=oldest")
        expect(comment_of(page, "Without scripts.").locator(".new")).to_have_count(1)
