"""List the paragraphs of an article, for readers to credit one with changing their mind."""

import re
from dataclasses import dataclass

from core.markdown.html import shortened

from .html_text import text_of

_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
# Characters of a paragraph shown in a list: enough to distinguish it from the others.
BEGINNING_MAX = 90


@dataclass(frozen=True)
class Paragraph:
    """Hold the text of a paragraph and its number in the article, from 1."""

    number: int
    text: str

    @property
    def beginning(self) -> str:
        """The first words of the paragraph."""
        return shortened(self.text, BEGINNING_MAX)


def paragraphs(html: str) -> list[Paragraph]:
    """Return the paragraphs of an article's `html` that have text."""
    texts = (text_of(each).strip() for each in _PARAGRAPH.findall(html))
    return [Paragraph(number, text) for number, text in enumerate(filter(None, texts), 1)]


def paragraph_of(html: str, number: str) -> str:
    """Return the text of the paragraph with this number, or an empty string."""
    return next((each.text for each in paragraphs(html) if str(each.number) == number), "")
