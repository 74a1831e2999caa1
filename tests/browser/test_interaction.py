"""Test scripts: parts of pages replaced in place, focus moved, and no form sent twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bench.browser.interaction import GROW
from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, comment_of, time_passes, visitor

WORDS = "The horizon is on the rota, every second Thursday."


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the post page as the demonstration's reader, without a rate limit in the way."""
    time_passes(site)
    with visitor(browser, site, "reader") as page:
        page.goto(POST)
        yield page


def write(page: Page, words: str) -> None:
    """Fill in the composer under the question."""
    page.get_by_role("radio", name="Overlap").first.check()
    page.get_by_role("textbox", name="And why?").fill(words)


def open_reply(page: Page) -> None:
    """Open the composer below the first comment that takes replies."""
    page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
    expect(page.locator("form.composer--reply")).to_be_visible()


def test_a_new_comment_is_announced_and_focused(page: Page) -> None:
    before = page.locator("#discussion-title").inner_text()
    write(page, f"{WORDS} Announced.")
    page.get_by_role("button", name="Post comment").click()
    new = comment_of(page, "Announced.")
    expect(new).to_be_focused()
    expect(new).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text("Your comment is posted.")
    expect(page.locator("#discussion-title")).not_to_have_text(before)
    expect(page.get_by_role("textbox", name="And why?")).to_have_value("")


def test_a_double_click_makes_one_comment(page: Page) -> None:
    write(page, f"{WORDS} Twice.")
    page.get_by_role("button", name="Post comment").dblclick()
    expect(comment_of(page, "Twice.")).to_be_focused()
    page.reload()
    page.goto(f"{POST}?sort=newest")
    expect(comment_of(page, "Twice.")).to_have_count(1)


def test_sent_again_after_a_lost_answer_it_is_one_comment(page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    write(page, f"{WORDS} Lost.")
    page.route("**/answer/", lose, times=1)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("#problems")).to_contain_text("Nothing is lost")
    expect(page.get_by_role("textbox", name="And why?")).to_have_value(f"{WORDS} Lost.")
    page.get_by_role("button", name="Post comment").click()
    expect(comment_of(page, "Lost.")).to_be_in_viewport()
    page.goto(f"{POST}?sort=newest")
    expect(comment_of(page, "Lost.")).to_have_count(1)


def test_an_error_keeps_the_words_and_takes_the_focus(page: Page) -> None:
    page.get_by_role("textbox", name="And why?").fill("x" * 10_001)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("alert").filter(has_text="too long")).to_be_focused()
    expect(page.get_by_role("textbox", name="And why?")).to_have_value("x" * 10_001)


def test_a_session_that_ended_gives_the_words_back(page: Page, site: BrowserSite) -> None:
    write(page, f"{WORDS} Still here.")
    site.manage("shell", "--no-imports", "-c", end_sessions("reader"))
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    page.get_by_label("E-mail").fill("reader@example.org")
    page.get_by_label("Password", exact=True).fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("textbox", name="And why?")).to_have_value(f"{WORDS} Still here.")
    expect(page.get_by_role("radio", name="Overlap").first).to_be_checked()


def test_a_preview_shows_what_would_be_posted(page: Page) -> None:
    write(page, "This is *quite* so.")
    page.get_by_role("button", name="Preview").first.click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_be_focused()
    expect(preview.locator("em")).to_have_text("quite")
    expect(page.get_by_role("textbox", name="And why?")).to_have_value("This is *quite* so.")


def test_a_second_click_on_reply_keeps_what_was_written(page: Page) -> None:
    open_reply(page)
    text = page.get_by_label("Your reply to")
    text.fill("Half a thought")
    page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
    expect(text).to_be_focused()
    expect(text).to_have_value("Half a thought")


def test_back_leads_through_filters_and_orders(page: Page) -> None:
    page.get_by_role("navigation", name="Filter").get_by_role("link", name="Same").click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?stance=same#discussion")
    page.get_by_role("navigation", name="Order").get_by_role("link", name="Newest").click()
    expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.get_by_role("link", name="All sides")).to_have_attribute("aria-current", "true")
    expect(page.locator("article.comment:not([data-stance=same])")).to_have_count(0)
    page.go_back()
    expect(page.locator("article.comment[data-stance=overlap]").first).to_be_attached()


def end_sessions(handle: str) -> str:
    """Return a program that ends all sessions of the person `handle`."""
    return (
        "from importlib import import_module; from django.conf import settings;"
        "from django.contrib.sessions.models import Session; from accounts.models import User;"
        f"pk = str(User.objects.get(handle={handle!r}).pk);"
        "[s.delete() for s in Session.objects.all() if s.get_decoded().get('_auth_user_id') == pk]"
    )


def test_a_comment_far_down_a_grown_page_is_found_and_writing_goes_on(page: Page) -> None:
    """Threads out of sight are not laid out; an address and the keyboard still lead into them."""
    page.evaluate(GROW, 400)
    last = page.locator("#threads > li").last
    assert last.evaluate("e => getComputedStyle(e).contentVisibility") == "auto"
    comment = last.locator("article.comment").first
    page.evaluate("id => { location.hash = id; }", comment.get_attribute("id"))
    expect(comment).to_be_in_viewport()
    comment.locator("a.who").focus()
    expect(comment.locator("a.who")).to_be_focused()


def test_a_long_comment_is_read_on_in_its_place(page: Page) -> None:
    write(page, "It takes a while to say, and then some more. " * 60 + "The very end.")
    page.get_by_role("button", name="Post comment").click()
    new = comment_of(page, "The very end.")
    expect(new).to_be_focused()
    permalink = new.locator(".when").get_attribute("href") or ""
    page.goto(f"{POST}?sort=newest")
    long = comment_of(page, "It takes a while to say")
    expect(long).not_to_contain_text("The very end.")
    address = f"{POST}?sort=newest#{long.get_attribute('id')}"
    long.get_by_role("link", name="Read on").click()
    expect(long).to_contain_text("The very end.")
    expect(long.locator(".comment__body")).to_be_focused()
    expect(long.get_by_role("link", name="Read on")).to_have_count(0)
    # A comment that an address names is unfolded: by permalink, by fragment, and by navigation.
    page.goto(permalink)
    expect(long).to_contain_text("The very end.")
    for leave in ("about:blank", POST):
        page.goto(leave)
        page.goto(address)
        expect(long).to_contain_text("The very end.")


def test_whoever_presses_too_much_reads_how_long_to_wait(page: Page, site: BrowserSite) -> None:
    site.manage("shell", "--no-imports", "-c", press_a_lot("reader"))
    page.locator("button.press").first.click()
    expect(page.locator("#problems")).to_contain_text("You have pressed a lot. Please wait")
    expect(page.locator("button.press").first).to_have_attribute("aria-pressed", "false")
    forget = "from comments.models import TakenBack; TakenBack.objects.all().delete()"
    site.manage("shell", "--no-imports", "-c", forget)  # others press on this site, too


def press_a_lot(handle: str) -> str:
    """Return a program that uses up the rate limit of reactions of the person `handle`."""
    return (
        "from django.utils import timezone; from accounts.models import User;"
        "from comments.models import TakenBack;"
        f"reader = User.objects.get(handle={handle!r}); now = timezone.now();"
        "TakenBack.objects.bulk_create(TakenBack(reader=reader, pressed_at=now) for _ in range(60))"
    )
