"""Read an article from a file: its title, its text and its closing question.

A Markdown file is used unchanged. In any other text every character is literal: where Markdown
would give a paragraph another meaning, backslashes prevent it, so that each word stays.

The title is that of the front matter, else the first `# ` heading, else a first line followed by an
empty one, else the name of the file. The closing question (`closing_questions`) stays in the text,
unless it is the whole last paragraph: that is removed, since the page shows the question below the
text.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from core.exceptions import ActionRefused

from ..models import QuestionVersion, Revision
from ..text.plain_text import PARAGRAPHS, shown_html, shown_text, to_markdown
from . import front_matter
from .closing_questions import closing_question
from .files import read_text

MARKDOWN_SUFFIXES = {".md", ".markdown", ".mdown", ".mkd"}
# Characters. A longer first line is a paragraph, not a title.
TITLE_LINE_MAX = 120
# Characters, the widths of the columns.
TITLE_MAX = Revision._meta.get_field("title").max_length or 0
STANDFIRST_MAX = Revision._meta.get_field("standfirst").max_length or 0
QUESTION_MAX = QuestionVersion._meta.get_field("text").max_length or 0

# A heading after `# `, or one underlined with `=`.
HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)|(.+)\n=+[ \t]*(?:\n|\Z)")
NO_TITLE_END = re.compile(r"[.!:;,…][\"'”’»)]*$")


@dataclass(frozen=True)
class Article:
    """Hold an article read from a file; `body` is Markdown, and missing fields are empty."""

    title: str
    body: str
    question: str = ""
    standfirst: str = ""
    slug: str = ""
    language: str = ""


def read_article(path: Path, *, asks: bool = True) -> Article:
    """Return the article in the file at `path`, without a closing question unless it `asks` one.

    Raises `ActionRefused` for a file that is missing, unreadable, too long or without text.
    """
    return parse_article(read_text(path), path, asks=asks)


def parse_article(text: str, path: Path, *, asks: bool = True) -> Article:
    """Return the article in `text`; the name `path` gives its format and its default title.

    Raises `ActionRefused` for text that is empty, too long or has unreadable front matter.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    article, rest = _without_front_matter(text, path)
    is_markdown = path.suffix.lower() in MARKDOWN_SUFFIXES or bool(article.title)
    heading, rest = _without_title(rest.strip("\n"), is_markdown=is_markdown)
    article = replace(article, title=article.title or heading or _title_from(path))
    body = rest.strip("\n") if is_markdown else to_markdown(rest)
    if not body.strip():
        raise ActionRefused(_("%(path)s has no text.") % {"path": path})
    question, body = _with_question(body) if asks else ("", body)
    article = replace(article, body=body, question=question)
    _refuse_too_long(article)
    return article


def _without_front_matter(text: str, path: Path) -> tuple[Article, str]:
    """Return an article with the fields of the front matter, and the text after it."""
    fields, rest = front_matter.split(text, path)
    found = Article(
        title=fields.get("title", ""),
        body="",
        standfirst=fields.get("standfirst")
        or fields.get("description")
        or fields.get("summary")
        or "",
        slug=fields.get("slug", ""),
        language=fields.get("lang") or fields.get("language") or "",
    )
    return found, rest


def _without_title(text: str, *, is_markdown: bool) -> tuple[str, str]:
    """Return the title at the beginning of `text`, or an empty one, and the rest."""
    heading = HEADING.match(text)
    if heading:
        return (heading[1] or heading[2]).strip(), text[heading.end() :]
    first, _newline, rest = text.partition("\n")
    is_separate = not rest.partition("\n")[0].strip() and rest.strip()
    if not is_markdown and is_separate and _is_title(first.strip()):
        return first.strip(), rest
    return "", text


def _is_title(line: str) -> bool:
    return len(line) <= TITLE_LINE_MAX and not NO_TITLE_END.search(line)


def _title_from(path: Path) -> str:
    words = re.sub(r"[-_\s]+", " ", path.stem).strip()
    return words[:1].upper() + words[1:] or _("Untitled")


def _with_question(body: str) -> tuple[str, str]:
    """Return the closing question of `body`, or an empty one, and the body without it.

    The question is removed from the body only if it is the whole last paragraph.
    """
    question = closing_question(shown_html(body))
    before, last = _last_paragraph(body)
    if question and before and question == " ".join(shown_text(last).split()):
        return question, before
    return question, body


def _last_paragraph(body: str) -> tuple[str, str]:
    """Return the text before the last paragraph, and the last paragraph."""
    breaks = list(PARAGRAPHS.finditer(body.rstrip()))
    if not breaks:
        return "", body
    return body[: breaks[-1].start()], body[breaks[-1].end() :]


def _refuse_too_long(article: Article) -> None:
    if len(article.title) > TITLE_MAX:
        raise ActionRefused(
            _("The title is longer than %(limit)d characters.") % {"limit": TITLE_MAX}
        )
    if len(article.standfirst) > STANDFIRST_MAX:
        raise ActionRefused(
            _("The standfirst is longer than %(limit)d characters.") % {"limit": STANDFIRST_MAX}
        )
    if len(article.question) > QUESTION_MAX:
        raise ActionRefused(
            _("The last question is longer than %(limit)d characters. Shorten it, or leave it out.")
            % {"limit": QUESTION_MAX}
        )
