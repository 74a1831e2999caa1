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
_IN_SQL = re.compile(r"\b(\w+)\s*(?:=|<>|!=|IN\s*\()\s*'(\w+)'", re.IGNORECASE)


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
        f"line {getattr(node, 'lineno', 0)}: {field} by {text!r}"
        for node in ast.walk(ast.parse(source))
        for field, text in _strings_of_fields(node)
        if text in values.get(field, ())
    ]


def _strings_of_fields(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the field and each string that the code or SQL of `node` puts beside it."""
    match node:
        case ast.keyword(arg=str(lookup), value=value):
            yield from _beside([_field_of(lookup)], [value])
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield from _beside([_field_of(text) for text in _texts(key)], [value])
        case ast.Compare(left=left, comparators=others):
            yield from _beside(_field_names([left, *others]), [left, *others])
        case ast.Assign(targets=targets, value=value):
            yield from _beside(_field_names(targets), [value])
        case ast.Match(subject=subject, cases=cases):
            patterns = [part for case in cases for part in ast.walk(case.pattern)]
            values = [part.value for part in patterns if isinstance(part, ast.MatchValue)]
            yield from _beside(_field_names([subject]), values)
        case ast.Constant(value=str(text)):
            yield from _IN_SQL.findall(text)


def _beside(fields: list[str], values: list[ast.expr]) -> Iterator[tuple[str, str]]:
    yield from ((field, text) for field in fields for value in values for text in _texts(value))


def _field_of(lookup: str) -> str:
    """Return the name of the field in a lookup such as `comment__state__in`."""
    return lookup.removesuffix("__in").removesuffix("__exact").rpartition("__")[2]


def _texts(node: ast.expr | None) -> Iterator[str]:
    for part in node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _field_names(nodes: list[ast.expr]) -> list[str]:
    return [name for node in nodes for name in _field_name(node)]


def _field_name(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            yield name


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
        "SQL = \"WHERE state IN ('held', 'hidden')\"",
        'Comment(state="removed")',
        'comment.state = "held"',
        'row["state"] == "held"',
        'Q(**{"comment__state": "held"})',
        'match row.state:\n    case "held" | "hidden": ...',
    ],
)
def test_a_repeated_value_is_found(source: str) -> None:
    assert repeated(source, values_by_field())
