"""Mark sentences in HTML by wrapping their text in elements.

Elements wrap text between tags, never tags: so well-formed HTML stays well-formed, and removing the
new elements restores it. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise

from ..text.anchors import Anchor
from ..text.html_text import ExtractedText, TextSpan


@dataclass(frozen=True)
class Mark:
    """Describe a mark: the anchor of the sentence, the `id` and `attributes` of its element."""

    id: str
    anchor: Anchor
    attributes: tuple[tuple[str, str], ...] = ()


# A mark with the start and end of its sentence in the HTML.
_Range = tuple[Mark, int, int]


@dataclass(frozen=True)
class Piece:
    """Hold HTML that ends with a top-level element, and the ids of the marks that end in it."""

    html: str
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnnotatedHtml:
    """Hold marked HTML in pieces, between which notes can be shown, and the ids of `lost` marks.

    A mark is lost if its sentence is not in the HTML.
    """

    pieces: tuple[Piece, ...]
    lost: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def annotate(html: str, marks: tuple[Mark, ...]) -> AnnotatedHtml:
    """Return `html` with an element around the sentence of each of `marks`.

    A sentence with tags in it gets an element for each span of text; only the first has the id.
    """
    extracted = ExtractedText.of(html)
    found = {mark: _locate(extracted, mark) for mark in marks}
    ranges = [(mark, *located) for mark, located in found.items() if located is not None]
    lost = tuple(mark.id for mark, located in found.items() if located is None)
    return AnnotatedHtml(tuple(_pieces(html, extracted, ranges)), lost)


def _locate(extracted: ExtractedText, mark: Mark) -> tuple[int, int] | None:
    """Return the start and end of the sentence of `mark` in the HTML, None if it is lost."""
    found = mark.anchor.find(extracted.text)
    if found is None:
        return None
    start, end = found
    return extracted.origins[start], extracted.origins[end - 1] + 1


def _pieces(html: str, extracted: ExtractedText, ranges: Sequence[_Range]) -> Iterator[Piece]:
    """Yield the marked HTML in pieces that end with the top-level elements in which marks end."""
    ends: dict[int, list[str]] = {}
    for mark, _start, end in ranges:
        block_end = next((at for at in extracted.block_ends if at >= end), len(html))
        ends.setdefault(block_end, []).append(mark.id)
    unused_ids = dict.fromkeys(mark.id for mark, _start, _end in ranges)
    for start, end in pairwise([0, *sorted(ends), len(html)]):
        if start < end:
            spans = [span for span in extracted.spans if start <= span.start < end]
            yield Piece(
                "".join(_marked(html, start, end, spans, ranges, unused_ids)),
                tuple(ends.get(end, ())),
            )


def _marked(
    html: str,
    start: int,
    end: int,
    spans: Sequence[TextSpan],
    ranges: Sequence[_Range],
    unused_ids: dict[str, None],
) -> Iterator[str]:
    """Yield `html` from `start` to `end` with an element around all marked text."""
    at = start
    for span in spans:
        yield html[at : span.start]
        for left, right in pairwise(_cuts(span, ranges)):
            text = html[left:right]
            marks = [mark for mark, begin, stop in ranges if begin < right and left < stop]
            yield _wrap(text, marks, unused_ids) if text.strip() else text
        at = span.end
    yield html[at:end]


def _cuts(span: TextSpan, ranges: Sequence[_Range]) -> list[int]:
    """Return the positions that divide a span: its ends, and where marks begin and end in it."""
    edges = {span.start, span.end}
    if not span.is_whole:
        marks = {edge for _mark, begin, stop in ranges for edge in (begin, stop)}
        edges |= {edge for edge in marks if span.start < edge < span.end}
    return sorted(edges)


def _wrap(text: str, marks: Sequence[Mark], unused_ids: dict[str, None]) -> str:
    """Return `text` inside one element for each of `marks`; remove the ids used."""
    for mark in reversed(marks):
        attributes = dict(mark.attributes)
        if mark.id in unused_ids:
            del unused_ids[mark.id]
            attributes = {"id": mark.id, **attributes}
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        text = f"<span{written}>{text}</span>"
    return text
