"""Templates drawn once for many rows that differ only in a few words.

A template is rendered with a mark in place of each such word; what comes out is a skeleton, and
filling it for a row is one operation on a string. A template drawn fifty times takes a hundred
times as long.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from ..markdown.html import assembled

# Digits: they pass for an id, a handle or a word, in addresses too, and escaping leaves them.
_MARK = "7040910{:02d}5030806"
_FILLED = re.compile(r"7040910(\d\d)5030806")
# Indentation is a fifth of a page of comments. What fills the slots keeps its own.
_INDENTED = re.compile(r"\s*\n\s*")
_TO_ESCAPE = re.compile(r"[&<>\"']")


def marks(names: tuple[str, ...]) -> dict[str, str]:
    """Return the mark that stands for each of `names` in a skeleton with these slots."""
    return {name: _MARK.format(place) for place, name in enumerate(names)}


class SlotTemplate:
    """HTML with a slot for each of `names`."""

    def __init__(self, template: str, context: Mapping[str, Any], names: tuple[str, ...]) -> None:
        """Draw `template` with `context` and a mark for each of `names`."""
        slots = marks(names)
        html = _INDENTED.sub("\n", render_to_string(template, {**context, **slots})).strip()
        # Pieces of HTML with a place between any two, and the names that go there.
        self._pieces = _FILLED.split(html)
        self._places = [names[int(number)] for number in self._pieces[1::2]]
        self._names = list(dict.fromkeys(self._places))

    def fill(self, values: Mapping[str, str | int | None]) -> SafeString:
        """Return the HTML with `values` in the slots; what is no safe HTML is escaped."""
        texts: dict[str, str] = {}
        for name in self._names:
            value: Any = values[name]
            kind = type(value)
            if kind is int:
                value = str(value)
            elif kind is not SafeString and (kind is not str or _TO_ESCAPE.search(value)):
                value = escape(value)
            texts[name] = value
        pieces = self._pieces.copy()
        pieces[1::2] = [texts[name] for name in self._places]
        return assembled("".join(pieces))
