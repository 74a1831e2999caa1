"""Test that nothing typed is lost: in the browser at once, on the account soon after."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.test_interaction import end_sessions
from tests.browser.visitors import (  # noqa: F401 (the fixture)
    POST,
    comment_of,
    page_with_a_clock,
    time_passes,
    visitor,
)

WORDS = "Half a thought about the rota, and the other half later."
KEPT = "kept as you left it"
SAVED = re.compile(r"/me/drafts/save/$")
THROW_AWAY = "Throw this draft away"
ALL_SAVED = """() => Object.entries(localStorage)
    .filter(([key]) => key.startsWith("draft:"))
    .every(([, copy]) => !JSON.parse(copy).isUnsaved)"""
# Milliseconds: what a person does before the browser is closed.
SOON, LATER = 1_000, 6_000


@pytest.fixture(autouse=True)
def clean(site: BrowserSite) -> Iterator[None]:
    """Begin and end without drafts, and without a rate limit in the way.

    A window that is closed still sends what it has, perhaps after the end of its test.
    """
    time_passes(site)
    site.execute("DELETE FROM accounts_keptform")
    yield
    site.execute("DELETE FROM accounts_keptform")


def body(page: Page) -> Locator:
    """Return the text of the composer under the question."""
    return page.locator("#answer-form textarea")


def reply(page: Page) -> Locator:
    """Return the text of the reply that is open."""
    return page.locator("form.composer--reply textarea")


def open_reply(page: Page) -> str:
    """Open the composer of a reply to the first comment, and return that comment's id."""
    link = page.locator("article.comment footer").get_by_role("link", name="Reply").first
    parent = link.get_attribute("data-reply") or ""
    link.click()
    expect(reply(page)).to_be_visible()
    return parent


def mark_of(page: Page, parent: str) -> Locator:
    """Return the mark of a comment to which a reply is being written."""
    return page.locator(f"#comment-{parent} .your-draft")


def save(page: Page) -> None:
    """Let six seconds pass, and wait until the account has answered."""
    page.clock.run_for(LATER)
    page.wait_for_function(ALL_SAVED)


def crash(page: Page) -> Page:
    """End the process of `page`, which can say nothing more; return a new one of that browser."""
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()
    return page.context.new_page()


def copies(page: Page) -> list[str]:
    """Return the names of the drafts in the store of the browser."""
    return [
        key for key in page.evaluate("() => Object.keys(localStorage)") if key.startswith("draft:")
    ]


def test_a_reply_survives_cancel_reload_back_another_tab_and_signing_in(
    page: Page, site: BrowserSite
) -> None:
    """The way of one reply from its first words until it is posted, once."""
    parent = open_reply(page)
    reply(page).fill(WORDS)
    page.locator("form.composer--reply").get_by_role("radio", name="Overlap").check()
    page.get_by_role("link", name="Cancel").click()
    expect(mark_of(page, parent)).to_have_text("Your draft")
    expect(page.locator("#status")).to_have_text("Your draft is kept.")
    page.reload()
    mark_of(page, parent).click()
    expect(reply(page)).to_have_value(WORDS)
    expect(page.locator("form.composer--reply")).to_contain_text(KEPT)
    page.goto("/about/")
    page.go_back()
    mark_of(page, parent).click()
    expect(reply(page)).to_have_value(WORDS)
    other = page.context.new_page()
    other.goto(f"{POST}answer/?parent={parent}")
    expect(other.locator("textarea")).to_have_value(WORDS)
    site.manage("shell", "--no-imports", "-c", end_sessions("reader"))
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    sign_in(page, site)
    expect(page.locator("textarea")).to_have_value(WORDS)
    expect(page.get_by_role("radio", name="Overlap")).to_be_checked()
    page.get_by_role("button", name="Post reply").click()
    expect(comment_of(page, WORDS)).to_have_count(1)
    other.goto("/about/")  # which takes its turn behind what was sent at leaving
    page.goto(POST)
    expect(page.locator("[data-draft-others]")).to_have_count(0)
    expect(mark_of(page, parent)).to_have_count(0)
    assert copies(page) == []


def sign_in(page: Page, site: BrowserSite) -> None:
    """Sign in as the reader, by the password."""
    page.get_by_label("E-mail").fill("reader@example.org")
    page.get_by_label("Password", exact=True).fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_killed_after_a_second_the_browser_has_it(page: Page, browser: Browser) -> None:
    page.route(SAVED, lambda route: route.abort())
    body(page).fill(WORDS)
    page.get_by_role("radio", name="Overlap").first.check()
    page.clock.run_for(SOON)
    again = crash(page)
    again.goto(POST)
    expect(body(again)).to_have_value(WORDS)
    expect(again.get_by_role("radio", name="Overlap").first).to_be_checked()
    expect(again.locator("#answer-form")).to_contain_text(KEPT)


def test_killed_after_six_seconds_another_device_has_it(
    page: Page, browser: Browser, site: BrowserSite
) -> None:
    body(page).fill(WORDS)
    parent = open_reply(page)
    save(page)
    reply(page).fill(f"{WORDS} To you.")
    save(page)
    crash(page)
    with visitor(browser, site, "reader") as elsewhere:
        elsewhere.goto(POST)
        expect(body(elsewhere)).to_have_value(WORDS)
        mark_of(elsewhere, parent).click()
        expect(reply(elsewhere)).to_have_value(f"{WORDS} To you.")
    with visitor(browser, site, "reader", scripts=False) as plain:
        plain.goto(POST)
        plain.get_by_role("link", name="Carry on with it").first.click()
        expect(plain.get_by_text(f"{WORDS} To you.")).to_be_visible()
        plain.goto(f"{POST}answer/")
        expect(plain.locator("textarea")).to_have_value(WORDS)
        plain.get_by_role("button", name=THROW_AWAY).click()
        expect(plain.locator("textarea")).to_have_value("")
        plain.get_by_role("button", name="Bring it back").click()
        expect(plain.locator("textarea")).to_have_value(WORDS)


def test_left_at_once_the_account_has_it(page: Page, browser: Browser, site: BrowserSite) -> None:
    body(page).fill(WORDS)
    page.goto("/about/")  # which takes its turn behind what was sent before
    with visitor(browser, site, "reader") as elsewhere:
        elsewhere.goto(f"{POST}answer/")
        expect(elsewhere.locator("textarea")).to_have_value(WORDS)


def test_the_newer_of_the_two_is_shown(page: Page, browser: Browser, site: BrowserSite) -> None:
    body(page).fill(WORDS)
    save(page)
    with visitor(browser, site, "reader") as elsewhere:
        elsewhere.clock.install()
        elsewhere.goto(POST)
        expect(body(elsewhere)).to_have_value(WORDS)
        body(elsewhere).fill("Written elsewhere, later.")
        save(elsewhere)
    page.reload()
    expect(body(page)).to_have_value("Written elsewhere, later.")
    page.route(SAVED, lambda route: route.abort())
    body(page).fill("Written here, last, without a network.")
    page.reload()
    expect(body(page)).to_have_value("Written here, last, without a network.")


def test_two_tabs_change_one_draft_and_the_last_change_wins(page: Page) -> None:
    errors: list[str] = []
    other = page.context.new_page()
    other.clock.install()
    for tab in (page, other):
        tab.on("pageerror", lambda error: errors.append(str(error)))
    other.goto(POST)
    body(page).fill("The first tab.")
    body(other).fill("The second tab.")
    save(page)
    save(other)
    body(page).fill("The first tab again.")
    save(page)
    for tab in (page, other):
        tab.reload()
        expect(body(tab)).to_have_value("The first tab again.")
    assert errors == []


def test_posting_ends_it_in_both_places(page: Page, site: BrowserSite) -> None:
    parent = open_reply(page)
    page.locator("form.composer--reply").get_by_role("radio", name="Overlap").check()
    reply(page).fill(f"{WORDS} Posted.")
    save(page)
    page.get_by_role("button", name="Post reply").click()
    expect(comment_of(page, "Posted.")).to_be_focused()
    assert copies(page) == []
    page.reload()
    expect(mark_of(page, parent)).to_have_count(0)
    mine = comment_of(page, "Posted.")
    mine.get_by_role("link", name="Edit").click()
    page.get_by_label("Your comment").fill(f"{WORDS} Posted, and mended.")
    save(page)
    page.reload()
    expect(page.get_by_label("Your comment")).to_have_value(f"{WORDS} Posted, and mended.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your comment is changed.")).to_be_visible()
    assert copies(page) == []
    page.goto("/me/drafts/")
    expect(page.get_by_role("heading", name="My drafts")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)


def test_thrown_away_in_one_press_and_brought_back(page: Page) -> None:
    for name in ("#answer-form", "form.composer--reply"):
        form = page.locator(name)
        text = form.locator("textarea")
        if name != "#answer-form":
            open_reply(page)
        text.fill(WORDS)
        save(page)
        page.reload()
        if name != "#answer-form":
            page.locator(".your-draft").click()
        expect(text).to_have_value(WORDS)
        form.get_by_role("button", name=THROW_AWAY).click()
        expect(form.get_by_text("You have thrown away")).to_be_focused()
        expect(text).to_have_value("")
        assert copies(page) == []
        form.get_by_role("button", name="Bring it back").click()
        expect(text).to_have_value(WORDS)
        form.get_by_role("button", name=THROW_AWAY).click()
        expect(text).to_have_value("")


def test_signing_out_wipes_it_and_nobody_else_sees_it(page: Page, site: BrowserSite) -> None:
    body(page).fill(WORDS)
    save(page)
    other_tab = page.context.new_page()
    other_tab.goto(f"{POST}answer/")
    assert len(copies(page)) == 1
    body(page).fill(f"{WORDS} And more.")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert copies(page) == []
    other_tab.locator("textarea").fill("Typed after that.")
    assert copies(other_tab) == []
    page.context.add_cookies([site.session("moderator")])  # type: ignore[list-item]
    page.goto(POST)
    expect(body(page)).to_have_value("")
    page.context.clear_cookies()
    page.context.add_cookies([site.session("reader")])  # type: ignore[list-item]
    page.goto(POST)
    expect(body(page)).to_have_value(f"{WORDS} And more.")


def test_another_person_sees_nothing_of_what_the_browser_has(page: Page, site: BrowserSite) -> None:
    page.route(SAVED, lambda route: route.abort())
    body(page).fill(WORDS)
    page.context.clear_cookies()
    page.context.add_cookies([site.session("moderator")])  # type: ignore[list-item]
    page.goto(POST)
    expect(body(page)).to_have_value("")
    assert len(copies(page)) == 1


def test_a_session_that_ended_loses_nothing_and_says_nothing(page: Page, site: BrowserSite) -> None:
    site.manage("shell", "--no-imports", "-c", end_sessions("reader"))
    body(page).fill(WORDS)
    with page.expect_response(SAVED) as refused:
        page.clock.run_for(LATER)
    assert refused.value.status == 403
    expect(page.locator("#problems")).to_be_empty()
    page.context.add_cookies([site.session("reader")])  # type: ignore[list-item]
    page.goto(POST)
    expect(body(page)).to_have_value(WORDS)


def test_words_typed_signed_out_become_a_draft(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{POST}answer/?stance=same")
        page.get_by_role("textbox").fill(WORDS)
        page.get_by_role("button", name="Continue").click()
        page.locator("main").get_by_role("link", name="Sign in").first.click()
        sign_in(page, site)
        expect(page.locator("textarea")).to_have_value(WORDS)
        page.goto(POST)
        expect(body(page)).to_have_value(WORDS)


def test_a_hostile_or_missing_store_breaks_nothing(page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    body(page).fill(WORDS)
    save(page)
    [key] = copies(page)
    for words in ("no JSON", "7", "{}", '{"at": 9e15, "base": 0, "fields": {"body": 7}}', "[[]]"):
        page.evaluate("([key, words]) => localStorage.setItem(key, words)", [key, words])
        page.reload()
        expect(body(page)).to_have_value(WORDS)
    full = "() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }"
    page.evaluate(full)
    body(page).fill(f"{WORDS} More.")
    with page.expect_response(SAVED):
        page.clock.run_for(LATER)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });"
    )
    page.reload()
    expect(body(page)).to_have_value(f"{WORDS} More.")
    assert errors == []


def test_a_browser_keeps_a_number_of_them(page: Page) -> None:
    page.evaluate("""() => {
        for (let each = 0; each < 60; each += 1) {
            const copy = { at: Date.now() - 60 + each, base: 0, isUnsaved: true, fields: {} };
            localStorage.setItem(`draft:9:/${each}/`, JSON.stringify(copy));
        }
    }""")
    body(page).fill(WORDS)
    kept = copies(page)
    assert len(kept) == 50
    assert "draft:9:/59/" in kept
    assert "draft:9:/0/" not in kept


def test_a_browser_forgets_them_after_a_month_whoever_wrote_them(page: Page) -> None:
    page.route(SAVED, lambda route: route.abort())
    body(page).fill(WORDS)
    page.evaluate("""() => {
        for (const days of [29, 31]) {
            const at = Date.now() - days * 24 * 60 * 60 * 1000;
            const copy = { at, base: 0, isUnsaved: true, fields: { body: ["Old words"] } };
            localStorage.setItem(`draft:9:/${days}/`, JSON.stringify(copy));
        }
    }""")
    page.goto("/about/")
    page.wait_for_function("() => !localStorage.getItem('draft:9:/31/')")
    assert len(copies(page)) == 2
    assert "draft:9:/29/" in copies(page)


def lock(parent: str, change: str) -> str:
    """Return a program that locks or unlocks the thread of the comment `parent`."""
    return (
        "from accounts.models import User; from comments.models import Comment;"
        "from comments.moderation.actions.threads import lock, unlock;"
        f"{change}(Comment.objects.get(pk={parent}), by=User.objects.get(handle='moderator'),"
        f" reason={'heated' if change == 'lock' else 'settled'!r})"
    )


def test_a_thread_closed_meanwhile_shows_the_words(page: Page, site: BrowserSite) -> None:
    page.route(SAVED, lambda route: route.abort())
    page.route(re.compile(r"/drafts/$"), lambda route: route.abort())  # nor can it be asked
    parent = open_reply(page)
    reply(page).fill(WORDS)
    site.manage("shell", "--no-imports", "-c", lock(parent, "lock"))
    page.reload()
    mark_of(page, parent).click()
    told = page.locator(f"#reply-slot-{parent}")
    expect(told).to_contain_text("has been locked")
    expect(told.get_by_label("What you were writing here, to copy")).to_have_value(WORDS)
    site.manage("shell", "--no-imports", "-c", lock(parent, "unlock"))
