"""Test the editor of a question: its fields, its rows, and what it says of unsaved changes."""

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor

QUESTION = "/studio/posts/1/question/"
TRANSPARENT = "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_moment_is_asked_for_only_where_totals_wait(
    browser: Browser, site: BrowserSite, scripts: bool
) -> None:
    with visitor(browser, site, "author", scripts=scripts) as page:
        page.goto("/studio/")
        page.get_by_role("link", name="Write an article").click()
        page.get_by_label("Title").fill("A question of time")
        page.get_by_label("Text").fill("Is it time?")
        page.get_by_role("button", name="Save draft").click()
        page.get_by_role("link", name="Question", exact=True).click()
        moment = page.get_by_label("From when does everybody see where others stand?")
        expect(page.get_by_role("radio", name="Always")).to_be_checked()
        expect(moment).to_be_hidden()
        page.get_by_role("radio", name="Once they have answered").check()
        expect(moment).to_be_visible()
        expect(page.locator(".reveals .field__optional")).to_be_visible()
        page.get_by_role("radio", name="From a date on").check()
        expect(moment).to_be_visible()
        expect(page.locator(".reveals .field__optional")).to_be_hidden()
        page.get_by_role("radio", name="Always").check()
        expect(moment).to_be_hidden()


def change(page: Page) -> None:
    """Type into the question."""
    page.get_by_label("The question").press_sequentially(" Or not?")


def is_in_sight(page: Page) -> bool:
    """Return whether the button to save is in the window."""
    box = page.get_by_role("button", name="Save the question").last.bounding_box()
    assert box is not None
    return bool(0 <= box["y"] <= page.evaluate("innerHeight") - box["height"])


@pytest.mark.parametrize("width", [390, 1280])
def test_it_says_whether_something_is_not_saved(
    browser: Browser, site: BrowserSite, width: int
) -> None:
    with visitor(browser, site, "author") as page:
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(QUESTION)
        state = page.locator("[data-save-state]")
        expect(state).to_have_text("No changes")
        assert not is_in_sight(page)
        before = page.get_by_label("The question").input_value()
        change(page)
        expect(state).to_have_text("Unsaved changes")
        assert is_in_sight(page)
        page.get_by_label("The question").fill(before)
        expect(state).to_have_text("No changes")
        page.locator("[data-move=down]").first.click()
        expect(state).to_have_text("Unsaved changes")
        page.locator("[data-move=up]").nth(1).click()
        expect(state).to_have_text("No changes")
        page.get_by_role("button", name="Add an answer").click()
        expect(state).to_have_text("Unsaved changes")
        page.get_by_role("button", name="Remove this answer").click()
        expect(state).to_have_text("No changes")
        page.get_by_role("button", name="Save the question").last.click()
        expect(state).to_have_text("Saved")
        change(page)
        expect(state).to_have_text("Unsaved changes")


def test_unsaved_changes_are_not_left_unasked(browser: Browser, site: BrowserSite) -> None:
    with visitor(browser, site, "author") as page:
        asked: list[str] = []

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", answer)
        page.goto(QUESTION)
        page.goto("/studio/")
        assert not asked
        page.goto(QUESTION)
        change(page)
        page.get_by_role("link", name="Promises").click()
        expect(page.get_by_role("heading", name="What this article promises")).to_be_visible()
        assert asked == ["beforeunload"]


def test_without_scripts_nothing_is_said_of_what_is_saved(
    browser: Browser, site: BrowserSite
) -> None:
    with visitor(browser, site, "author", scripts=False) as page:
        page.goto(QUESTION)
        expect(page.locator("[data-save-state]")).to_have_text("")
        assert is_filled(page)
        expect(page.locator(".answers__press")).to_be_visible()
        expect(page.locator(".answers__drag")).to_be_hidden()


def is_filled(page: Page) -> bool:
    """Return whether the button to save is filled, away from the pointer."""
    button = page.get_by_role("button", name="Save the question").last
    return bool(button.evaluate("(b) => getComputedStyle(b).backgroundColor") != TRANSPARENT)


def test_the_button_to_save_is_filled_once_something_changed(
    browser: Browser, site: BrowserSite
) -> None:
    with visitor(browser, site, "author") as page:
        page.goto(QUESTION)
        expect(page.locator("[data-save-state]")).to_have_text("No changes")
        expect(page.locator(".answers__drag")).to_be_visible()
        expect(page.locator(".answers__press")).to_be_hidden()
        button = page.get_by_role("button", name="Save the question").last
        expect(button).to_be_enabled()
        expect(button).to_have_css("background-color", TRANSPARENT)
        change(page)
        expect(button).not_to_have_css("background-color", TRANSPARENT)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_words_of_answers_are_shown_whole(
    browser: Browser, site: BrowserSite, width: int
) -> None:
    with visitor(browser, site, "author") as page:
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(QUESTION)
        for shown in page.locator(".answer-row__shown > span").all():
            assert shown.evaluate("(span) => span.scrollWidth <= span.clientWidth")
        words, meanings = (
            [box["x"] for each in found.all() if (box := each.bounding_box())]
            for found in (
                page.locator(".answer-row [data-word]"),
                page.locator(".answer-row__shown > span + span"),
            )
        )
        assert max(words + meanings) - min(words + meanings) <= 1
        edit = page.locator(".answer-row__edit").first.bounding_box()
        arrow = page.locator("[data-move=down]").first.bounding_box()
        assert edit is not None
        assert arrow is not None
        middles = [box["y"] + box["height"] / 2 for box in (edit, arrow)]
        assert abs(middles[0] - middles[1]) <= 1
