"""Clean text that people send, and refuse characters that deceive readers or break pages."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .characters import is_mark, is_visible

# Marks or invisible characters in a row. Living scripts stack up to six, a flag made of tag
# characters has seven; more would cover neighbouring lines or hide a message.
MAX_MARKS = 8
# Characters quoted before the one that is refused, to find it by.
NEAR = 20
# Characters of a look-alike key of a name: one name expands to 18 times its length at most.
LOOK_LENGTH = 80

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
    "There is an invisible character here that can do harm. Delete it, or type the words "
    "around it again."
)
_SENTENCES: dict[str, Promise] = {
    "null": _UNSEEN,
    "surrogate": _("One character here is broken. Delete it and type it again."),
    "control": _UNSEEN,
    "direction": _(
        "There is an invisible character here that changes the direction of the text. Delete "
        "it, or type the words around it again."
    ),
    "marks": _("Too many accents or invisible characters follow one another here. Take some out."),
    "hidden": _UNSEEN,
    "nothing": _("There is nothing to see in this text. Write a few words."),
}


class UnsafeText(ValueError):
    """A text must not be stored. `code` names the reason, `message` is for the person."""

    def __init__(self, code: str, near: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = str(_SENTENCES[code])
        if near:
            self.message += " " + _("Look right after “%(near)s”.") % {"near": near}


def clean(text: str) -> str:
    """Return `text` with plain newlines, in NFC, without whitespace around it or after its lines.

    Whitespace that Markdown reads stays: two spaces before a newline, four before the first line.
    """
    lines = _NEWLINES.sub("\n", text).split("\n")
    cleaned = "\n".join(map(_clean_line, lines)).strip("\n").rstrip(" ")
    if not cleaned.startswith(_INDENTS):
        cleaned = cleaned.lstrip(_EDGE_SPACES)
    # NFC sorts marks, in quadratic time if there are many; `check` refuses such a text anyway.
    return cleaned if _excess_marks(cleaned) is not None else unicodedata.normalize("NFC", cleaned)


def check(text: str) -> None:
    """Raise UnsafeText if a cleaned `text` has deceptive characters or nothing visible."""
    for code, pattern in _FORBIDDEN.items():
        found = pattern.search(_FLAG.sub(_same_length, text) if code == "hidden" else text)
        if found:
            raise UnsafeText(code, _near(text, found.start()))
    place = _unpaired_isolate(text)
    if place is not None:
        raise UnsafeText("direction", _near(text, place))
    place = _excess_marks(text)
    if place is not None:
        raise UnsafeText("marks", _near(text, place))
    if not any(map(is_visible, text)):
        raise UnsafeText("nothing")


# Names in the Unicode database of letters in another shape: small capitals, in a square, as a flag,
# with a stroke.
_LATIN = re.compile(
    r"(?:.* )?(?:LATIN|REGIONAL INDICATOR SYMBOL) (?:[A-Z]+ )?LETTER (?:SMALL CAPITAL )?([A-Z])"
    r"(?: WITH .+)?"
)
# Separators are removed; characters that look alike in most typefaces become one.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "w": "vv"} | dict.fromkeys("_.-"))


def skeleton(handle: str) -> str:
    """Return the look-alike key of a `handle` of a-z, 0-9 and `_.-` (a "skeleton" in UTS #39).

    Handles that look alike have the same key. Case and separators do not count; 0 is o, 1 and i are
    l, 5 is s, `rn` is m and `vv` is w. The key is never longer than the handle, and empty if that
    has separators only.
    """
    # Every w becomes `vv` first, so that `vw` and `wv` have the same key.
    return handle.lower().translate(_ALIKE).replace("vv", "w").replace("rn", "m")


def look(name: str) -> str:
    """Return the look-alike key of a `name` in any script, comparable with that of a handle.

    Names that look alike have the same key: besides what `skeleton` does, accents, spaces, signs
    and invisible characters do not count, and letters of other scripts that look like Latin ones
    are those. It is empty for a name without letters and digits.
    """
    plain = (_plain(character) for character in unicodedata.normalize("NFKD", name))
    return skeleton("".join(plain))[:LOOK_LENGTH]


def _plain(character: str) -> str:
    """Return the letters that `character` looks like, "" for a mark, a sign or a space."""
    alike, lower = _lookalikes(), character.casefold()
    if character in alike or lower in alike:
        return alike.get(character) or alike[lower]
    named = _LATIN.fullmatch(unicodedata.name(character, ""))
    if named:
        return named[1].lower()
    kind = unicodedata.category(character)
    is_letter = kind[0] in "LN" or kind == "Mc"
    return lower if is_letter and (kind == "Mc" or is_visible(character)) else ""


@cache
def _lookalikes() -> dict[str, str]:
    """Return the Latin letters or digits that other characters look like, by character."""
    lines = Path(__file__).with_name("lookalikes.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return {character: latin for latin, characters in pairs for character in characters}


def _clean_line(line: str) -> str:
    content = line.rstrip(_EDGE_SPACES)
    return f"{content}  " if content and line.endswith("  ") else content


def _same_length(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _near(text: str, place: int) -> str:
    line = text[max(0, place - NEAR) : place].rsplit("\n", 1)[-1]
    return "".join(filter(str.isprintable, line)).strip()


def _unpaired_isolate(text: str) -> int | None:
    """Return the index of a direction isolate without its pair in the same line, or None."""
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


def _excess_marks(text: str) -> int | None:
    """Return the index at which more than MAX_MARKS marks follow one another, or None."""
    if text.isascii():
        return None
    run = 0
    for place, character in enumerate(text):
        run = run + 1 if is_mark(character) else 0
        if run > MAX_MARKS:
            return place - run + 1
    return None
