"""What a reader sees of a character."""

import unicodedata

# Letters and symbols by name that show as nothing: fillers of Hangul, and empty Braille.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_MARKS_AND_FORMATS = ("Mn", "Mc", "Me", "Cf")
# Blanks, joiners, soft hyphens and marks of direction that scripts need.
_NEEDED = "\t\n\xad\u200c\u200d\u200e\u200f\u2060"


def is_visible(character: str) -> bool:
    """Tell whether `character` alone leaves a trace on a page: a letter, digit, sign or symbol."""
    return unicodedata.category(character)[0] in "LNPS" and character not in _BLANK


def is_mark(character: str) -> bool:
    """Tell whether `character` is drawn over others, or not at all."""
    return unicodedata.category(character) in _MARKS_AND_FORMATS


def is_hidden(character: str) -> bool:
    """Tell whether `character` is a mark, a control or unassigned, and no script needs it alone."""
    return unicodedata.category(character)[0] in "CM" and character not in _NEEDED
