"""Load templates without the indentation and the blank lines that only their source needs.

Of the 67 kB of an article with 75 comments that took 1.9 kB; a page costs nothing more for it,
since Django keeps what a loader returns.
"""

import re

from django.template import Origin
from django.template.loaders import app_directories, filesystem

# Tags that print nothing where they stand. Alone on a line, they leave no line behind.
SILENT = (
    *("autoescape", "block", "comment", "elif", "else", "empty", "endautoescape", "endblock"),
    *("endcomment", "endfor", "endif", "endwith", "extends", "for", "if", "load", "with"),
)
_ALONE = re.compile(
    rf"^(\{{%[ ]*(?:{'|'.join(SILENT)})\b(?:(?!%\}}).)*%\}}|\{{#.*?#\}})\n", re.MULTILINE
)
_BREAK = re.compile(r"\s*\n\s*")
# Elements that are blocks: white space at their inner edges is never shown.
BLOCKS = (
    *("article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "h[1-6]", "header", "li", "main", "nav", "ol"),
    *("p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
)
_AFTER_START = re.compile(rf"(<(?:{'|'.join(BLOCKS)})\b[^<>]*>)\n")
# Of these, white space behind them is not shown, either: none is ever set in a line.
_AFTER_END = re.compile(r"(</(?:article|header|footer|main|section|ol)>)\n")
_BEFORE_END = re.compile(
    rf"\n((?:\{{%[ ]*(?:{'|'.join(SILENT)})\b(?:(?!%\}}).)*%\}})*</(?:{'|'.join(BLOCKS)})>)"
)


def squeezed(source: str) -> str:
    """Return the source of an HTML template with one line break where it had more white space.

    Within a line nothing changes, so words that had white space between them still have. At the
    inner edges of blocks no break is left. What `pre` and `textarea` show must not stand on lines
    of its own in a template; ours are variables.
    """
    broken = _ALONE.sub(r"\1", _BREAK.sub("\n", source))
    for edge in (_AFTER_START, _AFTER_END, _BEFORE_END):
        broken = edge.sub(r"\1", broken)
    return broken


class _Squeezing:
    def get_contents(self, origin: Origin) -> str:
        """Return the source of the template at `origin`, squeezed where it is HTML."""
        source: str = super().get_contents(origin)  # type: ignore[misc]
        return squeezed(source) if origin.name.endswith(".html") else source


class FileLoader(_Squeezing, filesystem.Loader):
    """Load the project's templates."""


class AppLoader(_Squeezing, app_directories.Loader):
    """Load the templates of apps."""
