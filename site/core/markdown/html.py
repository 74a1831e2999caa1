"""Render Markdown to safe HTML; the only module that marks HTML as safe.

`render` is called once, when a text is saved; the HTML is stored with PIPELINE_VERSION. Templates
print stored HTML through `trusted`.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from ..db import sqlite_serial
from .mentions import linked_in, mentioned_in
from .policy import Profile
from .refusal import MarkdownRefused, RefusalReason
from .worker import RenderWorker

__all__ = [
    "PIPELINE_VERSION",
    "MarkupRefused",
    "Profile",
    "assembled",
    "beginning",
    "linked_in",
    "mentioned_in",
    "plain",
    "render",
    "render_many",
    "trusted",
]

# Increase it when the same text gives different HTML, then run `rerender_bodies`.
PIPELINE_VERSION = 3

# Seconds of processor time until a render is killed. The slowest accepted comment takes 0.25; a
# post may be twenty times as long.
RENDER_LIMIT = {Profile.COMMENT: 2.0, Profile.POST: 10.0}

_SENTENCES = {
    RefusalReason.NESTING: _(
        "Quotations, lists or emphasis are nested too deeply here. Take out a few levels and "
        "try again."
    ),
    RefusalReason.BRACKETS: _(
        "Too many square brackets are open here. Close them, or put a backslash before those "
        "that are not links."
    ),
    RefusalReason.SIZE: _(
        "This text has more formatting than a page can carry. "
        "Use fewer links, table cells or emphasized words."
    ),
    RefusalReason.NOTHING: _(
        "This text would show nothing on the page. Write a few words around it."
    ),
    RefusalReason.TIME: _(
        "This text takes too long to turn into a page. Make its formatting simpler, or split it."
    ),
    RefusalReason.BROKEN: _(
        "The page could not be made from this text just now. Please try again."
    ),
}

# Letters: in scripts without spaces a whole paragraph is one word, which is cut within.
_LONG_WORD = 40

_worker = RenderWorker()


class MarkupRefused(ValueError):
    """A text cannot be rendered as a whole. `message` tells the writer why and what to do."""

    message: Promise | str

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.message = _SENTENCES[reason]


def render(text: str, profile: Profile, people: Mapping[str, str] | None = None) -> SafeString:
    """Return the Markdown `text` as safe HTML, within RENDER_LIMIT seconds of processor time.

    In a comment, mentions of `people`, addresses by handles in lower case, become links.
    Raises MarkupRefused rather than leaving out a part.
    """
    try:
        with sqlite_serial.released():
            html = _worker.html(text, profile, RENDER_LIMIT[profile], people)
    except MarkdownRefused as refused:
        raise MarkupRefused(refused.reason) from refused
    return mark_safe(html)


def render_many(texts: Iterable[str], profile: Profile) -> Iterator[SafeString]:
    """Yield each of `texts` as safe HTML, without a time limit, for trusted texts.

    Raises MarkupRefused.
    """
    # Imported here: it takes 0.2 s and 20 MB, which a server has spent in its render process.
    from .pipeline import Pipeline

    pipeline = Pipeline(profile)
    for text in texts:
        try:
            yield mark_safe(pipeline.html(text))
        except MarkdownRefused as refused:
            raise MarkupRefused(refused.reason) from refused


def trusted(html_from_database: str) -> SafeString:
    """Return HTML that `render` made and the database stored, marked as safe."""
    return SafeString(html_from_database)


def assembled(html: str) -> SafeString:
    """Return HTML that was assembled from rendered templates and escaped text, marked as safe."""
    return SafeString(html)


def plain(html: str, limit: int) -> str:
    """Return the text of rendered `html`, cut to `limit` characters after a word with "…"."""
    reader = _TextParser()
    reader.feed(html)
    reader.close()
    return shortened("".join(reader.pieces), limit)


def shortened(text: str, limit: int) -> str:
    """Return `text` on one line, cut to `limit` characters after a word with "…"."""
    text = " ".join(text.split())
    return text if len(text) <= limit else _cut(text, limit)


def beginning(html: str, limit: int) -> SafeString:
    """Return rendered `html`, cut to `limit` characters of text after a word with "…".

    Each start of a line counts as `_BeginningParser.LINE` characters. Tags that are open at the cut
    are closed.
    """
    reader = _BeginningParser(limit)
    try:
        reader.feed(html)
    except _LimitReached:
        return assembled("".join(reader.pieces))
    return trusted(html)


def _cut(text: str, limit: int, *, follows: bool = False) -> str:
    """Return `text` cut after a word; all of it may go if it `follows` other text."""
    room = max(limit - 1, 0)
    end = max(text.rfind(space, 0, room + 1) for space in " \n")
    if end < 0 and follows and len("".join(text.split(maxsplit=1)[:1])) <= _LONG_WORD:
        end = 0
    if end < 0 or (end == 0 and not follows):
        end = room
        while end and unicodedata.combining(text[end]):
            end -= 1
    return text[:end].rstrip(" .,;:–—-") + "…"


class _LimitReached(Exception):
    """The limit of characters is reached."""


class _BeginningParser(HTMLParser):
    """Collects HTML unchanged; at the limit closes open tags and raises `_LimitReached`."""

    VOID_TAGS = ("br", "hr", "img", "input")
    # Tags that begin a line count as text, in characters: half of a line as wide as a page.
    LINES = ("br", "hr", "li", "p", "pre", "tr")
    LINE = 40

    def __init__(self, limit: int) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._left = limit
        self._has_text = False
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append(self.get_starttag_text() or "")
        if tag not in self.VOID_TAGS:
            self._open.append(tag)
        if tag in self.LINES and len(self.pieces) > 1:
            self._left = max(0, self._left - self.LINE)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(f"</{tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if len(data) > self._left:
            closing = (f"</{tag}>" for tag in reversed(self._open))
            self.pieces += [_cut(data, self._left + 1, follows=self._has_text), *closing]
            raise _LimitReached
        self._left -= len(data)
        self._has_text = self._has_text or bool(data.strip())
        self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._character(f"&#{name};")

    def _character(self, written: str) -> None:
        self.pieces.append(written)
        self._left = max(0, self._left - 1)


class _TextParser(HTMLParser):
    """Collects the text of HTML, with spaces between blocks and without footnote numbers."""

    SKIPPED_TAGS = ("sup",)
    INLINE_TAGS = ("a", "bdi", "code", "em", "s", "span", "strong", "sup")

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in self.SKIPPED_TAGS
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in self.SKIPPED_TAGS
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.pieces.append(data)

    def _separate(self, tag: str) -> None:
        if tag not in self.INLINE_TAGS:
            self.pieces.append(" ")
