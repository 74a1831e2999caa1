"""The paragraphs of an article, to credit one of them by its words."""

import re
from dataclasses import dataclass

from ..models import Post, Revision
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


def paragraphs(post: Post) -> list[Paragraph]:
    """Return the paragraphs of the article as readers see it now."""
    live = Revision.objects.filter(pk=post.live_revision_id or 0)
    html = live.values_list("body_html", flat=True).first() or ""
    words = (text_of(each).strip() for each in _PARAGRAPH.findall(html))
    return [Paragraph(number, text) for number, text in enumerate(filter(None, words), 1)]


def paragraph_of(post: Post, number: str) -> str:
    """Return the words of the paragraph with this number, or an empty string."""
    return next((each.words for each in paragraphs(post) if str(each.number) == number), "")
