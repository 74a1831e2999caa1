"""Read an article from a file: its title, its text and its closing question.

A Markdown file is used unchanged. In any other text every character is literal: where Markdown
would give a paragraph another meaning, backslashes prevent it, so that each word stays.

The title is that of the front matter, else the first `# ` heading, else a first line followed by an
empty one, else the name of the file. The closing question (`closing_questions`) stays in the text,
except for last paragraphs that consist of it: these are removed, since the page shows the question
below the text.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from core import text as text_rules
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
HEADING = re.compile(r"#[ \t]+(.+)(?:\n|\Z)|(.+)\n=+[ \t]*(?:\n|\Z)")
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
    # As `answers.parse_answers` reads them; empty for the site's.
    answers: str = ""


def read_article(path: Path, *, asks: bool = True) -> Article:
    """Return the article in the file at `path`, without a closing question unless it `asks` one.

    Raises `ActionRefused` for a file that is missing, unreadable, too long or without text.
    """
    return parse_article(read_text(path), path, asks=asks)


def parse_article(text: str, path: Path, *, asks: bool = True) -> Article:
    """Return the article in `text`; the name `path` gives its format and its default title.

    Raises `ActionRefused` for text that is empty, too long or has unreadable front matter, and for
    a title or other field with characters that nobody sees.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    article, rest = _without_front_matter(text, path)
    is_markdown = path.suffix.lower() in MARKDOWN_SUFFIXES or bool(article.title)
    heading, rest = _without_title(rest.strip("\n"), is_markdown=is_markdown)
    article = replace(article, title=article.title or heading or _title_from(path))
    body = rest.strip("\n") if is_markdown else to_markdown(rest)
    if not body.strip():
        raise ActionRefused(_("%(path)s has no text. Write the article first.") % {"path": path})
    question, body = _with_question(body) if asks else ("", body)
    article = replace(article, body=body, question=question)
    _refuse_too_long(article)
    _refuse_unsafe(article)
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
        answers=fields.get("answers", ""),
    )
    return found, rest


def _without_title(text: str, *, is_markdown: bool) -> tuple[str, str]:
    """Return the title at the beginning of `text`, or an empty one, and the rest."""
    heading = HEADING.match(text)
    if heading:
        words = _without_closing_marks(heading[1]) if heading[1] else heading[2]
        return words.strip(), text[heading.end() :]
    first, _newline, rest = text.partition("\n")
    is_separate = not rest.partition("\n")[0].strip() and rest.strip()
    if not is_markdown and is_separate and _is_title(first.strip()):
        return first.strip(), rest
    return "", text


def _without_closing_marks(heading: str) -> str:
    """Return the words of `# words ##`; what is written without a space stays, as in "C#".

    No regular expression, which takes a minute for a few thousand spaces.
    """
    words = heading.rstrip()
    before = words.rstrip("#")
    return before if before.endswith((" ", "\t")) else words


def _is_title(line: str) -> bool:
    return len(line) <= TITLE_LINE_MAX and not NO_TITLE_END.search(line)


def _title_from(path: Path) -> str:
    words = re.sub(r"[-_\s]+", " ", path.stem).strip()
    return words[:1].upper() + words[1:] or _("Untitled")


def _with_question(body: str) -> tuple[str, str]:
    """Return the closing question of `body`, or an empty one, and the body without it.

    A last paragraph is removed from the body only if it is the question, or the end of it.
    """
    question = rest = closing_question(shown_html(body), QUESTION_MAX)
    while rest:
        before, last = _last_paragraph(body)
        shown = " ".join(shown_text(last).split())
        if not (before and shown and rest.endswith(shown)):
            break
        rest, body = rest.removesuffix(shown).rstrip(), before
    return question, body


def _last_paragraph(body: str) -> tuple[str, str]:
    """Return the text before the last paragraph, and the last paragraph."""
    breaks = list(PARAGRAPHS.finditer(body.rstrip()))
    if not breaks:
        return "", body
    return body[: breaks[-1].start()], body[breaks[-1].end() :]


def _refuse_unsafe(article: Article) -> None:
    """Refuse what front matter can spell and no form would take, as `"\\0"`, and names of files."""
    for name in ("title", "standfirst", "slug", "language", "answers"):
        try:
            if value := getattr(article, name):
                text_rules.check(text_rules.clean(value))
        except text_rules.UnsafeText as unsafe:
            raise ActionRefused(f"{name}: {unsafe.message}") from unsafe


def _refuse_too_long(article: Article) -> None:
    if len(article.title) > TITLE_MAX:
        raise ActionRefused(
            _("The title is longer than %(limit)d characters. Shorten it.") % {"limit": TITLE_MAX}
        )
    if len(article.standfirst) > STANDFIRST_MAX:
        raise ActionRefused(
            _("The standfirst is longer than %(limit)d characters: shorten it.")
            % {"limit": STANDFIRST_MAX}
        )
    if len(article.question) > QUESTION_MAX:
        raise ActionRefused(
            _("The last question is longer than %(limit)d characters: shorten it, or leave it out.")
            % {"limit": QUESTION_MAX}
        )
