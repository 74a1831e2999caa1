"""The fields at the beginning of an article: YAML between lines of `---`, TOML between `+++`."""

import re
import tomllib
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from django.utils.translation import gettext as _
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from core.exceptions import ActionRefused

# Characters. Some twenty fields; whatever is longer is no front matter.
FRONT_MATTER_MAX = 10_000
# Without it, what stands between two rules is part of the text.
_TITLE = re.compile(r"^title[ \t]*:", re.IGNORECASE | re.MULTILINE)


class _Yaml(YAMLHandler):
    """Reads every value as text: a year, a date and a `no` are words here."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def load(self, fm: str, **kwargs: object) -> Any:
        """Return what `fm` says; raises YAMLError, or ActionRefused where it would grow."""
        if len(fm) > FRONT_MATTER_MAX:
            raise ActionRefused(
                _("The front matter is longer than %(limit)d characters.")
                % {"limit": FRONT_MATTER_MAX}
            )
        # A few lines of aliases of aliases are a thousand million values.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(fm, yaml.BaseLoader)):
            raise ActionRefused(
                _("The front matter repeats values with * and &. Please write each of them out.")
            )
        return super().load(fm, Loader=yaml.BaseLoader)


class _Toml(BaseHandler):
    """Reads TOML with Python's own parser; what it cannot read is part of the text."""

    FM_BOUNDARY = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> dict[str, Any]:
        """Return what `fm` says, or nothing."""
        try:
            return tomllib.loads(fm)
        except tomllib.TOMLDecodeError:
            return {}


_HANDLERS = [_Yaml(), _Toml()]


def split(text: str, path: Path) -> tuple[dict[str, str], str]:
    """Return the fields that `text`, of the file at `path`, begins with, and the text after them.

    Without a title among them there are none. Raises `ActionRefused`.
    """
    handler = frontmatter.detect_format(text, _HANDLERS)
    try:
        source, rest = handler.split(text) if handler else ("", text)
        values = handler.load(source) if handler else {}
    except ValueError:  # the second line is missing
        return {}, text
    except (yaml.YAMLError, RecursionError, ActionRefused) as error:
        if not _TITLE.search(source):
            return {}, text
        raise _refusal(error, path) from None
    fields = _texts(values)
    return (fields, rest) if "title" in fields else ({}, text)


def _texts(values: object) -> dict[str, str]:
    """Return those of `values` that are text, each in one line, by their names in small letters."""
    if not isinstance(values, dict):
        return {}
    return {
        str(name).lower(): " ".join(value.split())
        for name, value in values.items()
        if isinstance(value, str)
    }


def _refusal(error: Exception, path: Path) -> ActionRefused:
    if isinstance(error, ActionRefused):
        return error
    mark = getattr(error, "problem_mark", None)
    return ActionRefused(
        _(
            "The front matter of %(path)s cannot be read at line %(line)d. "
            "A value with a colon or a quotation mark in it needs quotation marks around it."
        )
        % {"path": path, "line": mark.line + 1 if mark else 1}
    )
