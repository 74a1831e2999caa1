"""Test what is promised to newcomers and to people without an account, up to their mailbox."""

import re
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.mailed_site import MailedSite, mailing, text_of
from tests.browser.test_reader_journey import ANSWER, answers_and_waits, reads_and_chooses
from tests.browser.visitors import POST, approve, comment_of, sign_up, visitor

ADDRESS = "pat@example.org"
NELL = "nell@example.org"
CONFIRMATION = re.compile(r"https?://\S+/follow/confirm/\S+")
PROMISE = "I mean to take it apart"
# The promise is kept by part 3, which is a draft in the demonstration.
ONE_PART_IS_LEFT = f"""
from posts.models import Part, Promise

promise = Promise.objects.get(exact__startswith={PROMISE!r})
promise.parts.set(Part.objects.filter(position__in=(2, 3)))
"""
PUBLISH_PART = """
from accounts.models import User
from posts.actions import place_post, publish, save_draft
from posts.models import Part

author = User.objects.get(handle="author")
words = dict(title="Appointed and followed", standfirst="", body="Two letters.", slug="part-{0}")
post = save_draft(None, by=author, **words)
place_post(post, Part.objects.get(position={0}))
publish(post, by=author)
"""


@pytest.fixture
def mailed(prepared_site: Path, tmp_path: Path) -> Iterator[MailedSite]:
    """Serve a site for this test alone, whose mail arrives in mailboxes."""
    with mailing(prepared_site, tmp_path) as site:
        yield site


def test_a_newcomer_learns_of_the_approval_by_dot_inbox_and_mail(
    browser: Browser, mailed: MailedSite
) -> None:
    """The comment is held, a moderator approves it, and all three ways say so."""
    with visitor(browser, mailed) as newcomer, visitor(browser, mailed, "moderator") as moderator:
        reads_and_chooses(newcomer)
        sign_up(newcomer, mailed, "nell")
        answers_and_waits(newcomer)
        before = len(mailed.mails(NELL))
        newcomer.goto("/archive/")
        dot = newcomer.locator(".masthead .dot")
        expect(dot).to_have_count(0)
        approve(moderator, ANSWER)
        newcomer.reload()
        expect(dot).to_be_visible()
        newcomer.goto("/me/notifications/")
        row = newcomer.locator(".inbox__row", has_text="A moderator approved your comment")
        expect(row).to_contain_text(ANSWER)
        [told] = mailed.mails(NELL)[before:]
        assert "A moderator approved your comment" in text_of(told)
        newcomer.goto(link_in(told, re.compile(r"http\S+/comments/\d+/\S*")))
        expect(comment_of(newcomer, ANSWER)).to_be_in_viewport()
        expect(comment_of(newcomer, ANSWER)).not_to_contain_text("Only you see this yet")
        assert len(mailed.mails(NELL)) == before + 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_promise_is_heard_of_once_by_mail_and_then_ended(
    browser: Browser, mailed: MailedSite, scripts: bool
) -> None:
    """Both ends are tried: a mail program's own press for the promise, the page for the series."""
    mailed.manage("shell", "--no-imports", "-c", ONE_PART_IS_LEFT)
    with (
        visitor(browser, mailed, scripts=scripts) as page,
        visitor(browser, mailed, "author", scripts=scripts) as author,
    ):
        follows(page, "Tell me when this is kept", "promise")
        follows(page, "Follow this series", "series")
        [asked] = mailed.mails(ADDRESS)
        page.goto(link_in(asked, CONFIRMATION))
        expect(page.get_by_role("checkbox")).to_have_count(2)
        page.get_by_role("button", name="Follow").click()
        expect(page.get_by_role("button", name="Stop following")).to_have_count(2)

        publishes_part_three(author)
        _asked, kept = mailed.mails(ADDRESS)
        assert "promise" in text_of(kept)
        assert mailed.mails(ADDRESS)[2:] == []
        presses_as_a_mail_program(kept)
        presses_as_a_mail_program(kept)

        mailed.manage("shell", "--no-imports", "-c", PUBLISH_PART.format(4))
        [_asked, _kept, part] = mailed.mails(ADDRESS)
        assert "part" in text_of(part)
        ends_on_the_page(page, part)
        mailed.manage("shell", "--no-imports", "-c", PUBLISH_PART.format(5))
        assert mailed.mails(ADDRESS)[3:] == []
        page.goto(link_in(part, re.compile(r"http\S+/follow/by-mail/\S+")))
        expect(page.get_by_role("button", name="Stop following")).to_have_count(0)


def link_in(message: Message, pattern: re.Pattern[str]) -> str:
    """Return the first address in a mail's text that fits `pattern`."""
    found = pattern.search(text_of(message))
    assert found, text_of(message)
    return found[0]


def one_click(message: Message) -> str:
    """Return the address that a mail program posts to, of the header of RFC 8058."""
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<(http\S+)>", "".join(message["List-Unsubscribe"].split()))
    assert found
    return found[1]


def follows(page: Page, press: str, target: str) -> None:
    """Open the article, press what follows a target, and leave the address."""
    page.goto(POST)
    page.get_by_role("link", name=press).first.click()
    expect(page).to_have_url(re.compile(f"/follow/{target}/"))
    page.get_by_label("E-mail").fill(ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()


def publishes_part_three(page: Page) -> None:
    """Publish the draft that the demonstration's author has begun."""
    page.goto("/studio/")
    page.get_by_role("link", name="Vision, charisma and ease").first.click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".badge").first).to_have_text("published")


def presses_as_a_mail_program(message: Message) -> None:
    """Send the POST of RFC 8058: without a cookie, a referrer or a token."""
    form = b"List-Unsubscribe=One-Click"
    with urllib.request.urlopen(one_click(message), data=form, timeout=60) as answer:
        assert answer.status == 200


def ends_on_the_page(page: Page, message: Message) -> None:
    """Open the link in the mail, which changes nothing, and press the button there."""
    page.goto(one_click(message))
    expect(page.get_by_text("Nothing changes until you press a button.")).to_be_visible()
    page.get_by_role("button", name="No more of these").click()
    expect(page.get_by_role("heading", name="You get no more of these")).to_be_visible()
