"""The one door from text to HTML, and the only place that calls HTML safe.

Texts are Markdown; `render` makes HTML of them once, when they are saved, and the HTML is stored
with PIPELINE_VERSION. Templates print what is stored through `trusted`.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from ..db import sqlite_serial
from .policy import Profile
from .refusal import MarkdownRefused, RefusalReason
from .worker import RenderWorker

__all__ = [
    "PIPELINE_VERSION",
    "MarkupRefused",
    "Profile",
    "assembled",
    "beginning",
    "plain",
    "render",
    "render_many",
    "trusted",
]

# Count it up whenever the same text comes out as other HTML, then run `rerender_bodies`.
PIPELINE_VERSION = 1

# Seconds until a render is killed. The slowest comment we accept takes 0.25 on one idle core; a
# post may be twenty times as long.
RENDER_LIMIT = {Profile.COMMENT: 2.0, Profile.POST: 10.0}

_SENTENCES = {
    RefusalReason.NESTING: _(
        "Quotations, lists or emphasis lie too deep within each other here. "
        "Take out a few levels and try again."
    ),
    RefusalReason.BRACKETS: _(
        "Too many square brackets are open at once here. "
        "Close them, or put a backslash before those that are no links."
    ),
    RefusalReason.SIZE: _(
        "This text has more formatting than a page can carry. "
        "Use fewer links, table cells or emphasized words."
    ),
    RefusalReason.NOTHING: _(
        "Nothing of this text would show on the page. Write a few words around it."
    ),
    RefusalReason.TIME: _(
        "This text takes too long to turn into a page. Make its formatting simpler, or split it."
    ),
    RefusalReason.BROKEN: _(
        "The page could not be made from this text just now. Please try again."
    ),
}

_worker = RenderWorker()


class MarkupRefused(ValueError):
    """A text that cannot be shown whole. `message` says why and what to do."""

    message: Promise | str

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.message = _SENTENCES[reason]


def render(text: str, profile: Profile) -> SafeString:
    """Return `text`, Markdown, as safe HTML. Takes RENDER_LIMIT seconds at most.

    Raises MarkupRefused rather than leave out a part of it.
    """
    try:
        with sqlite_serial.released():
            html = _worker.html(text, profile, RENDER_LIMIT[profile])
    except MarkdownRefused as refused:
        raise MarkupRefused(refused.reason) from refused
    return mark_safe(html)


def render_many(texts: Iterable[str], profile: Profile) -> Iterator[SafeString]:
    """Yield each of `texts` as safe HTML, without a limit of time: for texts of our own, in bulk.

    Raises MarkupRefused.
    """
    # Costs 0.2 s and 20 MB that a server, which has a process for it, need not spend.
    from .pipeline import Pipeline

    pipeline = Pipeline(profile)
    for text in texts:
        try:
            yield mark_safe(pipeline.html(text))
        except MarkdownRefused as refused:
            raise MarkupRefused(refused.reason) from refused


def trusted(html_from_database: str) -> SafeString:
    """Return HTML that `render` made and a row kept as what it is, for a template."""
    return SafeString(html_from_database)


def assembled(html: str) -> SafeString:
    """Return HTML put together from templates' output and escaped words as what it is."""
    return SafeString(html)


def plain(html: str, limit: int) -> str:
    """Return the words of rendered `html` in `limit` characters, cut after a word with "…"."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    words = " ".join("".join(reader.pieces).split())
    return words if len(words) <= limit else _cut(words, limit)


def beginning(html: str, limit: int) -> SafeString:
    """Return rendered `html` up to `limit` characters of text, cut after a word with "…".

    Each line that begins counts as `_Beginning.LINE` characters more. What is open at the cut is
    closed. Returns all of it where there is no more.
    """
    reader = _Beginning(limit)
    try:
        reader.feed(html)
    except _Full:
        return assembled("".join(reader.pieces))
    return trusted(html)


def _cut(words: str, limit: int) -> str:
    room = max(limit - 1, 0)
    end = words.rfind(" ", 0, room + 1)
    if end <= 0:
        end = room
        while end and unicodedata.combining(words[end]):
            end -= 1
    return words[:end].rstrip(" ,;:–—-") + "…"


class _Full(Exception):
    """Enough has been read."""


class _Beginning(HTMLParser):
    """Collects HTML as it is written; raises `_Full` once there is enough text, all closed."""

    WITHOUT_END = ("br", "hr", "img", "input")
    # What begins a line takes room as words do: half of one that is as wide as a page.
    LINES = ("br", "hr", "li", "p", "pre", "tr")
    LINE = 40

    def __init__(self, room: int) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._room = room
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append(self.get_starttag_text() or "")
        if tag not in self.WITHOUT_END:
            self._open.append(tag)
        if tag in self.LINES and len(self.pieces) > 1:
            self._room = max(0, self._room - self.LINE)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(f"</{tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if len(data) > self._room:
            closing = (f"</{tag}>" for tag in reversed(self._open))
            self.pieces += [_cut(data, self._room + 1), *closing]
            raise _Full
        self._room -= len(data)
        self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._character(f"&#{name};")

    def _character(self, written: str) -> None:
        self.pieces.append(written)
        self._room = max(0, self._room - 1)


class _Words(HTMLParser):
    """Collects the text of HTML, a space between blocks, the numbers of footnotes left out."""

    BESIDE_THE_TEXT = ("sup",)
    WITHIN_A_WORD = ("a", "code", "em", "s", "span", "strong", "sup")

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._beside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._beside += tag in self.BESIDE_THE_TEXT
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        self._beside -= tag in self.BESIDE_THE_TEXT
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._beside:
            self.pieces.append(data)

    def _separate(self, tag: str) -> None:
        if tag not in self.WITHIN_A_WORD:
            self.pieces.append(" ")
