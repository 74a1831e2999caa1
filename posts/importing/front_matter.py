"""Read the front matter of an article: YAML between lines of `---`, TOML between `+++`."""

import re
import tomllib
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from django.utils.translation import gettext as _
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from core.exceptions import ActionRefused

# Characters, enough for twenty long fields.
FRONT_MATTER_MAX = 10_000
# Every value as text. The parser in Python takes half a minute for 9,000 nested brackets; the one
# in C refuses them at once, and PyYAML has it wherever it is installed from a wheel.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Front matter has a title; without one, text between two rules is part of the article.
_TITLE = re.compile(r"^title[ \t]*[:=]", re.IGNORECASE | re.MULTILINE)


class _Yaml(YAMLHandler):
    """Read YAML with every value as text, so that a year, a date and a `no` stay text."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def load(self, fm: str, **kwargs: object) -> Any:
        """Return the values of `fm`.

        Raises `YAMLError`, and `ActionRefused` for aliases and for text that is too long.
        """
        _refuse_too_long(fm)
        # A few lines of nested aliases expand to a thousand million values.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(fm, _LOADER)):
            raise ActionRefused(
                _("The front matter repeats values with * and &. Write each of them out.")
            )
        return super().load(fm, Loader=_LOADER)


class _Toml(BaseHandler):
    """Read TOML with Python's own parser; invalid TOML counts as text of the article."""

    FM_BOUNDARY = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values of `fm`, none if it is not TOML; raises `ActionRefused` if too long.

        The parser takes half a minute for a key of 20,000 words with dots between.
        """
        _refuse_too_long(fm)
        try:
            return tomllib.loads(fm)
        except tomllib.TOMLDecodeError:
            return {}


_HANDLERS = [_Yaml(), _Toml()]


def split(text: str, path: Path) -> tuple[dict[str, str], str]:
    """Return the front matter of `text` as strings by lower-case name, and the text after it.

    Without a title there is no front matter. `path` names the file in messages.

    Raises `ActionRefused` for front matter that cannot be read.
    """
    handler = frontmatter.detect_format(text, _HANDLERS)
    try:
        source, rest = handler.split(text) if handler else ("", text)
        fields = _texts(handler.load(source)) if handler else {}
    except ValueError:  # the closing boundary is missing
        return {}, text
    except (yaml.YAMLError, RecursionError, ActionRefused) as error:
        if not _TITLE.search(source):
            return {}, text
        raise _refusal(error, path) from None
    return (fields, rest) if "title" in fields else ({}, text)


def _refuse_too_long(source: str) -> None:
    if len(source) > FRONT_MATTER_MAX:
        raise ActionRefused(
            _("The front matter is longer than %(limit)d characters. Shorten it.")
            % {"limit": FRONT_MATTER_MAX}
        )


def _texts(values: object) -> dict[str, str]:
    """Return the string values of `values`, each in one line, by lower-case name.

    A list of strings, and of names with a value, is one string, separated by semicolons.
    """
    if not isinstance(values, dict):
        return {}
    texts = {str(name).lower(): _text(value) for name, value in values.items()}
    return {name: text for name, text in texts.items() if text}


def _text(value: object) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(said)}".rstrip(": ") for name, said in value.items())
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    return ""


def _refusal(error: Exception, path: Path) -> ActionRefused:
    if isinstance(error, ActionRefused):
        return error
    mark = getattr(error, "problem_mark", None)
    return ActionRefused(
        _(
            "The front matter of %(path)s cannot be read at line %(line)d. Put quotation "
            "marks around a value that has a colon or a quotation mark in it."
        )
        % {"path": path, "line": mark.line + 1 if mark else 1}
    )
