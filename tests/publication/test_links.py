"""Test which links may stand in the menu and the footer."""

import pytest
from django.core.exceptions import ValidationError

from publication.links import LINKS_MAX, is_allowed, read_links, write_links

ALLOWED = ("/", "/rules/", "/a?b=c#d", "https://example.org", "http://x.example/a", "mailto:a@b.c")
REFUSED = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "//example.com",
    "/\\example.com",
    "\\\\example.com",
    "https:example.com",
    "https://",
    "http://[",
    "mailto:",
    "rules",
    "",
)


@pytest.mark.parametrize("address", ALLOWED)
def test_paths_pages_and_mailboxes(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize("address", REFUSED)
def test_nothing_else(address: str) -> None:
    assert not is_allowed(address)


def test_lines_are_read_and_written_alike() -> None:
    text = "Our  workshop https://workshop.example/\n\n  Rules /rules/ "
    links = read_links(text)
    assert links == [
        {"label": "Our workshop", "address": "https://workshop.example/"},
        {"label": "Rules", "address": "/rules/"},
    ]
    assert read_links(write_links(links)) == links


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rules", "not a link"),
        ("/rules/", "no words"),
        ("Free money javascript:alert(1)", "javascript:alert"),
        (f"{'x' * 41} /rules/", "too long"),
        ("A /a/\n" * (LINKS_MAX + 1), "at most"),
    ],
)
def test_a_line_that_is_no_link_is_named(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        read_links(text)
