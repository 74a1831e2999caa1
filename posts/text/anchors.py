"""Finding a sentence in a text by its words.

An anchor is the TextQuoteSelector of the W3C Web Annotation Data Model: the words themselves, and
what stands before and after, to tell repetitions apart. Everything here is pure; `html_text` reads
the words of HTML, and `weaving` marks what was found in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# As much as a promise stores on either side.
CONTEXT = 32
# Words that stand in a text more often than this have no place of their own.
CANDIDATES = 500

# Whoever types a quotation types the quotation marks of their keyboard.
FOLDED = str.maketrans("‘’‚‛“”„‟‐‑\u00a0", "''''\"\"\"\"-- ")


@dataclass(frozen=True)
class Anchor:
    """The words that are meant, and what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def find(self, text: str) -> tuple[int, int] | None:
        """Return where in `text` (of `text_of`) the words begin and end, or None.

        Of several places the one whose surroundings agree best is meant; of equals, the first.
        """
        haystack, exact = fold(text), _folded_words(self.exact)
        places = list(_occurrences(haystack, exact)) if exact else []
        if not places:
            return None
        before, after = _folded_words(self.prefix), _folded_words(self.suffix)
        start = max(places, key=lambda place: _agreement(haystack, place, exact, before, after))
        return start, start + len(exact)

    def completed_from(self, text: str) -> "Anchor | None":
        """Return the anchor as `text` has it, with its true surroundings, or None."""
        found = self.find(text)
        if found is None:
            return None
        start, end = found
        return Anchor(text[start:end], text[max(0, start - CONTEXT) : start], text[end:][:CONTEXT])


def fold(text: str) -> str:
    """Return `text` with equal signs for signs that look alike; its length stays the same."""
    return text.translate(FOLDED)


def _folded_words(quoted: str) -> str:
    return fold(" ".join(quoted.split()))


def _occurrences(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    for _count in range(CANDIDATES):
        if start < 0:
            return
        yield start
        start = text.find(words, start + 1)


def _agreement(text: str, start: int, exact: str, before: str, after: str) -> int:
    """Return how many characters around the place at `start` are those the anchor names."""
    end = start + len(exact)
    left = text[max(0, start - len(before) - 1) : start].rstrip()
    right = text[end : end + len(after) + 1].lstrip()
    return _common(reversed(left), reversed(before)) + _common(right, after)


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many characters two texts have in common from their beginnings."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
