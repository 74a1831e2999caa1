"""Text as people may send it: tidied, and free of characters that deceive or break things."""

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .characters import is_mark, is_visible

# Marks or invisible characters in a row. Living scripts stack up to six; a flag made of tag
# characters has seven; more is drawn over the neighbours or hides a message.
MAX_MARKS = 8
NEAR = 20

_NEWLINES = re.compile("\r\n?|[\u2028\u2029]")
_EDGE_SPACES = " \t\xa0\u3000"
_INDENTS = ("    ", "\t")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_NOT_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_FORBIDDEN = {
    "null": re.compile("\x00"),
    "surrogate": re.compile("[\ud800-\udfff]"),
    "control": re.compile(f"[\x01-\x08\x0b-\x1f\x7f-\x9f{_NOT_CHARACTERS}]"),
    "direction": re.compile("[\u202a-\u202e]"),
    "hidden": re.compile("[\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"),
}
_ISOLATES_OPEN = "\u2066\u2067\u2068"
_ISOLATE_CLOSE = "\u2069"
_UNSEEN = _(
    "There is a character here that nobody can see and that can do harm. "
    "Delete it, or type the words around it again."
)
_SENTENCES: dict[str, Promise] = {
    "null": _UNSEEN,
    "surrogate": _("One character here is broken. Delete it and type it again."),
    "control": _UNSEEN,
    "direction": _(
        "There is a character here that turns the direction of the text without showing itself. "
        "Delete it, or type the words around it again."
    ),
    "marks": _("Too many accents or invisible characters follow each other here. Take some out."),
    "hidden": _UNSEEN,
    "nothing": _("There is nothing to see in this text. Write a few words."),
}


class UnsafeText(ValueError):
    """A text that must not be stored. `code` names the reason, `message` tells the person."""

    def __init__(self, code: str, near: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = str(_SENTENCES[code])
        if near:
            self.message += " " + _("Look right after “%(near)s”.") % {"near": near}


def clean(text: str) -> str:
    """Return `text` with plain newlines, composed letters, and no blanks around it or its lines.

    What Markdown gives a meaning stays: two blanks before a newline, four before a first line.
    """
    lines = _NEWLINES.sub("\n", text).split("\n")
    tidy = "\n".join(map(_tidy_line, lines)).strip("\n").rstrip(" ")
    if not tidy.startswith(_INDENTS):
        tidy = tidy.lstrip(_EDGE_SPACES)
    # Composing sorts marks, slowly where they pile up; `check` refuses such a text anyway.
    return tidy if _pile_of_marks(tidy) is not None else unicodedata.normalize("NFC", tidy)


def check(text: str) -> None:
    """Raise UnsafeText if a cleaned `text` holds what deceives readers, or nothing to see."""
    for code, pattern in _FORBIDDEN.items():
        found = pattern.search(_FLAG.sub(_same_length, text) if code == "hidden" else text)
        if found:
            raise UnsafeText(code, _near(text, found.start()))
    place = _lost_isolate(text)
    if place is not None:
        raise UnsafeText("direction", _near(text, place))
    place = _pile_of_marks(text)
    if place is not None:
        raise UnsafeText("marks", _near(text, place))
    if not any(map(is_visible, text)):
        raise UnsafeText("nothing")


# Separators go; letters and digits that pass for each other in most typefaces become one.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "w": "vv"} | dict.fromkeys("_.-"))


def skeleton(handle: str) -> str:
    """Return the look-alike key of a `handle` of a-z, 0-9 and `_.-`: one for all that look alike.

    Case and separators do not count; 0 is o, 1 and i are l, 5 is s, `rn` is m and `vv` is w. It is
    never longer than the handle, and empty if that has separators only.
    """
    # Every w is taken apart first, so that `vw` and `wv` meet in the same key.
    return handle.lower().translate(_ALIKE).replace("vv", "w").replace("rn", "m")


def _tidy_line(line: str) -> str:
    words = line.rstrip(_EDGE_SPACES)
    return f"{words}  " if words and line.endswith("  ") else words


def _same_length(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _near(text: str, place: int) -> str:
    line = text[max(0, place - NEAR) : place].rsplit("\n", 1)[-1]
    return "".join(filter(str.isprintable, line)).strip()


def _lost_isolate(text: str) -> int | None:
    """Return where an isolate lacks its other half; each must end in the line it starts in."""
    opened: list[int] = []
    for place, character in enumerate(text + "\n"):
        if character in _ISOLATES_OPEN:
            opened.append(place)
        elif character == _ISOLATE_CLOSE:
            if not opened:
                return place
            opened.pop()
        elif character == "\n" and opened:
            return opened[-1]
    return None


def _pile_of_marks(text: str) -> int | None:
    """Return where more than MAX_MARKS marks or invisible characters begin in a row."""
    if text.isascii():
        return None
    run = 0
    for place, character in enumerate(text):
        run = run + 1 if is_mark(character) else 0
        if run > MAX_MARKS:
            return place - run + 1
    return None
