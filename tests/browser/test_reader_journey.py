"""Test a newcomer's journey: read, answer, learn of the approval, reply, see the stances."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, approve, comment_of, sign_up, time_passes, visitor

ANSWER = "Whoever writes the rota decides where we go, so it is one job."
REPLY = "I would say the rota comes first and the horizon after it."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_newcomer_answers_and_is_heard(
    browser: Browser, own_site: BrowserSite, scripts: bool
) -> None:
    """The main journey, with and without scripts."""
    with (
        visitor(browser, own_site, scripts=scripts) as newcomer,
        visitor(browser, own_site, "moderator", scripts=scripts) as moderator,
    ):
        reads_and_chooses(newcomer)
        sign_up(newcomer, own_site, "nell")
        link = answers_and_waits(newcomer)
        approve(moderator, ANSWER)
        learns_that_it_is_up(newcomer, scripts)
        time_passes(own_site)
        sees_where_readers_stand(newcomer, link)
        replies(newcomer)
        reads_what_came_of_it(newcomer)


def reads_and_chooses(page: Page) -> None:
    """Open the article from the front page, choose an answer to its question, and write."""
    page.goto("/")
    page.get_by_role("link", name="Management and leadership").first.click()
    expect(page.locator(".prose")).to_contain_text("For eleven years")
    page.locator("#question").get_by_role("link", name="Same").click()
    page.get_by_role("textbox", name="And why?").fill(ANSWER)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".kept")).to_contain_text("Your answer is kept: Same.")


def answers_and_waits(page: Page) -> str:
    """Post after signing up what was written before; the comment is shown as held.

    Return the comment's permalink.
    """
    expect(page.get_by_role("radio", name="Same")).to_be_checked()
    expect(page.get_by_role("textbox", name="And why?")).to_have_value(ANSWER)
    page.get_by_role("button", name="Post comment").click()
    own = comment_of(page, ANSWER)
    expect(own).to_contain_text("Only you see this yet")
    expect(own).to_have_attribute("data-stance", "same")
    return own.locator(".when").get_attribute("href") or ""


def learns_that_it_is_up(page: Page, scripts: bool) -> None:
    """See the dot on whatever page, and follow the notification, which marks it as read."""
    dot = page.locator(".masthead .dot")
    page.goto("/archive/")
    expect(dot).to_be_visible()
    page.locator(".masthead summary", has_text="nell").click()
    page.get_by_role("link", name="Notifications").click()
    expect(page.locator(".inbox")).to_contain_text(ANSWER)
    page.get_by_role("link", name="A moderator approved your comment").click()
    expect(comment_of(page, ANSWER)).to_be_in_viewport()
    page.goto("/me/notifications/")
    if not scripts:
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("heading", name="Earlier")).to_be_visible()
    expect(dot).to_have_count(0)


def sees_where_readers_stand(page: Page, link: str) -> None:
    """Open the approved comment at its permalink, and check that the answer counts."""
    page.goto(link)
    expect(comment_of(page, ANSWER)).to_be_in_viewport()
    expect(comment_of(page, ANSWER)).not_to_contain_text("Only you see this yet")
    expect(page.locator("#totals")).to_contain_text("Your answer: Same")
    expect(page.locator("[data-tally] [data-stance=same]")).to_have_attribute("data-count", "8")


def replies(page: Page) -> None:
    """Reply to the first comment of another reader, with another stance."""
    page.goto(POST)
    other = page.locator("article.comment").filter(has=page.get_by_role("link", name="Reply")).first
    other.get_by_role("link", name="Reply").click()
    form = page.locator("form.composer--reply")
    form.get_by_role("radio", name="Overlap").check()
    form.get_by_label("Your reply to").fill(REPLY)
    form.get_by_role("button", name="Post reply").click()
    expect(comment_of(page, REPLY)).to_have_attribute("data-depth", "1")


def reads_what_came_of_it(page: Page) -> None:
    """Open their own page, which lists both comments and their states."""
    page.goto("/me/comments/")
    expect(page.locator("main")).to_contain_text(ANSWER)
    expect(page.locator("main")).to_contain_text(REPLY)
