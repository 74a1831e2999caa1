"""Extract the text of HTML as a reader sees it, with the position of each character in the HTML.

A parser separates tags from text, so that no search confuses them. Pure.
"""

from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

# Elements without an end tag.
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Elements within a line. All others separate words, even without white space in the HTML.
INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u"
    " var".split()
)
# Elements whose content readers do not see, and `sup`: a footnote's number is not in the sentence.
SKIPPED = frozenset("script style sup template textarea title".split())


def text_of(html: str) -> str:
    """Return the text of `html` as a reader sees it, any white space as one space."""
    return ExtractedText.of(html).text


@dataclass(frozen=True)
class TextSpan:
    """Locate text between tags in the HTML; a character reference is whole and cannot be cut."""

    start: int
    end: int
    is_whole: bool


@dataclass
class ExtractedText:
    """Hold the text of some HTML with positions in that HTML.

    `origins` has the position of each character of `text`, `spans` the text between tags, and
    `block_ends` the end of each top-level element.
    """

    text: str = ""
    origins: list[int] = field(default_factory=list)
    spans: list[TextSpan] = field(default_factory=list)
    block_ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, html: str) -> "ExtractedText":
        """Extract the text of `html`."""
        return _Extractor(html).extracted()


class _Extractor(HTMLParser):
    """Parse HTML and collect its text with positions."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._lines = [0, *(i + 1 for i, character in enumerate(html) if character == "\n")]
        self._open: list[bool] = []  # for each open element, whether its text is skipped
        self._characters: list[str] = []
        self._result = ExtractedText()
        self._ends_block = False
        self.feed(html)
        self.close()

    def extracted(self) -> ExtractedText:
        """Return the extracted text."""
        self._result.text = "".join(self._characters)
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
        self._result.spans.append(TextSpan(start, start + len(data), is_whole=False))
        for offset, character in enumerate(data):
            self._add(character, start + offset)

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
        """Store the end of a top-level element if one has just ended; return the position."""
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
        self._result.spans.append(TextSpan(start, end, is_whole=True))
        for character in unescape(f"{reference};"):
            self._add(character, start)

    def _add(self, character: str, origin: int) -> None:
        """Add one character; white space becomes one space, however long it is."""
        if character.isspace():
            if not self._characters or self._characters[-1] == " ":
                return
            character = " "
        self._characters.append(character)
        self._result.origins.append(origin)

    def _separate(self, tag: str) -> None:
        if tag not in INLINE:
            self._add(" ", self._position())
