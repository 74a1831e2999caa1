"""The paragraphs of an article, to credit one of them by its words."""

import re
from dataclasses import dataclass

from .html_text import text_of

_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
# As much of a paragraph as tells it from others in a list.
BEGINNING = 90


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its place in the article, from 1, and its words."""

    number: int
    words: str

    @property
    def beginning(self) -> str:
        """How it begins."""
        if len(self.words) <= BEGINNING:
            return self.words
        return f"{self.words[:BEGINNING].rsplit(' ', 1)[0]} …"


def paragraphs(html: str) -> list[Paragraph]:
    """Return the paragraphs of an article's `html` that have words."""
    words = (text_of(each).strip() for each in _PARAGRAPH.findall(html))
    return [Paragraph(number, text) for number, text in enumerate(filter(None, words), 1)]


def paragraph_of(html: str, number: str) -> str:
    """Return the words of the paragraph with this number, or an empty string."""
    return next((each.words for each in paragraphs(html) if str(each.number) == number), "")
