"""Test that what somebody signed out writes survives in its tab, and is nobody else's."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.test_drafts import sign_in
from tests.browser.visitors import POST, comment_of, time_passes, visitor

WORDS = "Half a thought about the rota, and the other half later."
KEPT = "Draft kept until you close this tab"
ANSWER = f"{POST}answer/"
KEYS = "() => Object.keys(sessionStorage).filter((key) => key.startsWith('signed-out:'))"


def begin(page: Page) -> None:
    """Choose an answer and begin to write, signed out."""
    page.goto(f"{ANSWER}?stance=same")
    expect(page.locator("[data-draft-state]")).to_have_text("")
    page.get_by_role("textbox").fill(WORDS)
    expect(page.locator("[data-draft-state]")).to_have_text(KEPT)


def test_words_survive_a_reload_and_the_way_back(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site) as page:
        begin(page)
        expect(page.get_by_role("status")).to_have_text(KEPT)
        page.reload()
        expect(page.get_by_role("textbox")).to_have_value(WORDS)
        page.goto("/about/")
        page.goto(ANSWER)
        expect(page.get_by_role("textbox")).to_have_value(WORDS)
        expect(page.get_by_role("radio", name="Same")).to_be_checked()
        expect(page.locator("[data-draft-state]")).to_have_text(KEPT)
        page.goto(f"{ANSWER}?stance=overlap")
        expect(page.get_by_role("textbox")).to_have_value(WORDS)
        expect(page.get_by_role("radio", name="Overlap")).to_be_checked()
        page.get_by_role("textbox").fill("")
        page.goto(ANSWER)
        expect(page.get_by_role("textbox")).to_have_value("")


def test_another_tab_and_another_form_have_nothing_of_them(
    browser: Browser, site: BrowserSite
) -> None:
    with visitor(browser, site) as page:
        begin(page)
        other = page.context.new_page()
        other.goto(ANSWER)
        expect(other.get_by_role("textbox")).to_have_value("")
        page.goto(POST)
        page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
        expect(page.get_by_role("textbox")).to_have_value("")


def test_they_are_gone_once_they_are_posted_or_somebody_signs_out(
    browser: Browser, site: BrowserSite
) -> None:
    time_passes(site)
    with visitor(browser, site) as page:
        begin(page)
        page.get_by_role("button", name="Continue").click()
        page.locator("main").get_by_role("link", name="Sign in").first.click()
        assert page.evaluate(KEYS) == [f"signed-out:{ANSWER}"]
        sign_in(page, site)
        page.get_by_role("button", name="Post comment").click()
        expect(comment_of(page, WORDS)).to_have_count(1)
        assert page.evaluate(KEYS) == []
        page.evaluate("() => sessionStorage.setItem('signed-out:/posts/x/answer/', '{}')")
        page.locator(".menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        assert page.evaluate(KEYS) == []


def test_a_tab_that_keeps_nothing_or_nonsense_breaks_nothing(
    browser: Browser, site: BrowserSite
) -> None:
    errors: list[str] = []
    with visitor(browser, site) as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        for words in ("no JSON", "7", "[[]]", '{"body": 7}'):
            page.goto(ANSWER)
            store = "([key, words]) => sessionStorage.setItem(key, words)"
            page.evaluate(store, [f"signed-out:{ANSWER}", words])
            page.reload()
            expect(page.get_by_role("textbox")).to_have_value("")
        page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
        page.get_by_role("textbox").fill(WORDS)
        expect(page.locator("[data-draft-state]")).to_have_text("")
    assert errors == []


def test_without_scripts_there_is_no_empty_line(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site, scripts=False) as plain:
        plain.goto(ANSWER)
        expect(plain.get_by_role("textbox")).to_be_visible()
        expect(plain.locator("[data-draft-state]")).to_be_hidden()
