"""Test scripts: parts of pages replaced in place, focus moved, and no form sent twice."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from bench.browser.interaction import GROW
from core import limits
from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, comment_of, time_passes, visitor
from tests.core.images import hostile

WORDS = "The horizon is on the rota, every second Thursday."


@pytest.fixture
def page(browser: Browser, site: BrowserSite) -> Iterator[Page]:
    """Open the post page as the demonstration's reader, without a rate limit in the way."""
    time_passes(site)
    with visitor(browser, site, "reader") as page:
        page.goto(POST)
        yield page


def write(page: Page, words: str) -> None:
    """Fill in the composer under the question."""
    page.get_by_role("radio", name="Overlap").first.check()
    page.get_by_role("textbox", name="And why?").fill(words)


def open_reply(page: Page) -> None:
    """Open the composer below the first comment that takes replies."""
    page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
    expect(page.locator("form.composer--reply")).to_be_visible()


def test_a_new_comment_is_announced_and_focused(page: Page) -> None:
    before = page.locator("#discussion-title").inner_text()
    write(page, f"{WORDS} Announced.")
    page.get_by_role("button", name="Post comment").click()
    new = comment_of(page, "Announced.")
    expect(new).to_be_focused()
    expect(new).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text("Your comment is posted.")
    expect(page.locator("#discussion-title")).not_to_have_text(before)
    expect(page.get_by_role("textbox", name="And why?")).to_have_value("")


def test_a_branch_counts_the_reply_that_is_posted(page: Page) -> None:
    branch = page.locator("details.branch").first
    label, replies = branch.locator("summary").first, branch.locator("> .replies > li")
    before = replies.count()
    expect(label).to_have_text(re.compile(rf"^{before} repl"))
    comment = page.locator("li", has=branch).first.locator("> article")
    comment.get_by_role("link", name="Reply").click()
    page.get_by_label("Your reply to").fill(f"{WORDS} Counted.")
    page.get_by_role("button", name="Post reply").click()
    expect(replies).to_have_count(before + 1)
    expect(label).to_have_text(f"{before + 1} replies")


def test_a_double_click_makes_one_comment(page: Page) -> None:
    write(page, f"{WORDS} Twice.")
    page.get_by_role("button", name="Post comment").dblclick()
    expect(comment_of(page, "Twice.")).to_be_focused()
    page.reload()
    page.goto(f"{POST}?sort=newest")
    expect(comment_of(page, "Twice.")).to_have_count(1)


def test_sent_again_after_a_lost_answer_it_is_one_comment(page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    write(page, f"{WORDS} Lost.")
    page.route("**/answer/", lose, times=1)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("#problems")).to_contain_text("Nothing is lost")
    expect(page.get_by_role("textbox", name="And why?")).to_have_value(f"{WORDS} Lost.")
    page.get_by_role("button", name="Post comment").click()
    expect(comment_of(page, "Lost.")).to_be_in_viewport()
    page.goto(f"{POST}?sort=newest")
    expect(comment_of(page, "Lost.")).to_have_count(1)


def test_an_error_keeps_the_words_and_takes_the_focus(page: Page) -> None:
    page.get_by_role("textbox", name="And why?").fill("x" * 10_001)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("alert").filter(has_text="too long")).to_be_focused()
    expect(page.get_by_role("textbox", name="And why?")).to_have_value("x" * 10_001)


def test_an_answer_alone_is_shown_with_the_new_totals(page: Page) -> None:
    own, totals = page.locator(".own-answer b"), page.locator("#totals .tally-list")
    for answer in ("Same", "Different"):
        before = totals.inner_text()
        page.get_by_role("radio", name=answer).first.check()
        page.get_by_role("button", name="Just record my answer").click()
        expect(own).to_have_text(answer)
        expect(totals).not_to_have_text(before, use_inner_text=True)
        expect(page.locator("#question")).to_be_in_viewport()
        expect(page.get_by_text("Your answer counts.")).to_have_count(1)


def test_a_session_that_ended_gives_the_words_back(page: Page, site: BrowserSite) -> None:
    write(page, f"{WORDS} Still here.")
    site.manage("shell", "--no-imports", "-c", end_sessions("reader"))
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()
    page.get_by_label("E-mail").fill("reader@example.org")
    page.get_by_label("Password", exact=True).fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("textbox", name="And why?")).to_have_value(f"{WORDS} Still here.")
    expect(page.get_by_role("radio", name="Overlap").first).to_be_checked()


def test_a_preview_shows_what_would_be_posted(page: Page) -> None:
    write(page, "This is *quite* so.")
    page.get_by_role("button", name="Preview").first.click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_be_focused()
    expect(preview.locator("em")).to_have_text("quite")
    expect(page.get_by_role("textbox", name="And why?")).to_have_value("This is *quite* so.")


@pytest.mark.parametrize("scripts", [False, True])
def test_a_preview_on_a_phone_stands_above_the_buttons(
    browser: Browser, site: BrowserSite, *, scripts: bool
) -> None:
    with visitor(browser, site, "reader", scripts=scripts) as page:
        page.set_viewport_size({"width": 390, "height": 700})
        page.goto(f"{POST}answer/")
        write(page, "This is *quite* so.")
        page.get_by_role("button", name="Preview").first.click()
        preview = page.get_by_role("region", name="Preview")
        expect(preview).to_be_focused()
        bottom, top = (
            box["y"] + box["height"] * share
            for place, share in ((preview, 1), (page.locator(".composer__acts"), 0))
            if (box := place.bounding_box())
        )
        assert 0 < bottom <= top


def test_a_second_click_on_reply_keeps_what_was_written(page: Page) -> None:
    open_reply(page)
    text = page.get_by_label("Your reply to")
    text.fill("Half a thought")
    page.locator("article.comment footer").get_by_role("link", name="Reply").first.click()
    expect(text).to_be_focused()
    expect(text).to_have_value("Half a thought")


def test_words_typed_at_once_go_into_the_reply(page: Page) -> None:
    open_reply(page)
    expect(page.get_by_label("Your reply to")).to_be_focused()
    page.keyboard.type("At once.")
    expect(page.get_by_label("Your reply to")).to_have_value("At once.")


def test_words_typed_at_once_go_below_a_quotation(page: Page) -> None:
    comment = page.locator("article.comment").first
    comment.locator("summary[aria-label^=More]").click()
    comment.get_by_role("link", name="Quote", exact=True).click()
    expect(page.get_by_label("Your reply to")).to_be_focused()
    page.keyboard.type("At once.")
    expect(page.get_by_label("Your reply to")).to_have_value(
        re.compile(r"^> .*At once\.$", re.DOTALL)
    )


def choose_order(page: Page, order: str) -> None:
    """Choose `order` from the menu above the discussion."""
    menu = page.locator("details.order")
    menu.locator("summary").click()
    menu.get_by_role("link", name=order).click()
    expect(menu.locator("summary b")).to_have_text(order)


def test_back_leads_through_filters_and_orders(page: Page) -> None:
    order = page.locator("details.order summary b")
    page.get_by_role("navigation", name="Answers shown").get_by_role("link", name="Same").click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?stance=same#discussion")
    choose_order(page, "Newest")
    page.evaluate("localStorage.clear()")
    page.go_back()
    expect(order).to_have_text("Best of each side")
    expect(page.locator("article.comment:not([data-stance=same])")).to_have_count(0)
    page.go_back()
    expect(page.locator("article.comment[data-stance=overlap]").first).to_be_attached()


def test_a_browser_remembers_the_order_and_the_last_visit(
    browser: Browser, site: BrowserSite
) -> None:
    for handle in ("", "reader"):
        with visitor(browser, site, handle) as page:
            page.goto(POST)
            expect(page.locator(".returning:not([hidden])")).to_have_count(0)
            choose_order(page, "Newest")
            page.goto("/")
            page.goto(POST)
            expect(page).to_have_url(f"{site.url}{POST}?sort=newest")
            expect(page.locator("details.order summary b")).to_have_text("Newest")
            expect(page.locator("#discussion")).to_have_count(1)
            page.goto(f"{POST}?sort=oldest")
            expect(page.locator("details.order summary b")).to_have_text("Oldest")
            if handle:  # what was swapped in is operated as what was there
                page.goto(POST)
                page.locator("article.comment").get_by_role("link", name="Reply").first.click()
                expect(page.locator("form.composer--reply :focus")).to_be_visible()
                # The account remembers the visit: tests/browser/test_coming_back.py.
                assert page.evaluate("localStorage['discussions-seen']") is None
                continue
            # The next visit, after something was written.
            page.evaluate("""() => {
                const seen = JSON.parse(localStorage.getItem("discussions-seen"));
                seen[location.pathname] -= 1;
                localStorage.setItem("discussions-seen", JSON.stringify(seen));
                sessionStorage.clear();
            }""")
            page.goto(POST)
            page.get_by_role("link", name="What is new since your last visit").click()
            expect(page.locator(".since, .empty").first).to_be_visible()
            # Words under the names of ours that are not ours break nothing.
            for words in (f'{{"{POST}": {{"toString": 1}}}}', "7", "[[]]", "no JSON"):
                page.evaluate(
                    """words => {
                        localStorage.setItem("discussions-seen", words);
                        localStorage.setItem("discussion-order", words);
                        sessionStorage.clear();
                    }""",
                    words,
                )
                page.goto(POST)
                assert not page.evaluate("localStorage['discussions-seen']").startswith(words)
                assert "toString" not in page.evaluate("localStorage['discussions-seen']")


def test_an_answer_is_taken_back_and_the_keys_are_told(browser: Browser, site: BrowserSite) -> None:
    for handle in ("reader", "author"):
        with visitor(browser, site, handle) as page:
            page.goto(f"{POST}answer/?stance=same")
            expect(page.locator("[data-keys]")).to_be_visible()
            same = page.get_by_role("radio", name="Same")
            expect(same).to_be_checked()
            same.click()
            expect(page.locator("input[name=stance]:checked")).to_have_count(0)
            same.press("Space")
            expect(same).to_be_checked()
            same.press("Space")
            expect(same).not_to_be_checked()
            page.get_by_text("Overlap", exact=True).click()
            expect(page.get_by_role("radio", name="Overlap")).to_be_checked()
            if handle == "author":
                page.get_by_role("radio", name="A note").check()
                expect(page.locator("fieldset.stances")).to_be_hidden()
                expect(page.get_by_role("button", name="Just record")).to_be_hidden()
                page.get_by_role("radio", name="An answer").check()
                expect(page.get_by_role("radio", name="Overlap")).to_be_checked()
    with visitor(browser, site, "reader", scripts=False) as page:
        page.goto(f"{POST}answer/?stance=same")
        expect(page.locator("[data-keys]")).to_be_hidden()
        page.set_viewport_size({"width": 390, "height": 700})
        expect(page.get_by_role("button", name="Post comment")).to_be_in_viewport()
        page.context.clear_cookies()  # without a chosen answer no button lies over the answers
        page.goto(f"{POST}answer/")
        expect(page.get_by_role("radio", name="Overlap")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Continue")).not_to_be_in_viewport()


def end_sessions(handle: str) -> str:
    """Return a program that ends all sessions of the person `handle`."""
    return (
        "from importlib import import_module; from django.conf import settings;"
        "from django.contrib.sessions.models import Session; from accounts.models import User;"
        f"pk = str(User.objects.get(handle={handle!r}).pk);"
        "[s.delete() for s in Session.objects.all() if s.get_decoded().get('_auth_user_id') == pk]"
    )


def test_a_comment_far_down_a_grown_page_is_found_and_writing_goes_on(page: Page) -> None:
    """Threads out of sight are not laid out; an address and the keyboard still lead into them."""
    page.evaluate(GROW, 400)
    last = page.locator("#threads > li").last
    assert last.evaluate("e => getComputedStyle(e).contentVisibility") == "auto"
    comment = last.locator("article.comment").first
    page.evaluate("id => { location.hash = id; }", comment.get_attribute("id"))
    expect(comment).to_be_in_viewport()
    comment.locator("a.who").focus()
    expect(comment.locator("a.who")).to_be_focused()


def test_a_long_comment_is_read_on_in_its_place(page: Page) -> None:
    write(page, "It takes a while to say, and then some more. " * 60 + "The very end.")
    page.get_by_role("button", name="Post comment").click()
    new = comment_of(page, "The very end.")
    expect(new).to_be_focused()
    permalink = new.locator(".when").get_attribute("href") or ""
    page.goto(f"{POST}?sort=newest")
    long = comment_of(page, "It takes a while to say")
    expect(long).not_to_contain_text("The very end.")
    address = f"{POST}?sort=newest#{long.get_attribute('id')}"
    long.get_by_role("link", name="Read on").click()
    expect(long).to_contain_text("The very end.")
    expect(long.locator(".comment__body")).to_be_focused()
    expect(long.get_by_role("link", name="Read on")).to_have_count(0)
    # A comment that an address names is unfolded: by permalink, by fragment, and by navigation.
    page.goto(permalink)
    expect(long).to_contain_text("The very end.")
    for leave in ("about:blank", POST):
        page.goto(leave)
        page.goto(address)
        expect(long).to_contain_text("The very end.")


def test_too_many_presses_say_how_long_to_wait(page: Page, site: BrowserSite) -> None:
    site.manage("shell", "--no-imports", "-c", press_a_lot("reader"))
    page.locator("button.press").first.click()
    expect(page.locator("#problems")).to_contain_text("a lot of marks in a short time. Please wait")
    expect(page.locator("button.press").first).to_have_attribute("aria-pressed", "false")
    forget = "from comments.models import TakenBack; TakenBack.objects.all().delete()"
    site.manage("shell", "--no-imports", "-c", forget)  # others press on this site, too


def press_a_lot(handle: str) -> str:
    """Return a program that uses up the rate limit of reactions of the person `handle`."""
    return (
        "from django.utils import timezone; from accounts.models import User;"
        "from comments.models import TakenBack;"
        f"reader = User.objects.get(handle={handle!r}); now = timezone.now();"
        "TakenBack.objects.bulk_create(TakenBack(reader=reader, pressed_at=now) for _ in range(60))"
    )


def test_a_picture_is_sent_once_and_previewed_and_one_too_large_is_not_sent(
    browser: Browser, site: BrowserSite
) -> None:
    def chosen(content: bytes) -> FilePayload:
        return {"name": "logo.png", "mimeType": "image/png", "buffer": content}

    with visitor(browser, site, "admin") as page:
        page.goto("/settings/site/")
        sizes: list[int] = []
        page.on("request", lambda sent: sizes.append(len(sent.post_data_buffer or b"")))
        logo, error = page.get_by_label("Logo optional"), page.locator("#pictures .field__error")
        logo.set_input_files(chosen(bytes(limits.PICTURE_BYTES + 1)))
        expect(error).to_contain_text("larger than 1.9 MB")
        logo.set_input_files(chosen(b"<svg/>"))
        expect(error).to_contain_text("This is a drawing")
        logo.set_input_files(chosen(hostile.picture(size=(400, 100))))
        expect(page.locator(".site-preview .brand__logo")).to_have_count(2)
        expect(error).to_have_count(0)
        expect(logo).to_have_value("")
        expect(page.locator("input[name=logo]")).to_have_value(re.compile(r"[0-9a-f]{64}\.png"))
        assert max(sizes) < limits.PICTURE_BYTES


def test_times_are_written_in_the_zone_of_the_browser(page: Page) -> None:
    """And their titles say what the site wrote; without scripts that stays."""
    page.context.new_cdp_session(page).send(
        "Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"}
    )
    time = page.locator("article.comment time").first
    written = time.inner_text()
    page.reload()
    said = f"In your time zone (America/New_York). The site says: {written}"
    expect(time).to_have_attribute("title", said)
    expect(time).not_to_have_text(written)
    expect(time).to_have_text(re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d$"))
