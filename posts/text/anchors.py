"""Find a quoted sentence in a text.

An anchor is a TextQuoteSelector of the W3C Web Annotation Data Model: the quoted text, and the text
before and after it, which distinguishes repetitions. All functions are pure; `html_text` extracts
the text of HTML, and `posts.pages.annotations` marks anchors in HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Characters stored on either side of the quoted text: enough to distinguish repetitions.
CONTEXT = 32
# Occurrences compared at most, which bounds the work for a very short quotation.
CANDIDATES = 500

# Typographic characters and their keyboard equivalents, which people type when they quote.
FOLDED = str.maketrans("‘’‚‛“”„‟‐‑\u00a0", "''''\"\"\"\"-- ")


@dataclass(frozen=True)
class Anchor:
    """Hold a quoted text with the text before and after it."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the start and end of the quotation in `text` (made by `text_of`), or None.

        Of several occurrences, return the one whose context agrees best; of equals, the first.
        """
        haystack, exact = fold(text), _folded_words(self.exact)
        starts = list(_occurrences(haystack, exact)) if exact else []
        if not starts:
            return None
        before, after = _folded_words(self.prefix), _folded_words(self.suffix)
        start = max(starts, key=lambda start: _agreement(haystack, start, exact, before, after))
        return start, start + len(exact)

    def completed_from(self, text: str) -> "Anchor | None":
        """Return this anchor with the quotation and the context as they are in `text`, or None."""
        found = self.find(text)
        if found is None:
            return None
        start, end = found
        return Anchor(text[start:end], text[max(0, start - CONTEXT) : start], text[end:][:CONTEXT])


def fold(text: str) -> str:
    """Return `text` with typographic characters replaced by plain ones; its length is the same."""
    return text.translate(FOLDED)


def _folded_words(quoted: str) -> str:
    return fold(" ".join(quoted.split()))


def _occurrences(text: str, quoted: str) -> Iterator[int]:
    start = text.find(quoted)
    for _count in range(CANDIDATES):
        if start < 0:
            return
        yield start
        start = text.find(quoted, start + 1)


def _agreement(text: str, start: int, exact: str, before: str, after: str) -> int:
    """Return how many characters around `exact` at `start` agree with `before` and `after`."""
    end = start + len(exact)
    left = text[max(0, start - len(before) - 1) : start].rstrip()
    right = text[end : end + len(after) + 1].lstrip()
    return _common_length(reversed(left), reversed(before)) + _common_length(right, after)


def _common_length(one: Iterable[str], other: Iterable[str]) -> int:
    """Return the length of the common beginning of two texts."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
