"""Write the HTML of an article as plain text, for the text of a mail. Pure but for translation.

A link is followed by its address, a footnote is a number in brackets, quotations and lists keep
their marks, and code its lines.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from .article_html import picture_words

_BLOCKS = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "li", "blockquote", "hr"))
_LISTS = frozenset(("ul", "ol"))
# What an empty line follows; none follows a list within a list.
_PARTS = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "pre", "table", "blockquote")) | _LISTS
_QUOTE, _CODE, _BREAK = "> ", "    ", "* * *"
_WHITE = re.compile(r"\s+")
_SPACES = re.compile(r" {2,}")
_BLANK_LINES = re.compile(r"\n{3,}")
_MARKS = {"code": "`", "s": "~"}


def text_for_mail(html: str, page: str) -> str:
    """Return an article's `html` as text; `page` is the whole address of the article."""
    writer = _MailText(page)
    writer.feed(html)
    writer.close()
    return _BLANK_LINES.sub("\n\n", "\n".join(writer.finished())).strip("\n")


@dataclass
class _List:
    """A list that is open: whether and how its items are numbered, and the number of the next."""

    is_numbered: bool
    is_notes: bool
    next: int = 1

    def mark(self) -> str:
        """Return the mark of the next item."""
        if not self.is_numbered:
            return "- "
        number, self.next = self.next, self.next + 1
        return f"[{number}] " if self.is_notes else f"{number}. "


@dataclass
class _Level:
    """What begins each line within a quotation or an item, and what begins its first."""

    rest: str
    first: str | None = None


@dataclass
class _Link:
    """A link that is open: its address, and where its words begin."""

    address: str
    start: int
    is_note: bool = False
    is_backlink: bool = False


@dataclass
class _Lines:
    """Lines of text that are done, and the words of the one that is not."""

    done: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class _MailText(HTMLParser):
    """Collects lines of text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self._lines = _Lines()
        self._levels: list[_Level] = []
        self._lists: list[_List] = []
        self._link: _Link | None = None
        self._is_in_notes = False
        self._is_in_code = False
        self._cells = 0

    def finished(self) -> list[str]:
        """Return all lines."""
        self._flush()
        return self._lines.done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._flush()
        opened = getattr(self, f"_open_{tag}", None)
        if opened is not None:
            opened(values)
        elif tag in _MARKS and not self._is_in_code:
            self._lines.words.append(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS and not self._is_in_code:
            self._lines.words.append(_MARKS[tag])
        if tag in _BLOCKS:
            self._flush()
        closed = getattr(self, f"_close_{tag}", None)
        if closed is not None:
            closed()
        if tag in _PARTS and not (tag in _LISTS and self._lists):
            self._blank()

    def handle_data(self, data: str) -> None:
        if self._is_in_code:
            self._lines.words.append(data)
        elif not (self._link and self._link.is_backlink):
            # White space of the source is one space, and none at the beginning of a line.
            self._lines.words.append(_WHITE.sub(" ", data))

    def _open_section(self, _values: dict[str, str]) -> None:
        self._is_in_notes = True
        self._lines.done += [_BREAK, ""]

    def _close_section(self) -> None:
        self._is_in_notes = False

    def _open_blockquote(self, _values: dict[str, str]) -> None:
        self._levels.append(_Level(_QUOTE))

    def _close_blockquote(self) -> None:
        self._levels.pop()
        if self._lines.done and not self._lines.done[-1].strip(" >"):
            self._lines.done.pop()

    def _open_ul(self, _values: dict[str, str]) -> None:
        self._flush()
        self._lists.append(_List(is_numbered=False, is_notes=False))

    def _open_ol(self, values: dict[str, str]) -> None:
        self._flush()
        start = values.get("start", "")
        first = int(start) if start.isdecimal() else 1
        self._lists.append(_List(is_numbered=True, is_notes=self._is_in_notes, next=first))

    def _close_ul(self) -> None:
        self._lists.pop()

    def _close_ol(self) -> None:
        self._lists.pop()

    def _open_li(self, _values: dict[str, str]) -> None:
        mark = self._lists[-1].mark()
        self._levels.append(_Level(" " * len(mark), first=mark))

    def _close_li(self) -> None:
        self._levels.pop()

    def _open_pre(self, _values: dict[str, str]) -> None:
        self._is_in_code = True
        self._levels.append(_Level(_CODE))

    def _close_pre(self) -> None:
        self._is_in_code = False
        self._levels.pop()

    def _open_hr(self, _values: dict[str, str]) -> None:
        self._lines.words.append(_BREAK)
        self._flush()
        self._blank()

    def _open_br(self, _values: dict[str, str]) -> None:
        self._lines.words.append("\n")

    def _open_tr(self, _values: dict[str, str]) -> None:
        self._cells = 0

    def _open_td(self, _values: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > 1:
            self._lines.words.append(" | ")

    _open_th = _open_td

    def _open_img(self, values: dict[str, str]) -> None:
        words = picture_words(values.get("alt", ""))
        address = urljoin(self._page, values.get("src", ""))
        self._lines.words.append(f"[{words}: {address}]")

    def _open_a(self, values: dict[str, str]) -> None:
        role = values.get("role", "")
        self._link = _Link(
            urljoin(self._page, values.get("href", "")),
            len(self._lines.words),
            is_note=role == "doc-noteref",
            is_backlink=role == "doc-backlink",
        )

    def _close_a(self) -> None:
        link, self._link = self._link, None
        if link is None or link.is_backlink:
            return
        words = "".join(self._lines.words[link.start :])
        if link.is_note:
            self._lines.words[link.start :] = [f"[{words}]"]
        elif words.strip() not in (link.address, link.address.removeprefix("mailto:")):
            self._lines.words.append(f" ({link.address})")

    def _flush(self) -> None:
        """End the line that is being written, if it has any words."""
        text = "".join(self._lines.words)
        self._lines.words = []
        if not text.strip():
            return
        lines = text.rstrip("\n").split("\n") if self._is_in_code else text.strip().split("\n")
        for line in lines:
            kept = line.rstrip() if self._is_in_code else _SPACES.sub(" ", line.strip())
            self._lines.done.append(f"{self._before()}{kept}".rstrip())

    def _before(self) -> str:
        """Return what begins the next line; the mark of an item begins its first one alone."""
        pieces = []
        for level in self._levels:
            pieces.append(level.rest if level.first is None else level.first)
            level.first = None
        return "".join(pieces)

    def _blank(self) -> None:
        """Leave one line empty, but for the marks of quotations."""
        if self._lines.done and self._lines.done[-1].strip(" >"):
            quotes = "".join(level.rest for level in self._levels if level.rest == _QUOTE)
            self._lines.done.append(quotes.rstrip())
