"""Shorten names to the initials that stand where a face would be."""

import re
import unicodedata
from functools import lru_cache

from core.characters import is_mark

# Names that a process remembers: those of one long discussion.
NAMES = 2000
# An apostrophe parts no name: O'Brien is one word.
_PARTS = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")


@lru_cache(maxsize=NAMES)
def initials(name: str) -> str:
    """Return the first letters of the first and the last part of `name`, in capitals.

    One letter for a name of one part, an empty string for one without letters and digits. Vowel
    signs and joiners, which many scripts write within a word, part no name.
    """
    composed = unicodedata.normalize("NFC", name)
    parts = _PARTS.findall("".join(each for each in composed if not is_mark(each)))
    ends = parts[:1] + parts[1:][-1:]
    return "".join(part[0].upper()[:1] for part in ends)
