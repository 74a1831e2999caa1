"""Render a text to HTML, after cheap checks that refuse texts too expensive to render."""

import re
from collections.abc import Mapping
from html import unescape

from ..characters import is_visible
from .parser import Parser
from .policy import Profile
from .refusal import MarkdownRefused, RefusalReason
from .sanitizers import sanitizers

# Open square brackets at a time: for each the parser searches the rest of the paragraph.
MAX_OPEN_BRACKETS = 20
# Bare addresses that any text may have, and more for each character: for each address the parser
# searches the paragraph backwards.
ADDRESSES_BASE = 50
ADDRESSES_PER_CHARACTER = 1 / 40
# Tags, likewise. A sanitizer takes about 50 µs for an element, and no real text has an element for
# every five characters.
TAGS_BASE = 1_000
TAGS_PER_CHARACTER = 0.4
# Characters of HTML, likewise: many short references to one long address make a small text huge.
LENGTH_BASE = 10_000
LENGTH_PER_CHARACTER = 20

_TABLE_RULE = frozenset("|:- \t>")
_PARAGRAPH_END = re.compile(r"\n[ \t>]*\n")
_BRACKETS = re.compile(r"\\.|\n[ \t]*\n|[\[\]]", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_SURROGATES = re.compile("[\ud800-\udfff]")


class Pipeline:
    """Renders texts of one profile to HTML. Not safe for use by several threads."""

    def __init__(self, profile: Profile) -> None:
        self._parser = Parser(profile)
        self._sanitizers = sanitizers(profile)

    def html(self, text: str, people: Mapping[str, str] | None = None) -> str:
        """Return the whole Markdown `text` as safe HTML, or raise MarkdownRefused.

        In a comment, mentions of `people`, addresses by handles in lower case, become links.
        """
        html = self._parsed(_SURROGATES.sub("\ufffd", text), people or {})
        _check_size(html, text)
        for sanitize in self._sanitizers:
            html = sanitize(html)
        if text.strip() and not _shows_anything(html):
            raise MarkdownRefused(RefusalReason.NOTHING)
        return html

    def _parsed(self, text: str, people: Mapping[str, str]) -> str:
        _check_brackets(text)
        _check_addresses(text)
        _check_tables(text)
        try:
            return str(self._parser.render(text, {"people": people}))
        except RecursionError:
            raise MarkdownRefused(RefusalReason.NESTING) from None


def _check_brackets(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = match[0]
        if mark == "[":
            depth += 1
            if depth > MAX_OPEN_BRACKETS:
                raise MarkdownRefused(RefusalReason.BRACKETS)
        elif mark == "]":
            depth = max(0, depth - 1)
        elif mark[0] == "\n":
            depth = 0


def _check_addresses(text: str) -> None:
    if text.count("://") > ADDRESSES_BASE + ADDRESSES_PER_CHARACTER * len(text):
        raise MarkdownRefused(RefusalReason.SIZE)


def _check_tables(text: str) -> None:
    """Refuse a table whose short rows the parser would pad to more cells than are allowed."""
    for paragraph in _PARAGRAPH_END.split(text):
        rows = paragraph.split("\n")
        widths = (row.count("|") for row in rows if _TABLE_RULE.issuperset(row))
        if 2 * len(rows) * max(widths, default=0) > _tags_allowed(text):
            raise MarkdownRefused(RefusalReason.SIZE)


def _check_size(html: str, text: str) -> None:
    if html.count("<") > _tags_allowed(text):
        raise MarkdownRefused(RefusalReason.SIZE)
    if len(html) > LENGTH_BASE + LENGTH_PER_CHARACTER * len(text):
        raise MarkdownRefused(RefusalReason.SIZE)


def _shows_anything(html: str) -> bool:
    content = unescape(_TAG.sub("", html))
    return any(map(is_visible, content)) or "<img" in html


def _tags_allowed(text: str) -> float:
    return TAGS_BASE + TAGS_PER_CHARACTER * len(text)
