"""Finding a sentence in a text by its words, and marking it in the text's HTML.

An anchor is the TextQuoteSelector of the W3C Web Annotation Data Model: the words themselves, and
what stands before and after, to tell repetitions apart. Everything here is pure.

HTML is never searched for words and words never for tags. A parser splits the HTML into tags and
text, the anchor is looked up in the text alone, and what is found is marked by putting elements
around pieces of text. No tag is moved or cut, so well-formed HTML stays well-formed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise

# As much as a promise stores on either side.
CONTEXT = 32
# Words that stand in a text more often than this have no place of their own.
CANDIDATES = 500

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Between the words of two of these a reader sees space, whatever the HTML says.
INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u"
    " var".split()
)
# Not text that a reader sees; and the number of a footnote is no part of the sentence.
SKIPPED = frozenset("script style sup template textarea title".split())

# Whoever types a quotation types the quotation marks of their keyboard.
FOLDED = str.maketrans("‘’‚‛“”„‟‐‑\u00a0", "''''\"\"\"\"-- ")


@dataclass(frozen=True)
class Anchor:
    """The words that are meant, and what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def find(self, text: str) -> tuple[int, int] | None:
        """Return where in `text` (of `text_of`) the words begin and end, or None.

        Of several places the one whose surroundings agree best is meant; of equals, the first.
        """
        haystack, exact = fold(text), _folded_words(self.exact)
        places = list(_occurrences(haystack, exact)) if exact else []
        if not places:
            return None
        before, after = _folded_words(self.prefix), _folded_words(self.suffix)
        start = max(places, key=lambda place: _agreement(haystack, place, exact, before, after))
        return start, start + len(exact)

    def completed_from(self, text: str) -> "Anchor | None":
        """Return the anchor as `text` has it, with its true surroundings, or None."""
        found = self.find(text)
        if found is None:
            return None
        start, end = found
        return Anchor(text[start:end], text[max(0, start - CONTEXT) : start], text[end:][:CONTEXT])


@dataclass(frozen=True)
class Mark:
    """An anchor to be marked: `id` and `attributes` go on the element around its words."""

    id: str
    anchor: Anchor
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Piece:
    """HTML up to the end of a top-level element, and the ids of the marks that end within."""

    html: str
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Woven:
    """HTML with its marks, cut where something about them can be said; `lost` were not found."""

    pieces: tuple[Piece, ...]
    lost: tuple[str, ...] = ()


def text_of(html: str) -> str:
    """Return the words of `html` as a reader sees them, any white space as one space."""
    return _Reading.of(html).text


@lru_cache(maxsize=64)
def weave(html: str, marks: tuple[Mark, ...]) -> Woven:
    """Return `html` with an element around the words of each of `marks`.

    Words that run across tags get an element for each stretch of text; only the first has the id.
    """
    reading = _Reading.of(html)
    found = {mark: _place(reading, mark) for mark in marks}
    places = [(mark, *place) for mark, place in found.items() if place is not None]
    lost = tuple(mark.id for mark, place in found.items() if place is None)
    return Woven(tuple(_cut(html, reading, places)), lost)


def fold(text: str) -> str:
    """Return `text` with equal signs for signs that look alike; its length stays the same."""
    return text.translate(FOLDED)


def _folded_words(quoted: str) -> str:
    return fold(" ".join(quoted.split()))


def _occurrences(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    for _count in range(CANDIDATES):
        if start < 0:
            return
        yield start
        start = text.find(words, start + 1)


def _agreement(text: str, start: int, exact: str, before: str, after: str) -> int:
    """Return how many characters around the place at `start` are those the anchor names."""
    end = start + len(exact)
    left = text[max(0, start - len(before) - 1) : start].rstrip()
    right = text[end : end + len(after) + 1].lstrip()
    return _common(reversed(left), reversed(before)) + _common(right, after)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many characters two texts have in common from their beginnings."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


@dataclass(frozen=True)
class _Text:
    """A stretch of text in the HTML: from where to where, and whether it may be cut."""

    start: int
    end: int
    is_whole: bool  # a character reference is one sign to the reader


@dataclass
class _Reading:
    """The words of some HTML, and for each character where in the HTML it comes from."""

    text: str = ""
    origins: list[int] = field(default_factory=list)
    stretches: list[_Text] = field(default_factory=list)
    block_ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, html: str) -> "_Reading":
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
        self._result = _Reading()
        self._ends_block = False
        self.feed(html)
        self.close()

    def reading(self) -> _Reading:
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
        self._result.stretches.append(_Text(start, start + len(data), is_whole=False))
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
        self._result.stretches.append(_Text(start, end, is_whole=True))
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


def _place(reading: _Reading, mark: Mark) -> tuple[int, int] | None:
    """Return from where to where in the HTML the words of `mark` run."""
    found = mark.anchor.find(reading.text)
    if found is None:
        return None
    start, end = found
    return reading.origins[start], reading.origins[end - 1] + 1


def _cut(html: str, reading: _Reading, places: Sequence[tuple[Mark, int, int]]) -> Iterator[Piece]:
    """Yield the HTML, marked, in pieces that end with the elements in which marks end."""
    ends: dict[int, list[str]] = {}
    for mark, _start, end in places:
        block_end = next((at for at in reading.block_ends if at >= end), len(html))
        ends.setdefault(block_end, []).append(mark.id)
    marked = dict.fromkeys(mark.id for mark, _start, _end in places)
    for start, end in pairwise([0, *sorted(ends), len(html)]):
        if start < end:
            stretches = [text for text in reading.stretches if start <= text.start < end]
            yield Piece(
                "".join(_marked(html, start, end, stretches, places, marked)),
                tuple(ends.get(end, ())),
            )


def _marked(
    html: str,
    start: int,
    end: int,
    stretches: Sequence[_Text],
    places: Sequence[tuple[Mark, int, int]],
    unused_ids: dict[str, None],
) -> Iterator[str]:
    """Yield `html` from `start` to `end` with an element around every marked bit of text."""
    at = start
    for text in stretches:
        yield html[at : text.start]
        for left, right in pairwise(_cuts(text, places)):
            bit = html[left:right]
            marks = [mark for mark, begin, stop in places if begin < right and left < stop]
            yield _wrapped(bit, marks, unused_ids) if bit.strip() else bit
        at = text.end
    yield html[at:end]


def _cuts(text: _Text, places: Sequence[tuple[Mark, int, int]]) -> list[int]:
    """Return where to cut a stretch of text: at its ends, and where marks begin and end."""
    edges = {text.start, text.end}
    if not text.is_whole:
        marks = {edge for _mark, begin, stop in places for edge in (begin, stop)}
        edges |= {edge for edge in marks if text.start < edge < text.end}
    return sorted(edges)


def _wrapped(bit: str, marks: Sequence[Mark], unused_ids: dict[str, None]) -> str:
    """Return a bit of text inside one element for each of `marks`."""
    for mark in reversed(marks):
        attributes = dict(mark.attributes)
        if mark.id in unused_ids:
            del unused_ids[mark.id]
            attributes = {"id": mark.id, **attributes}
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        bit = f"<span{written}>{bit}</span>"
    return bit
