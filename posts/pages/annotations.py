"""Marking sentences in HTML, without harm to the HTML around them.

Elements go around pieces of text, never around tags: no tag is moved or cut, so well-formed HTML
stays well-formed, and without the new elements it is what it was. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise

from ..text.anchors import Anchor
from ..text.html_text import Reading, TextSpan


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
class AnnotatedHtml:
    """HTML with its marks, cut where something about them can be said; `lost` were not found."""

    pieces: tuple[Piece, ...]
    lost: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def annotate(html: str, marks: tuple[Mark, ...]) -> AnnotatedHtml:
    """Return `html` with an element around the words of each of `marks`.

    Words that run across tags get an element for each stretch of text; only the first has the id.
    """
    reading = Reading.of(html)
    found = {mark: _place(reading, mark) for mark in marks}
    places = [(mark, *place) for mark, place in found.items() if place is not None]
    lost = tuple(mark.id for mark, place in found.items() if place is None)
    return AnnotatedHtml(tuple(_cut(html, reading, places)), lost)


def _place(reading: Reading, mark: Mark) -> tuple[int, int] | None:
    """Return from where to where in the HTML the words of `mark` run."""
    found = mark.anchor.find(reading.text)
    if found is None:
        return None
    start, end = found
    return reading.origins[start], reading.origins[end - 1] + 1


def _cut(html: str, reading: Reading, places: Sequence[tuple[Mark, int, int]]) -> Iterator[Piece]:
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
    stretches: Sequence[TextSpan],
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


def _cuts(text: TextSpan, places: Sequence[tuple[Mark, int, int]]) -> list[int]:
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
