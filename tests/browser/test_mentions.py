"""Test the list of people that is offered while a mention is typed, and what comes of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checks import NARROW, PHONE, badly_laid_out, inaccessible_anywhere, set_size
from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, comment_of, time_passes, visitor


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the post page as the demonstration's reader, without a rate limit in the way."""
    time_passes(site)
    with visitor(browser, site, "reader") as page:
        page.goto(POST)
        yield page


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="And why?")


def type_in(page: Page, words: str) -> Locator:
    """Type `words` into the composer, and return the list of people."""
    composer(page).press_sequentially(words)
    return page.get_by_role("listbox", name="People in this discussion")


def test_a_person_is_chosen_with_keys_and_hears_of_the_comment(
    page: Page, browser: Browser, site: BrowserSite
) -> None:
    page.get_by_role("radio", name="Overlap").first.check()
    people = type_in(page, "What do you say, @t")
    options = people.get_by_role("option")
    expect(options).to_contain_text(["Lucía Torres", "Thandi Ndlovu", "Tomasz Król"])
    expect(page.get_by_role("status")).to_have_text(
        "People found: 3. Choose with the arrow keys and Enter."
    )
    field = composer(page)
    for key, chosen in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 2), ("ArrowDown", 0)):
        field.press(key)
        expect(options.nth(chosen)).to_have_attribute("aria-selected", "true")
        expect(people.locator("[aria-selected=true]")).to_have_count(1)
        active = options.nth(chosen).get_attribute("id") or ""
        expect(field).to_have_attribute("aria-activedescendant", active)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("What do you say, @thandi_n ")
    expect(people).to_be_hidden()
    expect(page.get_by_role("status")).to_be_empty()
    expect(field).not_to_have_attribute("aria-activedescendant", active)
    # The author of the article takes part without a comment.
    type_in(page, "and @aut")
    options.first.click()
    expect(field).to_have_value("What do you say, @thandi_n and @author ")
    page.get_by_role("button", name="Post comment").click()
    new = comment_of(page, "What do you say,")
    expect(new.get_by_role("link", name="@author")).to_have_attribute("href", "/@author/")
    with visitor(browser, site, "author") as inbox:
        inbox.goto("/me/notifications/")
        row = inbox.locator(".inbox__row", has_text="mentioned you").first
        expect(row).to_contain_text("What do you say, @thandi_n and @author")


def test_escape_leaves_the_words_and_stays_until_they_change(page: Page) -> None:
    people = type_in(page, "So @th")
    expect(people).to_be_visible()
    composer(page).press("Escape")
    expect(people).to_be_hidden()
    composer(page).press("Enter")
    composer(page).press_sequentially("@tha")
    expect(people).to_be_visible()
    expect(composer(page)).to_have_value("So @th\n@tha")


@pytest.mark.parametrize("words", ["me@th", "\\@th", "@ th", "/@th"])
def test_nobody_is_asked_for_where_no_mention_begins(page: Page, words: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    people = type_in(page, words)
    # The answer to what is asked for later comes later.
    composer(page).press_sequentially(" @nn")
    expect(people).to_be_visible()
    assert [url.partition("begins=")[2] for url in asked if "participants" in url] == ["nn"]


@pytest.mark.parametrize("words", ["@zzzz", "@thandi_n"])
def test_no_list_opens_for_nobody_and_for_a_whole_handle(page: Page, words: str) -> None:
    with page.expect_response(lambda response: response.url.endswith(words[1:])) as answer:
        # At once: of a slow typist the first letters are asked for alone.
        composer(page).fill(words)
    answer.value.finished()
    people = page.get_by_role("listbox", name="People in this discussion")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(people).to_be_hidden()


def test_the_list_is_accessible_and_fits_a_phone(page: Page) -> None:
    people = type_in(page, "What do you say,\n\n@t")
    expect(people).to_be_visible()
    assert inaccessible_anywhere(page) == []
    assert badly_laid_out(page) == []
    for size in (PHONE, NARROW):
        set_size(page, size)
        composer(page).fill("")
        expect(people).to_be_hidden()
        type_in(page, "@t")
        expect(people).to_be_visible()
        box = people.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]


def test_a_reply_and_an_edit_offer_people_too(page: Page) -> None:
    page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
    reply = page.locator("form.composer--reply textarea")
    reply.press_sequentially("@nn")
    expect(page.locator("form.composer--reply [role=option]")).to_have_text("@nneka.obi Nneka Obi")
    reply.press("Enter")
    expect(reply).to_have_value("@nneka.obi ")
    page.get_by_role("radio", name="Overlap").first.check()
    composer(page).fill("Words to be changed.")
    page.get_by_role("button", name="Post comment").click()
    new = comment_of(page, "Words to be changed.")
    expect(new).to_be_focused()
    page.goto(f"/comments/{new.get_attribute('data-comment-id')}/edit/")
    field = page.get_by_role("textbox", name="Your comment")
    field.fill("")
    field.press_sequentially("@nn")
    page.get_by_role("option").first.click()
    expect(field).to_have_value("@nneka.obi ")


def test_without_scripts_a_mention_is_written_by_hand(browser: Browser, site: BrowserSite) -> None:
    time_passes(site)
    with visitor(browser, site, "reader", scripts=False) as page:
        page.goto(POST)
        page.get_by_role("radio", name="Overlap").first.check()
        composer(page).fill("By hand, @nneka.obi.")
        page.get_by_role("button", name="Post comment").click()
        link = comment_of(page, "By hand,").get_by_role("link", name="@nneka.obi")
        expect(link).to_have_attribute("href", "/@nneka.obi/")
