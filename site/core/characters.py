"""Tell visible characters from marks and invisible ones."""

import re
import unicodedata

# Letters and symbols that show nothing: Hangul fillers and the blank Braille pattern.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
# Marks that show nothing either: Unicode's Default_Ignorable_Code_Point of category Mn.
_IGNORED = re.compile("[\u034f\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARKS_AND_FORMATS = ("Mn", "Mc", "Me", "Cf")
# Whitespace, joiners, soft hyphens and direction marks that scripts need.
_NEEDED = "\t\n\xad\u200c\u200d\u200e\u200f\u2060"


def is_visible(character: str) -> bool:
    """Return whether `character` alone shows on a page: a letter, digit, punctuation or symbol."""
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK


def is_blank(character: str) -> bool:
    """Return whether `character` is a letter or a mark of which nothing is ever seen."""
    return character in _BLANK or _IGNORED.match(character) is not None


def is_mark(character: str) -> bool:
    """Return whether `character` is a combining mark or a format character."""
    return unicodedata.category(character) in _MARKS_AND_FORMATS


def is_hidden(character: str) -> bool:
    """Return whether `character` is a mark, control or unassigned, and not needed by a script."""
    return unicodedata.category(character)[0] in "CM" and character not in _NEEDED
