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


def squeezed(source: str) -> str:
    """Return the source of an HTML template with one line break where it had more white space.

    Within a line nothing changes, so words that had white space between them still have. What
    `pre` and `textarea` show must not stand on lines of its own in a template; ours are variables.
    """
    return _ALONE.sub(r"\1", _BREAK.sub("\n", source))


class _Squeezing:
    def get_contents(self, origin: Origin) -> str:
        """Return the source of the template at `origin`, squeezed where it is HTML."""
        source: str = super().get_contents(origin)  # type: ignore[misc]
        return squeezed(source) if origin.name.endswith(".html") else source


class FileLoader(_Squeezing, filesystem.Loader):
    """Load the project's templates."""


class AppLoader(_Squeezing, app_directories.Loader):
    """Load the templates of apps."""
