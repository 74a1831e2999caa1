"""Test that code writes values of enumerations by their members and not as strings."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from comments.models.closing_status import ClosingStatus
from comments.ranking.first_screen import Why

ROOT = Path(__file__).parent.parent
# Columns define their constraints in models, and migrations are history.
EXEMPT = {"models", "migrations"}
_IN_SQL = re.compile(r"\b(\w+)\s*(?:=|<>|!=)\s*'(\w+)'")


def values_by_field() -> dict[str, set[str]]:
    """Return the values of enumerations by the names of their fields."""
    found: dict[str, set[str]] = defaultdict(set)
    for app in ("comments", "posts"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                found[field.name] |= {value for value, _label in field.choices or ()}
    found["status"] |= set(ClosingStatus)
    found["why"] |= set(Why)
    return found


def sources() -> list[Path]:
    """Return the modules of the two apps that must not repeat a value."""
    found = [path for app in ("comments", "posts") for path in (ROOT / app).rglob("*.py")]
    return [path for path in found if not EXEMPT & set(path.relative_to(ROOT).parts)]


def repeated(source: str, values: dict[str, set[str]]) -> list[str]:
    """Return the lines of `source` that use a string of a field's enumeration with the field."""
    return [
        f"line {node.lineno}: {field} by {text!r}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword | ast.expr)
        for field, text in _strings_of_fields(node)
        if text in values.get(field, ())
    ]


def _strings_of_fields(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the field and each string that a keyword, a comparison or SQL puts beside it."""
    if isinstance(node, ast.keyword) and node.arg:
        field = node.arg.removesuffix("__in").removesuffix("__exact").rpartition("__")[2]
        yield from ((field, text) for text in _texts(node.value))
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        names = [name for side in sides for name in _field_name(side)]
        yield from ((name, text) for name in names for side in sides for text in _texts(side))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _IN_SQL.findall(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    for part in node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _field_name(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_repeats_a_value_as_a_string(path: Path) -> None:
    found = repeated(path.read_text(), values_by_field())
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        'rows.filter(comment__state="published")',
        'rows.filter(kind__in=["reader", "note"])',
        'row.state == "held"',
        'state in {"published", "held"}',
        "SQL = \"WHERE state = 'published'\"",
        'Comment(state="removed")',
    ],
)
def test_a_repeated_value_is_found(source: str) -> None:
    assert repeated(source, values_by_field())
