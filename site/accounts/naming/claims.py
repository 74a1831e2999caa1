"""Find in names and handles the words that claim a role, in several languages.

A word of a name lies between spaces, signs, digits or a change from small to capital letters.
"""

import re
from collections.abc import Iterable, Iterator

from core.text import look

from .reserved import FILLERS, RESERVED, ROLE_WORDS, ROLE_WORDS_ANYWHERE

# Letters. Shorter words are the beginning or the end of too many others.
_SHORTEST_BESIDE = 3
_SHORTEST_BEFORE_NAME = 5

_RESERVED = frozenset(map(look, RESERVED))
_FILLERS = frozenset(map(look, FILLERS))
_ROLES = frozenset(map(look, ROLE_WORDS))
_ANYWHERE = frozenset(map(look, ROLE_WORDS_ANYWHERE))
_BEFORE_NAMES = frozenset(role for role in _ROLES if len(role) >= _SHORTEST_BEFORE_NAME)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = "0123456789"


def claims_role(name: str) -> bool:
    """Return whether `name` has a word that claims a role, or is made of reserved words alone.

    The longest of such words count inside others, too; short ones, which other words contain, only
    with words that say nothing more: "theadmin", but not "Adminton".
    """
    parts = {look(part) for word in _WORD.findall(name) for part in _split_at_capitals(word)}
    if parts <= _RESERVED | _FILLERS | {""} and not parts.isdisjoint(_RESERVED):
        return True
    wholes = {look(name), look(without_signs(name))}
    return (
        not _ROLES.isdisjoint(parts.union(_words_of(name)))
        or any(word in whole for word in _ANYWHERE for whole in wholes)
        or any(_JOINED.fullmatch(whole.strip(_DIGITS)) for whole in wholes)
    )


def without_signs(name: str) -> str:
    """Return the letters and digits of `name`."""
    return "".join(_WORD.findall(name))


def beside_role(key: str) -> set[str]:
    """Return what the look-alike `key` of a name has besides a role at its beginning or end."""
    starts = (key.removeprefix(role) for role in _BEFORE_NAMES)
    ends = (key.removesuffix(role) for role in _BEFORE_NAMES)
    return {*starts, *ends} - {key, ""}


def with_roles(keys: Iterable[str]) -> set[str]:
    """Return the look-alike `keys` of names, and those with a role before or after them."""
    return {
        each for key in keys for role in _BEFORE_NAMES for each in (key, role + key, key + role)
    }


def _words_of(name: str) -> Iterator[str]:
    """Yield the look-alike keys of the words of `name`, with the digits around them and without."""
    for word in [*name.split(), *_WORD.findall(name)]:
        for part in (word, *_split_at_capitals(word)):
            yield look(part)
            yield look(part.strip(_DIGITS))


def _split_at_capitals(word: str) -> Iterator[str]:
    """Yield the parts of `word` that begin with a capital: "ADMINJune" has two."""
    start = 0
    for at in range(1, len(word)):
        before, here, after = word[at - 1], word[at], word[at + 1 : at + 2]
        if here.isupper() and (not before.isupper() or after.islower()):
            yield word[start:at]
            start = at
    yield word[start:]


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in words if len(word) >= _SHORTEST_BESIDE)


_JOINED = re.compile(
    f"(?:{_either(_FILLERS | _RESERVED)})*"
    f"(?:{_either(_ROLES | _RESERVED)})"
    f"(?:{_either(_FILLERS | _RESERVED | _ROLES)})*"
)
