"""The whole way of a text to HTML, and the cheap looks that spare us the costly ones."""

import re
from html import unescape

from ..characters import is_visible
from .parser import Parser
from .policy import Profile
from .refusal import MarkdownRefused, RefusalReason
from .sanitizers import sanitizers

# Every bracket left open makes the parser look for its end through the rest of the paragraph.
MAX_OPEN_BRACKETS = 20
# For every bare address the parser looks back over the paragraph.
ADDRESSES_ANYHOW = 50
ADDRESSES_PER_CHARACTER = 1 / 40
# A sanitizer takes about 50 µs for an element: one in five characters is more than anyone means.
TAGS_ANYHOW = 1_000
TAGS_PER_CHARACTER = 0.4
# A long address that many links name by a short reference makes a small text huge.
LENGTH_ANYHOW = 10_000
LENGTH_PER_CHARACTER = 20

_RULE_OF_A_TABLE = frozenset("|:- \t>")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t>]*\n")
_BRACKETS = re.compile(r"\\.|\n[ \t]*\n|[\[\]]", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_SURROGATES = re.compile("[\ud800-\udfff]")


class Pipeline:
    """Turns texts of one profile into HTML. One thread at a time."""

    def __init__(self, profile: Profile) -> None:
        self._parser = Parser(profile)
        self._sanitizers = sanitizers(profile)

    def html(self, text: str) -> str:
        """Return `text`, Markdown, as safe HTML, all of it. Raises MarkdownRefused."""
        html = self._parsed(_SURROGATES.sub("\ufffd", text))
        _check_size(html, text)
        for sanitize in self._sanitizers:
            html = sanitize(html)
        if text.strip() and not _shows_anything(html):
            raise MarkdownRefused(RefusalReason.NOTHING)
        return html

    def _parsed(self, text: str) -> str:
        _check_brackets(text)
        _check_addresses(text)
        _check_tables(text)
        try:
            return str(self._parser.render(text, {}))
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
    if text.count("://") > ADDRESSES_ANYHOW + ADDRESSES_PER_CHARACTER * len(text):
        raise MarkdownRefused(RefusalReason.SIZE)


def _check_tables(text: str) -> None:
    """Refuse a table whose short rows the parser would fill up to more cells than we show."""
    for paragraph in _BETWEEN_PARAGRAPHS.split(text):
        rows = paragraph.split("\n")
        widths = (row.count("|") for row in rows if _RULE_OF_A_TABLE.issuperset(row))
        if 2 * len(rows) * max(widths, default=0) > _tags_allowed(text):
            raise MarkdownRefused(RefusalReason.SIZE)


def _check_size(html: str, text: str) -> None:
    if html.count("<") > _tags_allowed(text):
        raise MarkdownRefused(RefusalReason.SIZE)
    if len(html) > LENGTH_ANYHOW + LENGTH_PER_CHARACTER * len(text):
        raise MarkdownRefused(RefusalReason.SIZE)


def _shows_anything(html: str) -> bool:
    words = unescape(_TAG.sub("", html))
    return any(map(is_visible, words)) or "<hr" in html or "<img" in html


def _tags_allowed(text: str) -> float:
    return TAGS_ANYHOW + TAGS_PER_CHARACTER * len(text)
