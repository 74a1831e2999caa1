"""Test a moderator's journey: approve a comment, remove one with a reason, restore it."""

import re

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, approve, choose, comment_of, open_case, sign_up, visitor

FIRST = "I led for years without managing anybody."
RUDE = "Only a fool would write this article."
NOTE = "The point about the rota would have been enough."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_moderator_decides(browser: Browser, own_site: BrowserSite, scripts: bool) -> None:
    """The journey of a moderator, with and without scripts."""
    with (
        visitor(browser, own_site, "moderator", scripts=scripts) as moderator,
        visitor(browser, own_site, "reader", scripts=scripts) as reader,
        visitor(browser, own_site, scripts=scripts) as newcomer,
        visitor(browser, own_site, scripts=scripts) as anybody,
    ):
        newcomer.goto(f"/accounts/signup/?next={POST}answer/?stance=different")
        sign_up(newcomer, own_site, "nell")
        held = writes(newcomer, FIRST)
        assert status(anybody, held) == 404
        approve(moderator, FIRST)
        assert status(anybody, held) == 200

        rude = writes(reader, RUDE)
        reports(newcomer, rude)
        takes_down(moderator)
        assert status(anybody, rude) == 410
        reads_why(reader)
        puts_back(moderator, rude)
        assert status(anybody, rude) == 200
        expect(comment_of(anybody, RUDE)).to_be_in_viewport()
        assert_logged(moderator)


def writes(page: Page, words: str) -> str:
    """Post a comment and return its permanent address."""
    page.goto(f"{POST}answer/?stance=different")
    page.get_by_role("textbox", name="And why?").fill(words)
    page.get_by_role("button", name="Post comment").click()
    own = comment_of(page, words)
    return own.locator(".when").get_attribute("href") or ""


def status(page: Page, address: str) -> int:
    """Return the status that a visitor gets at `address`, after redirects."""
    response = page.goto(address)
    assert response is not None
    return response.status


def reports(page: Page, address: str) -> None:
    """Flag the comment at `address` with a reason."""
    page.goto(address)
    choose(comment_of(page, RUDE), "Report")
    page.get_by_role("radio").first.check()
    page.locator("main").get_by_role("button").first.click()
    expect(page.get_by_text("Thank you")).to_be_visible()


def takes_down(page: Page) -> None:
    """Remove the reported comment: a reason, and a note to its writer."""
    open_case(page, RUDE)
    page.locator("summary", has_text="Remove").click()
    page.locator(".reasons").get_by_role("radio").first.check()
    page.get_by_label("Note").fill(NOTE)
    page.get_by_role("button", name="Remove this comment").click()
    expect(page.locator(".done")).to_contain_text("removed")


def reads_why(page: Page) -> None:
    """Read the reason, the note and the removed text as its author."""
    page.goto("/me/comments/")
    expect(page.locator("main")).to_contain_text(RUDE)
    expect(page.locator("main")).to_contain_text(NOTE)


def puts_back(page: Page, address: str) -> None:
    """Restore the comment from its own page at the desk."""
    page.goto(f"/moderation{address}")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("restored").first).to_be_visible()


def assert_logged(page: Page) -> None:
    """Check that the log has one row for each decision."""
    page.goto("/moderation/log/")
    for decision in ("approved", "removed", "restored"):
        expect(page.locator("main")).to_contain_text(decision)


def box_of(part: Locator) -> FloatRect:
    """Return where `part` is."""
    box = part.bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_acts_of_a_case_are_one_row_that_ends_with_the_page(
    browser: Browser, site: BrowserSite, width: int
) -> None:
    with visitor(browser, site, "moderator") as page:
        page.set_viewport_size({"width": width, "height": 844})
        for queue in ("held", "flagged"):
            page.goto(f"/moderation/?queue={queue}")
            address = page.locator(".queue a").first.get_attribute("href")
            page.goto(str(address))
            bar, case = page.locator(".acts--bar"), page.locator(".case")
            assert len({round(box_of(act)["y"]) for act in bar.locator("> :not(p)").all()}) == 1
            end, edge = (box["x"] + box["width"] for box in (box_of(bar), box_of(case)))
            assert end <= (edge if width == 1280 else width) + 1
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            facts = box_of(page.locator(".facts"))
            assert facts["y"] + facts["height"] <= box_of(bar)["y"]


def test_keys_open_what_is_behind_more(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "moderator") as page:
        page.goto("/moderation/?queue=flagged")
        answers = page.get_by_role("radio", name="Same")
        expect(answers).to_be_hidden()
        page.keyboard.press("c")
        expect(answers).to_be_visible()
        page.keyboard.press("r")
        expect(answers).to_be_visible()
        page.keyboard.press("Escape")
        expect(answers).to_be_hidden()
        page.keyboard.press("c")
        expect(answers).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        expect(page.get_by_label("A note to the writer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_label("A note to the writer")).to_be_hidden()
        page.keyboard.press("e")
        expect(page.locator(".done")).to_contain_text("kept this comment")
        page.keyboard.press("u")
        expect(page.locator(".done")).to_contain_text("put this comment back in the queue")


def test_a_key_that_is_held_decides_one_case(browser: Browser, own_site: BrowserSite) -> None:
    with visitor(browser, own_site, "moderator") as page:
        page.goto("/moderation/?queue=flagged")
        waiting = page.locator(".queue a").count()
        assert waiting > 1
        page.keyboard.down("e")
        expect(page.locator(".done")).to_contain_text("kept this comment")
        for _repeat in range(5):
            page.keyboard.down("e")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".queue a")).to_have_count(waiting - 1)
        page.keyboard.up("e")
        page.keyboard.press("e")
        expect(page.locator(".queue a")).to_have_count(waiting - 2)


def test_keys_of_other_acts_do_nothing_while_a_form_is_open(
    browser: Browser, own_site: BrowserSite
) -> None:
    with visitor(browser, own_site, "moderator") as page:
        page.goto("/moderation/?queue=held")
        waiting = page.locator(".queue a").count()
        page.keyboard.press("r")
        page.keyboard.press("2")
        reasons = page.locator(".reasons").get_by_role("radio")
        expect(reasons.nth(1)).to_be_checked()
        reasons.nth(2).check()
        for key in "acu":
            page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        expect(page.locator(".done")).to_have_count(0)
        expect(reasons.nth(2)).to_be_visible()
        expect(page.locator(".queue a")).to_have_count(waiting)
        page.get_by_label("A note to the writer").press("Escape")
        expect(reasons.nth(2)).to_be_hidden()
        page.keyboard.press("a")
        expect(page.locator(".done")).to_contain_text("approved this comment")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_removal_that_is_refused_stays_open_and_says_why(
    browser: Browser, site: BrowserSite, scripts: bool
) -> None:
    with visitor(browser, site, "moderator", scripts=scripts) as page:
        page.goto("/moderation/?queue=held")
        page.locator(".acts summary", has_text="Remove").click()
        page.locator(".reasons").get_by_role("radio").last.check()
        for _twice in range(2):
            page.get_by_role("button", name="Remove this comment").click()
            said = page.get_by_role("alert").filter(has_text="Nothing is removed yet")
            expect(said).to_be_focused()
            expect(page.locator(".reasons").get_by_role("radio").last).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_narrow_window_leads_from_case_to_case(
    browser: Browser, site: BrowserSite, scripts: bool
) -> None:
    with visitor(browser, site, "moderator", scripts=scripts) as page:
        page.goto("/moderation/")
        first = page.locator(".queue a").first.get_attribute("href")
        page.goto(str(first))
        place = page.get_by_role("navigation", name="Cases")
        expect(place).to_be_hidden()
        page.set_viewport_size({"width": 390, "height": 844})
        expect(place).to_contain_text(re.compile(r"1 of \d"))
        place.get_by_role("link", name="Next").click()
        expect(place).to_contain_text(re.compile(r"2 of \d"))
        place.get_by_role("link", name="Previous").click()
        expect(page).to_have_url(re.compile(f"{first}$"))
