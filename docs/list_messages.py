"""List every message for people with where it stands, for reading them and for the test of terms.

    python docs/list_messages.py [PATH …]        (or make messages)

A line for each: the file, the line, and the words; plural forms are separated by " | ". Templates
are read by Django's own preparation for gettext, Python by its syntax tree, so xgettext need not be
installed. The starting texts of the site's pages are messages too, a paragraph each.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("site", "posts", "comments")
STARTING_TEXTS = "site/publication/texts"
# Functions that mark a message, each with how many of its first arguments are words for people.
MARKING = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}
# What Django's preparation writes for a message of a template.
PREPARED = re.compile(r"""\b_\(|\bn?gettext\(""")
STRING = re.compile(r"""\s*,?\s*(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """Words for people: the file and line where they stand, one or two forms, and their kind."""

    path: str
    line: int
    forms: tuple[str, ...]

    def __str__(self) -> str:
        words = " | ".join(" ".join(form.split()) for form in self.forms)
        return f"{self.path}:{self.line}: {words}"


def in_python(path: Path) -> Iterator[Message]:
    """Yield the messages of a module; of an f-string or a variable none can be known."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = node.args[: MARKING.get(node.func.id, 0)]
            forms = tuple(
                one.value
                for one in words
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
            if forms:
                yield Message(name_of(path), node.lineno, forms)


def in_template(path: Path) -> Iterator[Message]:
    """Yield the messages of a template, in order."""
    prepared = templatize(path.read_text(), origin=str(path))
    for call in PREPARED.finditer(prepared):
        forms, end = [], call.end()
        while found := STRING.match(prepared, end):
            forms.append(ast.literal_eval(found[1].replace("\n", "\\n")))
            end = found.end()
        yield Message(name_of(path), prepared.count("\n", 0, call.start()) + 1, tuple(forms))


def in_text(path: Path) -> Iterator[Message]:
    """Yield the paragraphs of a starting text."""
    line = 1
    for paragraph in path.read_text().split("\n\n"):
        yield Message(name_of(path), line, (paragraph,))
        line += paragraph.count("\n") + 2


def name_of(path: Path) -> str:
    """Return the path from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def messages() -> Iterator[Message]:
    """Yield every message, by path and line."""
    if not settings.configured:  # what Django's preparation asks for
        settings.configure()
    for path in sorted(path for source in SOURCES for path in (ROOT / source).rglob("*.py")):
        yield from sorted(in_python(path), key=lambda one: one.line)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield from in_template(path)
    for path in sorted((ROOT / STARTING_TEXTS).glob("*.md")):
        yield from in_text(path)


def main(*paths: str) -> None:
    """Print every message, or those whose path begins with one of `paths`."""
    for message in messages():
        if not paths or message.path.startswith(paths):
            sys.stdout.write(f"{message}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
