"""Test that known hostile texts, posted and opened in a browser, run no script."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser import checks
from tests.browser.site import BrowserSite
from tests.browser.visitors import POST, visitor

HOSTILE = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text())
# The browser's message for an invalid address.
LEADS_NOWHERE = ":"
# Each becomes a comment.
TEXTS = [
    *(f"[x]({address})" for address in HOSTILE["addresses"]),
    *(f"![x]({address})" for address in HOSTILE["addresses"]),
    *HOSTILE["html"],
    "![pixel](https://tracker.invalid/1.png)",
    "<link rel=stylesheet href=https://tracker.invalid/x.css><base href=https://tracker.invalid/>",
    '<meta http-equiv=refresh content="0;url=https://tracker.invalid/">',
    '<form action="https://tracker.invalid/"><button>Sign in</button></form>',
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>",
]
# Posts each text by the action that the form calls; refused texts are left out.
POST_THEM = """
import sys, json
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from comments.actions.comments import Draft, post_comment
from core.markdown.html import MarkupRefused
from posts.models import Post
author, post = User.objects.get(handle="author"), Post.objects.get(slug="management-and-leadership")
written = 0
for number, text in enumerate(json.loads({texts!r})):
    try:
        post_comment(Draft(author, post, text), now=timezone.now() + timedelta(seconds=number))
        written += 1
    except MarkupRefused:
        pass
print(written)
"""


def test_nothing_happens(browser: Browser, own_site: BrowserSite) -> None:
    """Run no script, open no dialog, request no other host, link to no dangerous scheme."""
    texts = json.dumps(TEXTS)
    written = own_site.manage("shell", "--no-imports", "-c", POST_THEM.format(texts=texts))
    assert int(written.splitlines()[-1]) > 300
    with visitor(browser, own_site, "reader") as page:
        page.on("dialog", lambda dialog: dialog.dismiss())
        with checks.watched(page, own_site.url) as faults:
            pages = every_page(page)
        assert faults == []
        assert pages > 6


def every_page(page: Page) -> int:
    """Open every page of the discussion; return their number."""
    page.goto(f"{POST}?sort=newest")
    for number in range(1, 50):
        expect(page.locator("#discussion")).to_be_attached()
        assert page.evaluate("[window.pwned, document.baseURI === location.href]") == [None, True]
        assert page.locator(".comment__body :is(img, form, script, style, iframe)").count() == 0
        assert own_schemes(page) <= {"http:", "https:", "mailto:", LEADS_NOWHERE}
        more = page.get_by_role("link", name="More comments")
        if not more.count():
            return number
        here = page.url
        more.click()
        # A page that has loaded already is the one before, where the click was.
        expect(page).not_to_have_url(here)
    raise AssertionError("the discussion does not end")


def own_schemes(page: Page) -> set[str]:
    """Return the schemes of all links in comments, as the browser parses them."""
    links = page.locator(".comment__body a")
    return set(links.evaluate_all("links => links.map((link) => link.protocol)"))


def test_typed_through_the_form(browser: Browser, own_site: BrowserSite) -> None:
    """Show hostile text typed into the form as plain text."""
    with visitor(browser, own_site, "author") as page:
        page.goto(POST)
        with checks.watched(page, own_site.url) as faults:
            page.get_by_role("textbox", name="Your comment").fill(TEXTS[-1])
            page.get_by_role("button", name="Preview").first.click()
            preview = page.get_by_role("region", name="Preview")
            expect(preview).to_contain_text("<script>window.pwned = 1</script>")
            page.get_by_role("button", name="Post comment").click()
            comment = page.locator("article.comment").filter(has_text="window.pwned").first
            expect(comment).to_contain_text("onerror=")
            assert page.evaluate("window.pwned") is None
        assert faults == []
