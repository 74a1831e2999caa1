"""Make the quotation with which a reply may begin, in Markdown: a passage or the whole comment."""

import re

from core import limits
from core.markdown.html import plain, shortened

from ..models import Comment

# Characters of a quotation: enough for a paragraph; the comment itself stands above the reply.
QUOTED_MAX = 600
_MARKUP = re.compile(r"([\\`*_\[\]<>~|#])")


def quotation(comment: Comment, passage: str = "") -> str:
    """Return a `passage` of `comment` as a quotation; the beginning of all of it without one.

    An address may come from anybody: only words that are in the comment get into a form. Empty for
    a comment that not everyone may read: a moderator, who may, would publish it.
    """
    if not comment.is_readable:
        return ""
    passage = " ".join(passage.split())
    if passage and passage in plain(comment.body_html, 2 * limits.COMMENT_MAX):
        return _quoted([_MARKUP.sub(r"\\\1", shortened(passage, QUOTED_MAX))])
    return _quoted(_beginning(comment.body))


def _beginning(body: str) -> list[str]:
    """Return the first lines of `body`, without what it quotes itself."""
    lines: list[str] = []
    room = QUOTED_MAX
    for line in body.strip().splitlines():
        if line.lstrip().startswith(">") or not (line.strip() or lines):
            continue
        if len(line) > room:
            return [*lines, shortened(line, room)]
        lines.append(line.rstrip())
        room -= len(line)
    return lines


def _quoted(lines: list[str]) -> str:
    return "".join(f"> {line}".rstrip() + "\n" for line in lines) + "\n" if lines else ""
