"""Convert plain text to Markdown that shows every character literally.

Where Markdown would give a paragraph another meaning, backslashes prevent it, so that each word
stays. Pure.
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
# Characters with a meaning in Markdown: anywhere, or at the beginning of a line.
MARKDOWN_CHARACTERS = re.compile(r"([\\`*_\[\]<>&#|~])|^([-+=:]|\d+(?=[.)]))", re.MULTILINE)
PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")


def to_markdown(text: str) -> str:
    """Return Markdown that shows the words of `text` unchanged.

    Raises `ActionRefused` if there is none.
    """
    paragraphs = [_strip(paragraph) for paragraph in PARAGRAPHS.split(text) if paragraph.strip()]
    body = "\n\n".join(_escape(paragraph) for paragraph in paragraphs)
    if body and shown_text(body).split() != text.split():
        raise ActionRefused(
            _("This text cannot be shown word for word as plain text. Please save it as Markdown.")
        )
    return body


def shown_text(body: str) -> str:
    """Return the text of the Markdown `body` as a reader sees it.

    Raises `ActionRefused` for Markdown that cannot be rendered.
    """
    return text_of(shown_html(body))


def shown_html(body: str) -> str:
    """Return the HTML of the Markdown `body`, without a time limit.

    Raises `ActionRefused` for Markdown that cannot be rendered.
    """
    try:
        return next(render_many([body], Profile.POST))
    except MarkupRefused as refused:
        raise ActionRefused(refused.message) from refused


def _strip(paragraph: str) -> str:
    return "\n".join(line.strip() for line in paragraph.strip().splitlines())


def _escape(paragraph: str) -> str:
    """Return the Markdown of one paragraph of plain text, with as few backslashes as possible."""
    words = paragraph.split()
    for markdown in _escapings(paragraph):
        try:
            html = next(render_many([markdown], Profile.POST))
        except MarkupRefused:
            continue
        is_one = html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>\n")
        if is_one and text_of(html).split() == words:
            return markdown
    return paragraph


def _escapings(paragraph: str) -> Iterator[str]:
    """Yield the paragraph unchanged, then with more and more backslashes."""
    yield paragraph
    escaped = MARKDOWN_CHARACTERS.sub(_with_backslash, paragraph)
    everywhere = PUNCTUATION.sub(r"\\\1", paragraph)
    if all(LIST_LINE.match(line) for line in paragraph.splitlines()):
        # The author of a list wants its line breaks.
        yield escaped.replace("\n", "\\\n")
    yield escaped
    yield everywhere


def _with_backslash(match: re.Match[str]) -> str:
    character, opening = match.groups()
    if character:
        return f"\\{character}"
    return f"{opening}\\" if opening[0].isdigit() else f"\\{opening}"
