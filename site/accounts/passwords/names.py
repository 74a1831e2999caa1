"""Find passwords that are little more than names: of the site, of its host, of the person."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from core.text import skeleton
from publication import current

from .spellings import NORMALISED_UP_TO, normal_form

SOFTWARE = "Counterpoint"
# Letters. Shorter parts of names are in too many words.
SHORTEST_NAME = 3
# Letters besides names and decorations that make a password of somebody's own.
OWN_LETTERS = 4
_BETWEEN_PARTS = re.compile(r"[\W_\d]+")
_ATTRIBUTES = ("handle", "name", "email")


def is_made_of_names(password: str, person: Any = None) -> bool:
    """Return whether `password` has fewer than `OWN_LETTERS` letters besides names.

    Names may be repeated, joined and decorated, or written with digits that look like letters.
    """
    if len(password) > NORMALISED_UP_TO:
        return False
    text, names = _folded(password), set(_names(person))
    alike = {skeleton(name) for name in names}
    return _is_covered(text, names) or _is_covered(skeleton(text.strip("0123456789")), alike)


def _is_covered(text: str, names: Iterable[str]) -> bool:
    rest = text
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, " ")
    return rest != text and sum(map(str.isalpha, rest)) < OWN_LETTERS


def _names(person: Any) -> Iterator[str]:
    """Yield the names of the site and of `person`, whole and in parts, folded."""
    values = [SOFTWARE, current.current().name, urlsplit(settings.SITE_URL).hostname]
    values += [getattr(person, attribute, None) for attribute in _ATTRIBUTES]
    for value in values:
        parts = _BETWEEN_PARTS.split(value or "")
        for part in ("".join(parts), value or "", *parts):
            folded = _folded(part)
            if len(folded) >= SHORTEST_NAME:
                yield folded


def _folded(text: str) -> str:
    return normal_form(text).casefold()
