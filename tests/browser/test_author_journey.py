"""Test an author's journey: write a follow-up, preview it, ask a question, publish it."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import visitor

TITLE = "Walls and doors"
TEXT = "A manager owes the organisation an answer.\n\n## And the team\n\nShe owes them *another*."


def test_an_author_writes_and_publishes_a_follow_up(
    browser: Browser, own_site: BrowserSite
) -> None:
    """The journey of an author, from the first word to a reader's first answer."""
    with visitor(browser, own_site, "author") as author, visitor(browser, own_site) as anybody:
        writes(author)
        asks(author)
        assert anybody.goto("/posts/walls-and-doors/").status == 404  # type: ignore[union-attr]
        publishes(author)
        anybody.goto("/")
        anybody.get_by_role("link", name=TITLE).first.click()
        expect(anybody.locator(".prose")).to_contain_text("owes the organisation")
        expect(anybody.locator("#question")).to_contain_text("Which duty comes first?")
        expect(anybody.locator(".choice")).to_have_count(2)


def writes(page: Page) -> None:
    """Write a draft with the preview beside it, and save it."""
    page.goto("/studio/")
    page.get_by_role("link", name="Write an article").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Text").fill(TEXT)
    preview = page.locator(".markdownx-preview")
    expect(preview.get_by_role("heading", name="And the team")).to_be_visible()
    expect(preview.locator("em")).to_have_text("another")
    head = page.locator("[data-preview-head] p")
    page.get_by_label("Standfirst").fill("Why read this.")
    expect(head).to_have_text([TITLE, "Why read this."])
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Version 1, saved")).to_be_visible()


def asks(page: Page) -> None:
    """Set the closing question with two answers."""
    page.get_by_role("link", name="Question", exact=True).click()
    page.get_by_label("The question").fill("Which duty comes first?")
    expect(page.locator("[data-arranges]")).to_be_visible()  # the scripts have begun
    page.get_by_role("button", name="Your own from empty rows").click()
    words = page.get_by_label("Word")
    expect(words.first).to_be_focused()
    for number, word in enumerate(("Downwards", "Upwards")):
        words.nth(number).fill(word)
    seen = page.locator("#seen-now strong")
    expect(seen).to_have_text(["Downwards", "Upwards"])
    page.get_by_role("button", name="Add an answer").click()
    expect(words.nth(2)).to_be_focused()
    page.get_by_role("button", name="Remove this answer").last.click()
    expect(words).to_have_count(2)
    orders(page, seen)
    page.get_by_role("button", name="Save the question").click()
    expect(page.locator(".notice").first).to_be_visible()


def orders(page: Page, seen: Locator) -> None:
    """Move an answer up by its arrow, down by its grip, and up again by the other's arrow."""
    status = page.locator("#status")
    page.locator("[data-move=up]").last.click()
    expect(status).to_have_text("“Upwards” is now 1 of 2.")
    expect(page.locator("[data-move=down]").first).to_be_focused()
    expect(seen).to_have_text(["Upwards", "Downwards"])
    page.locator("[data-row] summary").first.click()
    grips = page.locator("[data-grip]")
    grips.first.drag_to(grips.last, target_position={"x": 5, "y": 40}, force=True)
    expect(seen).to_have_text(["Downwards", "Upwards"])
    page.locator("[data-move=down]").first.click()
    expect(seen).to_have_text(["Upwards", "Downwards"])


def publishes(page: Page) -> None:
    """Publish the post at once, and open it as its readers do."""
    page.get_by_role("link", name="Text", exact=True).click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".badge").first).to_have_text("published")
