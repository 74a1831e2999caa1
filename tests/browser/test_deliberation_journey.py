"""Test a reader's journey: answer, find a comment well argued, change their mind."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, choose, comment_of, visitor

ANSWER = "Both need the same nerve, and I have seen both lose it on the same day."
WORDS = "You showed me that nobody asked the one who moved the meeting, and she led all the same."
SETTLED = (
    "from datetime import timedelta; from django.utils import timezone;"
    "from comments.actions.comments import Draft, post_comment;"
    "from comments.actions.comments import answer_question;"
    "from accounts.models import User; from posts.models import Post;"
    "post = Post.objects.get(slug='management-and-leadership');"
    "reader, author = (User.objects.get(handle=h) for h in ('reader', 'author'));"
    "then = timezone.now() - timedelta(days=3);"
    "stances = {s.key: s for s in post.question.stances.all()};"
    "post_comment(Draft(author, post, 'Nobody asked her, and they followed.',"
    " stance=stances['overlap']), now=then);"
    "answer_question(reader=reader, question=post.question, stance=stances['same'], now=then)"
)
THEIRS = "Nobody asked her, and they followed."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_mind_is_changed_and_that_is_seen(
    browser: Browser, own_site: BrowserSite, scripts: bool
) -> None:
    """The journey of deliberation, with and without scripts."""
    own_site.manage("shell", "--no-imports", "-c", SETTLED)
    with (
        visitor(browser, own_site, "reader", scripts=scripts) as reader,
        visitor(browser, own_site, "author", scripts=scripts) as author,
        visitor(browser, own_site) as anybody,
    ):
        presses(reader)
        answers(reader)
        says_what_changed(reader)
        confirms(author)
        sees_how_answers_moved(anybody)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_discussion_is_summed_up_and_judged(
    browser: Browser, own_site: BrowserSite, scripts: bool
) -> None:
    """An author changes the summary and cites somebody else; a reader says what it is worth."""
    with (
        visitor(browser, own_site, "author", scripts=scripts) as author,
        visitor(browser, own_site, "reader", scripts=scripts) as reader,
        visitor(browser, own_site) as anybody,
    ):
        sums_up(author)
        judges(reader)
        anybody.goto(POST)
        expect(anybody.locator(".summary")).to_contain_text("have to judge it.")
        anybody.get_by_role("link", name="The whole summary").click()
        expect(anybody.locator("main")).to_contain_text("judged again")
        expect(anybody.locator("main")).to_contain_text("2 more readers who answered Different")


def sums_up(page: Page) -> None:
    """Write the summary: missing citations are named, typed text stays, addresses are cited."""
    page.goto(POST)
    page.get_by_role("link", name="Change it").click()
    same = page.get_by_role("group", name="Same")
    # `all` waits for nothing: on the page before there is none to uncheck.
    expect(same.get_by_role("checkbox").first).to_be_visible()
    for box in same.get_by_role("checkbox").all():
        box.uncheck()
    words = page.get_by_role("textbox", name="Your summary")
    words.fill("Those who answer differently have taught me more than those who agree. " * 2)
    page.get_by_role("button", name="Save the summary").click()
    expect(page.get_by_role("alert")).to_contain_text("at least one comment for Same")
    expect(words).to_have_value(re.compile("taught me more"))
    same.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Save the summary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How the author sums it up")
    expect(page.locator("main")).to_contain_text("taught me more")


def judges(page: Page) -> None:
    """Give, change and withdraw a verdict."""
    page.goto(f"{POST}closing/")
    page.get_by_role("button", name="Fair", exact=True).click()
    expect(page.locator(".judge")).to_contain_text("You find it fair")
    page.get_by_role("button", name="Not quite").click()
    expect(page.locator(".judge")).to_contain_text("You find it not quite fair")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".judge")).not_to_contain_text("You find it")
    page.get_by_role("button", name="Fair", exact=True).click()
    expect(page.locator(".judge")).to_contain_text("You find it fair")


def presses(page: Page) -> None:
    """Find a comment well argued, which the comment then shows."""
    page.goto(f"{POST}?sort=newest")
    button = comment_of(page, THEIRS).get_by_role("button", name="Well argued")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    # With scripts it is pressed before the server says so.
    expect(button).not_to_have_attribute("aria-busy", "true")
    page.goto(f"{POST}?sort=newest")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(comment_of(page, THEIRS)).to_contain_text(re.compile(r"Well argued\s*1"))


def answers(page: Page) -> None:
    """Choose another answer than the comment's."""
    page.goto(POST)
    page.locator("#question").get_by_role("radio", name="Same").check()
    page.get_by_role("textbox", name="And why?").fill(ANSWER)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("#totals")).to_contain_text("Your answer: Same")


def says_what_changed(page: Page) -> None:
    """Write what changed their mind, with the new answer in the same form."""
    page.goto(f"{POST}?sort=newest")
    choose(comment_of(page, THEIRS), "Changed my mind")
    page.get_by_role("radio", name="My answer changed").check()
    page.get_by_role("radio", name="Overlap").check()
    page.get_by_role("textbox", name="What moved you").fill(WORDS)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("main")).to_contain_text(WORDS)
    page.goto(f"{POST}?sort=newest")
    expect(page.locator("#totals")).to_contain_text("Your answer: Overlap")
    expect(comment_of(page, THEIRS)).to_contain_text("Changed 1 mind")
    expect(comment_of(page, ANSWER)).to_contain_text("now")


def confirms(page: Page) -> None:
    """Confirm the credit as the comment's author, from the page of replies."""
    page.goto("/me/notifications/")
    expect(page.locator("main")).to_contain_text(WORDS)
    page.get_by_role("button", name="Yes, that was my point").click()
    expect(page.locator("main")).to_contain_text(": “Yes, that was my point.”")


def sees_how_answers_moved(page: Page) -> None:
    """Open the stance page, which shows the move and the reader's text."""
    page.goto(POST)
    page.get_by_role("link", name="Where readers stand").click()
    expect(page.get_by_role("heading", name="How answers moved")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile("at first|gave first"))
    page.get_by_role("link", name="What changed minds").click()
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.locator("main")).to_contain_text(": “Yes, that was my point.”")
