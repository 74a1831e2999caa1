"""Make and check slugs: the last part of the address of a post or a series, in any script."""

import re
import unicodedata

from django.db.models import Model

from core.characters import is_blank, is_mark

# Characters, the width of the columns.
SLUG_LENGTH = 80

_APOSTROPHES = re.compile("['’ʼ]")
# Accents of Latin letters go ("café" gives "cafe"); marks of other scripts are a part of the word.
_LATIN_ACCENTS = re.compile("(?<=[a-z0-9])[\u0300-\u036f]+")
_HYPHENS = re.compile("-{2,}")


def slug_of(text: str) -> str:
    """Return the words of `text` in small letters, joined by hyphens; empty for text without one.

    At most `SLUG_LENGTH` characters.
    """
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    whole = unicodedata.normalize("NFC", _LATIN_ACCENTS.sub("", letters))
    seen = _without_stray_marks("".join(_in_address(character) for character in whole))
    return _HYPHENS.sub("-", seen).strip("-_")[:SLUG_LENGTH].strip("-_")


def cleaned_slug(typed: str) -> str:
    """Return a `typed` slug in small letters, and in the form that all its spellings share."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", typed).lower())


def is_slug(text: str) -> bool:
    """Return whether `text` is letters, marks and digits of any script, hyphens and underscores.

    At most `SLUG_LENGTH`. One letter or digit has to be there, each mark stands on one, and nothing
    is invisible.
    """
    if len(text) > SLUG_LENGTH or any(map(is_blank, text)) or _without_stray_marks(text) != text:
        return False
    kinds = {unicodedata.category(character)[0] for character in text if character not in "-_"}
    return bool(kinds & {"L", "N"}) and kinds <= {"L", "M", "N"}


def free_slug(model: type[Model], text: str) -> str:
    """Return a slug made from `text`, of at most `SLUG_LENGTH` characters, new to `model`."""
    stem = slug_of(text) or str(model._meta.model_name)
    slug, number = stem, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{stem[: SLUG_LENGTH - len(str(number)) - 1]}-{number}"
    return slug


class UnicodeSlugConverter:
    """Read a slug from a path; another way of composing its characters leads to the same slug."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the slug; raises ValueError, which Django takes for a path without a page."""
        slug = unicodedata.normalize("NFC", value)
        if not is_slug(slug):
            raise ValueError
        return slug

    def to_url(self, value: str) -> str:
        """Return `value`, which Django encodes for a path."""
        return value


def _without_stray_marks(text: str) -> str:
    """Return `text` without the marks that stand on no letter: at its beginning, behind a hyphen.

    A browser would draw them on whatever comes before.
    """
    kept = ""
    for character in text:
        if not is_mark(character) or kept[-1:] not in {"", "-", "_"}:
            kept += character
    return kept


def _in_address(character: str) -> str:
    if is_blank(character):
        return ""
    match unicodedata.category(character):
        case "Cf":  # joins letters, and cannot be seen
            return ""
        case kind if kind[0] in "LMN" or character == "_":
            return character
        case _:
            return "-"
