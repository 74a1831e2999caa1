"""Plain text as Markdown: every sign means itself.

Where Markdown would read a paragraph as something else, backslashes keep it from that, so that
each word stays. Pure.
"""

import re
import string
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.exceptions import ActionRefused
from core.markdown.html import MarkupRefused, Profile, render_many

from .html_text import text_of

PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
LIST_LINE = re.compile(r"[-+*•][ \t]|\d{1,9}[.)][ \t]")
MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~])|^([-+=:]|\d+(?=[.)]))", re.MULTILINE)
PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")


def to_markdown(text: str) -> str:
    """Return Markdown that shows the words of `text`, each as it stands there.

    Raises `ActionRefused` if that cannot be.
    """
    paragraphs = [_tidy(paragraph) for paragraph in PARAGRAPHS.split(text) if paragraph.strip()]
    body = "\n\n".join(_faithful(paragraph) for paragraph in paragraphs)
    if body and shown_text(body).split() != text.split():
        raise ActionRefused(
            _("This text cannot be shown word for word. Please bring it as Markdown.")
        )
    return body


def shown_text(body: str) -> str:
    """Return the words of Markdown as a reader sees them. Raises `ActionRefused`."""
    try:
        return text_of(next(render_many([body], Profile.POST)))
    except MarkupRefused as refused:
        raise ActionRefused(refused.message) from refused


def _tidy(paragraph: str) -> str:
    return "\n".join(line.strip() for line in paragraph.strip().splitlines())


def _faithful(paragraph: str) -> str:
    """Return Markdown for one paragraph of plain text."""
    words = paragraph.split()
    for written in _ways_to_write(paragraph):
        try:
            html = next(render_many([written], Profile.POST))
        except MarkupRefused:
            continue
        is_one = html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>\n")
        if is_one and text_of(html).split() == words:
            return written
    return paragraph


def _ways_to_write(paragraph: str) -> Iterator[str]:
    """Yield the paragraph as it is, then with ever more backslashes."""
    yield paragraph
    escaped = MARKDOWN_SIGNS.sub(_with_backslash, paragraph)
    everywhere = PUNCTUATION.sub(r"\\\1", paragraph)
    if all(LIST_LINE.match(line) for line in paragraph.splitlines()):
        # Whoever typed a list meant its lines.
        yield escaped.replace("\n", "\\\n")
    yield escaped
    yield everywhere


def _with_backslash(match: re.Match[str]) -> str:
    sign, opening = match.groups()
    if sign:
        return f"\\{sign}"
    return f"{opening}\\" if opening[0].isdigit() else f"\\{opening}"
