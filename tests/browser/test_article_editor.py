"""Test that an author's text outlives its page, and that the toolbar and pictures act on it."""

import base64
import contextlib
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.test_drafts import ALL_SAVED, LATER, copies
from tests.browser.visitors import time_passes, visitor

NEW = "/studio/posts/new/"
TEXT = "An hour of thought about rotas."
KEPT = "Here is what you typed and did not save"
# Drops or pastes a picture, as a program hands it over.
HAND_OVER = """(field, [kind, content, name]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type: "image/png" }));
    const options = { bubbles: true, cancelable: true };
    field.dispatchEvent(kind === "paste"
        ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
        : new DragEvent("drop", { ...options, dataTransfer: transfer }));
}"""
SELECT = "(field, [start, end]) => { field.focus(); field.setSelectionRange(start, end); }"


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the page of a new article, with a clock that the test holds, and without drafts."""
    time_passes(site)
    site.execute("DELETE FROM accounts_keptform")
    with visitor(browser, site, "author") as page:
        page.clock.install()
        page.goto(NEW)
        yield page
    site.execute("DELETE FROM accounts_keptform")


def text(page: Page) -> Locator:
    """Return the text of the article."""
    return page.get_by_label("Text", exact=True)


def state(page: Page) -> Locator:
    """Return the line that says where the text is."""
    return page.locator("[data-draft-state]")


def crash(page: Page) -> Page:
    """End the process of `page`, which can say nothing more; return a new one of that browser."""
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()
    return page.context.new_page()


def a_picture() -> str:
    """Return a small picture in base64."""
    file = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_a_text_survives_its_page_and_ends_when_it_is_saved(
    page: Page, browser: Browser, site: BrowserSite
) -> None:
    page.get_by_label("Title").fill("On rotas")
    expect(state(page)).to_have_text("Kept in this browser, not saved yet")
    page = crash(page)
    page.clock.install()
    page.goto(NEW)
    expect(page.get_by_label("Title")).to_have_value("On rotas")
    expect(page.get_by_text(KEPT)).to_be_visible()
    text(page).fill(TEXT)
    page.clock.run_for(LATER)
    page.wait_for_function(ALL_SAVED)
    expect(state(page)).to_contain_text("Kept on your account,")
    expect(state(page)).to_contain_text("Readers see it when you press “Publish now”.")
    with visitor(browser, site, "author", scripts=False) as elsewhere:
        elsewhere.goto(NEW)
        expect(text(elsewhere)).to_have_value(TEXT)
        expect(elsewhere.get_by_role("toolbar")).to_be_hidden()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Version 1, saved")).to_be_visible()
    assert copies(page) == []
    overtaken(page, site)


def overtaken(page: Page, site: BrowserSite) -> None:
    """Change the saved text in this browser alone, while a newer version is saved elsewhere."""
    page.route("**/me/drafts/save/", lambda route: route.abort())
    text(page).fill(f"{TEXT} Mine.")
    site.manage(
        *("shell", "--no-imports", "-c"),
        "from posts.actions import save_draft; from posts.models import Post;"
        "from accounts.models import User; post = Post.objects.latest('pk');"
        "save_draft(post, by=User.objects.get(handle='admin'), title='On rotas', body='Newer.')",
    )
    page.reload()
    expect(text(page)).to_have_value(f"{TEXT} Mine.")
    newer = page.get_by_text("A newer version was saved after you began this text.")
    expect(newer).to_be_visible()
    page.get_by_role("button", name="Discard mine, open what is saved").click()
    expect(text(page)).to_have_value("Newer.")
    expect(newer).to_be_hidden()
    page.get_by_role("button", name="Bring back what I typed").click()
    expect(text(page)).to_have_value(f"{TEXT} Mine.")
    page.get_by_role("button", name="Save mine as the newest").click()
    expect(page.get_by_text("Version 3, saved")).to_be_visible()
    expect(text(page)).to_have_value(f"{TEXT} Mine.")


def test_the_toolbar_is_one_stop_with_keys(page: Page) -> None:
    field = text(page)
    field.fill("one two three")
    field.evaluate(SELECT, [4, 7])
    for chord, written in (
        ("Control+b", "one **two** three"),
        ("Control+b", "one two three"),
        ("Control+i", "one *two* three"),
        ("Control+z", "one two three"),
        ("Control+k", "one [two](https://) three"),
    ):
        field.press(chord)
        expect(field).to_have_value(written)
    page.keyboard.type("x.example")
    expect(field).to_have_value("one [two](x.example) three")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Heading")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Picture")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Standfirst")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="List", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("- one [two](x.example) three")


def test_every_format_acts_on_the_lines_that_are_chosen(page: Page) -> None:
    field = text(page)
    for name, written, again in (
        ("Heading", "## a\n## b", "a\nb"),
        ("Quotation", "> a\n> b", "a\nb"),
        ("List", "- a\n- b", "a\nb"),
        ("Numbered list", "1. a\n2. b", "a\nb"),
    ):
        button = page.get_by_role("button", name=name, exact=True)
        field.fill("a\nb")
        field.evaluate(SELECT, [0, 3])
        button.click()
        expect(field).to_have_value(written)
        button.click()
        expect(field).to_have_value(again)
    field.fill("A claim.")
    page.get_by_role("button", name="Footnote").click()
    page.keyboard.type("Its source.")
    expect(field).to_have_value("A claim.[^1]\n\n[^1]: Its source.")
    page.clock.run_for(LATER)
    expect(page.locator("[data-length]")).to_have_text("Words: 5. Minutes to read: 1.")


def test_the_buttons_stay_in_sight_on_a_phone_and_cover_no_field(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    buttons = page.locator(".editor__buttons")
    for field in ("Title", "Standfirst", "Address"):
        page.get_by_label(field).focus()
        bar, typed = buttons.bounding_box(), page.locator(":focus").bounding_box()
        assert bar is not None
        assert typed is not None
        assert typed["y"] + typed["height"] <= bar["y"]
        assert bar["y"] + bar["height"] <= 700.5
        assert bar["height"] < 70


def test_a_picture_comes_to_the_cursor_with_a_place_for_its_description(page: Page) -> None:
    field = text(page)
    for kind in ("paste", "drop"):
        field.fill("Before.\n\nAfter.")
        field.evaluate(SELECT, [7, 7])
        field.evaluate(HAND_OVER, [kind, a_picture(), "tea.png"])
        expect(page.locator("#status")).to_contain_text("Type its description")
        page.keyboard.type("Tea")
        expect(page.locator(".markdownx-preview")).to_contain_text("Before.")
        value = field.input_value()
        assert value.startswith("Before.\n\n![Tea](/media/")
        assert value.endswith(".png)\n\nAfter.")
        page.evaluate("document.getElementById('status').textContent = ''")
    field.evaluate(HAND_OVER, ["drop", base64.b64encode(b"<svg/>").decode(), "tea.png"])
    expect(page.get_by_text("This is a drawing or a page")).to_be_visible()
    assert field.input_value() == value


def test_a_second_picture_goes_behind_the_first_and_not_into_its_description(page: Page) -> None:
    field = text(page)
    for number in (1, 2):
        field.evaluate(HAND_OVER, ["paste", a_picture(), "tea.png"])
        expect(page.locator("#status")).to_contain_text("Type its description")
        page.keyboard.type(f"Tea {number}")
        page.evaluate("document.getElementById('status').textContent = ''")
    described = re.findall(r"!\[(.*?)\]\(/media/[^)]*\)\n\n", field.input_value())
    assert described == ["Tea 1", "Tea 2"]
