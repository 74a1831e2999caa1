"""Highlight fenced code: a few kinds of tokens get a CSS class."""

from functools import cache
from html import escape
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, String, _TokenType

# A few of the lexers of Pygments: each is more code that reads untrusted text.
_LANGUAGES = {
    "bash": ("sh", "shell", "zsh"),
    "c": ("h",),
    "c++": ("cpp", "cxx"),
    "c#": ("csharp", "cs"),
    "css": (),
    "diff": ("patch",),
    "go": ("golang",),
    "html": (),
    "ini": ("cfg",),
    "java": (),
    "javascript": ("js",),
    "json": (),
    "kotlin": ("kt",),
    "php": (),
    "python": ("py",),
    "r": (),
    "ruby": ("rb",),
    "rust": ("rs",),
    "sql": (),
    "swift": (),
    "toml": (),
    "typescript": ("ts",),
    "xml": (),
    "yaml": ("yml",),
}
_BY_ALIAS = {alias: name for name, others in _LANGUAGES.items() for alias in (name, *others)}

# The class names of Pygments; kinds that are not listed have no colour.
_CLASSES = {
    Comment: "c",
    Keyword: "k",
    Name.Attribute: "na",
    Name.Builtin: "nb",
    Name.Class: "nc",
    Name.Decorator: "nd",
    Name.Function: "nf",
    Name.Tag: "nt",
    Number: "m",
    String: "s",
    Literal: "l",
    Generic.Deleted: "gd",
    Generic.Inserted: "gi",
    Generic.Heading: "gh",
    Generic.Subheading: "gh",
}


def language(info: str) -> str:
    """Return the language named by `info`, the info string of a fence; empty if unknown."""
    words = info.split(maxsplit=1)
    return _BY_ALIAS.get(words[0].lower(), "") if words else ""


def highlight(source: str, name: str) -> str:
    """Return `source` as HTML with classes; `name` is a language returned by `language`."""
    tokens = _lexer(name).get_tokens(source)
    runs = groupby(tokens, key=lambda token: _class(token[0]))
    return "".join(_span(kind, "".join(text for _, text in run)) for kind, run in runs)


@cache
def _lexer(name: str) -> Lexer:
    # Both options would change the text.
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _class(kind: _TokenType) -> str:
    while kind.parent is not None:
        if kind in _CLASSES:
            return _CLASSES[kind]
        kind = kind.parent
    return ""


def _span(kind: str, text: str) -> str:
    shown = escape(text)
    return f'<span class="hl-{kind}">{shown}</span>' if kind else shown
