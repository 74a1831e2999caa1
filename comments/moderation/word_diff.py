"""Compare two texts word by word. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

# A word, white space, or a single sign.
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# Pairs of words up to which texts are compared, for which difflib needs at most half a second: two
# of the greatest length in ordinary prose. Of others the whole differing part is shown as replaced.
PAIRS_MOST = 16_000_000


class TextPiece(NamedTuple):
    """A piece of text that both have, or only one of them."""

    text: str
    is_removed: bool = False
    is_added: bool = False


def compare(old: str, new: str) -> list[TextPiece]:
    """Return the pieces of `old` and `new` in order; what both have is there once."""
    return [piece for piece in _pieces(_WORD.findall(old), _WORD.findall(new)) if piece.text]


def _pieces(old: list[str], new: list[str]) -> Iterator[TextPiece]:
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    yield TextPiece("".join(old[:start]))
    yield from _changes(old[start : len(old) - end], new[start : len(new) - end])
    yield TextPiece("".join(old[len(old) - end :]))


def _alike(old: list[str], new: list[str]) -> int:
    """Return how many words at the beginning of both are the same."""
    pairs = zip(old, new, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _changes(old: list[str], new: list[str]) -> Iterator[TextPiece]:
    """Yield the pieces of words that differ at both ends."""
    if len(old) * len(new) > PAIRS_MOST:
        yield from _replaced(old, new)
        return
    for name, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if name == "equal":
            yield TextPiece("".join(old[i:j]))
        else:
            yield from _replaced(old[i:j], new[k:m])


def _replaced(old: list[str], new: list[str]) -> Iterator[TextPiece]:
    yield TextPiece("".join(old), is_removed=True)
    yield TextPiece("".join(new), is_added=True)
