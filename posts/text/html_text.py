"""The words of HTML as a reader sees them, and where in the HTML each of them comes from.

HTML is never searched for words and words never for tags: a parser tells them apart. Pure.
"""

from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Between the words of two of these a reader sees space, whatever the HTML says.
INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u"
    " var".split()
)
# Not text that a reader sees; and the number of a footnote is no part of the sentence.
SKIPPED = frozenset("script style sup template textarea title".split())


def text_of(html: str) -> str:
    """Return the words of `html` as a reader sees them, any white space as one space."""
    return Reading.of(html).text


@dataclass(frozen=True)
class TextSpan:
    """A stretch of text in the HTML: from where to where, and whether it may be cut."""

    start: int
    end: int
    is_whole: bool  # a character reference is one sign to the reader


@dataclass
class Reading:
    """The words of some HTML, and for each character where in the HTML it comes from."""

    text: str = ""
    origins: list[int] = field(default_factory=list)
    stretches: list[TextSpan] = field(default_factory=list)
    block_ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, html: str) -> "Reading":
        """Read `html`."""
        return _Reader(html).reading()


class _Reader(HTMLParser):
    """Splits HTML into tags and text, noting where each begins."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._lines = [0, *(i + 1 for i, sign in enumerate(html) if sign == "\n")]
        self._open: list[bool] = []  # for each open element, whether its words are skipped
        self._signs: list[str] = []
        self._result = Reading()
        self._ends_block = False
        self.feed(html)
        self.close()

    def reading(self) -> Reading:
        """Return what was read."""
        self._result.text = "".join(self._signs)
        return self._result

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note_end_of_block()
        self._separate(tag)
        if tag not in VOID:
            self._open.append(self._is_skipping or tag in SKIPPED)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._note_end_of_block()
        self._separate(tag)
        if self._open and tag not in VOID:
            self._open.pop()
            self._ends_block = not self._open

    def handle_data(self, data: str) -> None:
        start = self._note_end_of_block()
        if self._is_skipping:
            return
        self._result.stretches.append(TextSpan(start, start + len(data), is_whole=False))
        for offset, sign in enumerate(data):
            self._add(sign, start + offset)

    def handle_entityref(self, name: str) -> None:
        self._add_reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._add_reference(f"&#{name}")

    def close(self) -> None:
        super().close()
        if self._ends_block:
            self._result.block_ends.append(len(self._html))

    @property
    def _is_skipping(self) -> bool:
        return bool(self._open) and self._open[-1]

    def _position(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _note_end_of_block(self) -> int:
        """Note that a top-level element ended just before here; return where here is."""
        start = self._position()
        if self._ends_block:
            self._result.block_ends.append(start)
            self._ends_block = False
        return start

    def _add_reference(self, reference: str) -> None:
        start = self._note_end_of_block()
        if self._is_skipping:
            return
        end = start + len(reference)
        end += self._html[end : end + 1] == ";"
        self._result.stretches.append(TextSpan(start, end, is_whole=True))
        for sign in unescape(f"{reference};"):
            self._add(sign, start)

    def _add(self, sign: str, origin: int) -> None:
        """Add one sign; of several white ones in a row the first, as a space."""
        if sign.isspace():
            if not self._signs or self._signs[-1] == " ":
                return
            sign = " "
        self._signs.append(sign)
        self._result.origins.append(origin)

    def _separate(self, tag: str) -> None:
        if tag not in INLINE:
            self._add(" ", self._position())
