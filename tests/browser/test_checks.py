"""Test that each check of pages finds the faults it is for."""

import pytest
from playwright.sync_api import Page

from tests.browser import checks

TIGHT = "<style>a { display: block; height: 12px; width: 12px; background: #ccc }</style>"
GREY = '<p style="color: #999">Too pale to read.</p>'
MOVES = """<style>
* { transition: background 1s }
@media (prefers-color-scheme: dark) { p { background: red } }
</style><p>x</p>"""


def shown(page: Page, body: str) -> Page:
    """Return `page` showing `body`."""
    page.set_content(f'<html lang="en"><title>T</title><main><h1>T</h1>{body}</main></html>')
    return page


def test_pale_words_are_seen(page: Page) -> None:
    faults = checks.inaccessible_anywhere(shown(page, GREY))
    assert [fault.split(":")[0] for fault in faults if "color-contrast" in fault]


def test_words_without_a_name_are_seen(page: Page) -> None:
    assert any("label" in fault for fault in checks.inaccessible(shown(page, "<input>")))


@pytest.mark.parametrize("body", ['<div style="width: 400px">x</div>', f"<p>{'long' * 60}</p>"])
def test_what_is_too_wide_is_seen(page: Page, body: str) -> None:
    assert any(fault.startswith("too wide") for fault in checks.badly_laid_out(shown(page, body)))


def test_small_targets_side_by_side_are_seen(page: Page) -> None:
    links = f'{TIGHT}<a href="/1">1</a><a href="/2">2</a>'
    assert any("small target" in fault for fault in checks.badly_laid_out(shown(page, links)))


def test_small_targets_with_room_and_links_in_a_sentence_are_not(page: Page) -> None:
    alone = f'{TIGHT}<a href="/1">1</a>'
    sentence = 'Read <a href="/1">a</a> or <a href="/2">b</a> first.'
    assert checks.badly_laid_out(shown(page, alone)) == []
    assert checks.badly_laid_out(shown(page, sentence)) == []


def test_a_page_without_outline_is_seen(page: Page) -> None:
    faults = checks.badly_outlined(shown(page, "<h1>Another</h1>"))
    assert [fault.split(": ")[1].split(" is ")[0] for fault in faults] == [
        "one h1",
        "title",
        "canonical address, or kept out of search engines",
    ]


def test_motion_is_seen(page: Page) -> None:
    assert checks.moving(shown(page, MOVES))


def test_complaints_and_other_hosts_are_seen(page: Page) -> None:
    with checks.watched(page, "http://localhost") as faults:
        shown(page, '<script>console.error("oh")</script><script>nothing()</script>')
        page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    assert any(fault == "console: oh" for fault in faults)
    assert any(fault.startswith("script failed") for fault in faults)
    assert any("127.0.0.1" in fault for fault in faults)
