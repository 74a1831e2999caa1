"""Test what a form says of its draft while one types: where the words are, or that they are not."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.test_interaction import end_sessions
from tests.browser.visitors import (  # noqa: F401 (the fixture)
    POST,
    page_with_a_clock,
    time_passes,
    visitor,
)

WORDS = "Half a thought about the rota, and the other half later."
SAVED = re.compile(r"/me/drafts/save/$")
IN_BROWSER, ON_ACCOUNT = "Draft saved in this browser", "Draft saved on your account"
KEPT = "Your words are kept in this browser."
# Milliseconds after the last change at which the account has surely been asked.
LATER = 6_000
# Collects what the line for screen readers has said, one item for each change.
LISTEN = """() => {
    window.heard = [];
    const line = document.getElementById("status");
    new MutationObserver(() => window.heard.push(line.textContent))
        .observe(line, { childList: true });
}"""
# Measures a field and the page, wherever the window has scrolled to.
LAYOUT = """(field) => {
    const { top, height } = field.getBoundingClientRect();
    return [top + window.scrollY, height, document.documentElement.scrollHeight];
}"""
POST_A_COMMENT = (
    "from accounts.models import User; from comments.actions.comments import Draft, post_comment;"
    "from posts.models import Post; post = Post.objects.get(slug='management-and-leadership');"
    "reader = User.objects.get(handle='reader');"
    "stance = post.question.stances.get(key='overlap');"
    "print(post_comment(Draft(reader, post, 'One that is changed.', stance=stance)).comment.pk)"
)


def state(page: Page, form: str = "#answer-form") -> Locator:
    """Return the line of `form` that says where the draft is."""
    return page.locator(f"{form} [data-draft-state]")


def text(page: Page) -> Locator:
    """Return the text of the composer under the question."""
    return page.locator("#answer-form textarea")


def assert_says(page: Page, form: str) -> None:
    """Type into the first text of `form`, and read where the words are, without any movement."""
    field = page.locator(f"{form} textarea").first
    expect(state(page, form)).to_have_text("")
    before = field.evaluate(LAYOUT)
    field.press_sequentially("Half a thought.")
    expect(state(page, form)).to_have_text(IN_BROWSER)
    page.clock.run_for(LATER)
    expect(state(page, form)).to_have_text(ON_ACCOUNT)
    page.clock.run_for(LATER)
    assert field.evaluate(LAYOUT) == before


def test_every_form_of_a_reader_says_where_the_words_are(page: Page, site: BrowserSite) -> None:
    time_passes(site)
    own = site.manage("shell", "--no-imports", "-c", POST_A_COMMENT).split()[-1]
    assert_says(page, "#answer-form")
    page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
    assert_says(page, "form.composer--reply")
    link = page.locator("article.comment a[href$='/changes/']").first
    other = (link.get_attribute("href") or "").split("/")[2]
    for address in (
        f"/comments/{other}/changes/",
        f"/comments/{other}/flags/",
        f"/comments/{own}/edit/",
        f"{POST}changes/",
    ):
        page.goto(address)
        assert_says(page, "main form[data-draft]")


def test_the_summary_of_an_author_says_so(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site, "author") as page:
        page.clock.install()
        page.goto(f"{POST}closing/edit/")
        assert_says(page, "main form[data-draft]")


def test_screen_readers_hear_each_place_once(page: Page) -> None:
    page.evaluate(LISTEN)
    for words in ("One", " and another", " and a third."):
        text(page).press_sequentially(words)
        expect(state(page)).to_have_text(IN_BROWSER)
        page.clock.run_for(LATER)
        expect(state(page)).to_have_text(ON_ACCOUNT)
    assert page.evaluate("window.heard") == [IN_BROWSER, ON_ACCOUNT]
    expect(page.locator("#status")).to_have_attribute("role", "status")


def test_a_failed_save_is_said_once_until_one_succeeds(page: Page) -> None:
    page.evaluate(LISTEN)
    page.route(SAVED, lambda route: route.abort())
    said = f"That was not saved. {KEPT}"
    for words in ("One", " and another"):
        text(page).press_sequentially(words)
        page.clock.run_for(LATER)
        expect(state(page)).to_have_text(said)
    page.unroute(SAVED)
    text(page).press_sequentially(" and a third.")
    expect(state(page)).to_have_text(said)
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text(ON_ACCOUNT)
    assert page.evaluate("window.heard") == [IN_BROWSER, said, ON_ACCOUNT]


def test_offline_it_says_so_and_saves_once_it_is_online(page: Page) -> None:
    page.context.set_offline(True)
    text(page).fill(WORDS)
    expect(state(page)).to_have_text(f"You are offline. {KEPT}")
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text(f"You are offline. {KEPT}")
    with page.expect_response(SAVED):
        page.context.set_offline(False)
    expect(state(page)).to_have_text(ON_ACCOUNT)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (413, f"Too long to save. {KEPT}"),
        (429, f"That was not saved. {KEPT}"),
        (500, f"That was not saved. {KEPT}"),
    ],
)
def test_a_refusal_says_why(page: Page, status: int, sentence: str) -> None:
    page.route(SAVED, lambda route: route.fulfill(status=status))
    text(page).fill(WORDS)
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text(sentence)


def test_after_the_session_has_ended_it_says_so(page: Page, site: BrowserSite) -> None:
    site.manage("shell", "--no-imports", "-c", end_sessions("reader"))
    text(page).fill(WORDS)
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text(f"You are signed out. {KEPT}")


def test_a_browser_that_keeps_nothing_is_not_said_to_keep_the_words(page: Page) -> None:
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    text(page).fill(WORDS)
    expect(state(page)).to_have_text("")
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text(ON_ACCOUNT)
    page.route(SAVED, lambda route: route.abort())
    text(page).fill(f"{WORDS} More.")
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text("Not saved. Copy your words before you leave.")


def test_nothing_is_said_of_words_that_are_gone(page: Page) -> None:
    text(page).fill(WORDS)
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text(ON_ACCOUNT)
    text(page).fill("")
    assert state(page).text_content() == ""  # at once, and not when the account has answered
    page.clock.run_for(LATER)
    expect(state(page)).to_have_text("")


def test_signed_out_in_another_tab_the_words_are_not_said_to_be_kept(page: Page) -> None:
    other = page.context.new_page()
    other.goto(POST)
    text(page).fill(WORDS)
    other.locator(".menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Sign in").first).to_be_visible()
    text(page).fill(f"{WORDS} More.")
    expect(state(page)).to_have_text("Not saved. Copy your words before you leave.")


def test_without_scripts_there_is_no_empty_line(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site, "reader", scripts=False) as plain:
        plain.goto(POST)
        expect(plain.locator("#answer-form textarea")).to_be_visible()
        expect(state(plain)).to_be_hidden()
