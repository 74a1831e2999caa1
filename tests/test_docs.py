"""Test that every name in the documentation exists, and that its map of imports is current."""

import ast
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
# Every path in the documentation begins at the root of the repository with one of these.
TOP = ("bench", "comments", "deploy", "docs", "posts", "site", "templates", "tests", ".ci")
ROOT_FILE = re.compile(r"[A-Za-z.-]+\.(?:md|toml|py|txt)|Makefile|\.git-blame-ignore-revs")
PACKAGES = ("accounts", "bench", "comments", "config", "core", "deploy", "notifications", "posts")
CODE = re.compile(r"`([^`\s]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A path that a recipe tells its reader to make: `path` (new).
NEW = re.compile(r"`[^`]+`\s+\(new\b")
LINK = re.compile(r"\]\(([^)#\s]+)")


def names(text: str) -> set[str]:
    """Return the texts in backquotes without a space, except in code blocks and for new files."""
    return {name.rstrip(",.;:") for name in CODE.findall(NEW.sub("", FENCE.sub("", text)))}


def is_path(name: str) -> bool:
    """Return whether a name denotes a path of the repository."""
    first = name.split("/", 1)[0]
    return ("/" in name and first in TOP) or bool(ROOT_FILE.fullmatch(name))


def is_there(name: str) -> bool:
    """Return whether a path exists, and after `::` the test; `<name>` and `*` match any text."""
    path, _colons, test = name.partition("::")
    pattern = re.sub(r"<[^>]*>", "*", path.rstrip("/"))
    found = list(ROOT.glob(pattern))
    return bool(found) and (not test or test in names_of_tests(found[0]))


@cache
def names_of_tests(path: Path) -> set[str]:
    """Return the names of the tests and classes of tests in a module."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)}


def resolves(name: str) -> bool:
    """Return whether a dotted name is that of a module or of an attribute in one."""
    parts = name.removesuffix("()").split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@cache
def members() -> dict[str, set[str]]:
    """Return the names that the top-level classes of the source define, by class."""
    found: dict[str, set[str]] = {}
    for folder in ("site", "posts", "comments"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    found.setdefault(node.name, set()).update(_defined(node))
    return found


def _defined(node: ast.ClassDef) -> set[str]:
    names = set()
    for each in node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
    return names


def faults(text: str, folder: Path) -> list[str]:
    """Return the names in `text` that the repository lacks."""
    found = [link for link in LINK.findall(text) if "://" not in link]
    wrong = [link for link in found if not (folder / link).exists()]
    for name in sorted(names(text)):
        first, _dot, rest = name.partition(".")
        if is_path(name):
            wrong += [] if is_there(name) else [name]
        elif re.fullmatch(r"[a-z_]+(\.\w+)+(\(\))?", name) and first in PACKAGES:
            wrong += [] if resolves(name) else [name]
        elif re.fullmatch(r"[A-Z]\w+\.\w+(\(\))?", name) and first in members():
            wrong += [] if rest.removesuffix("()") in members()[first] else [name]
    return wrong


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_a_page_names_exists(path: Path) -> None:
    assert faults(path.read_text(), path.parent) == []


@pytest.mark.parametrize(
    "name",
    [
        "comments/no_such.py",
        "site/core/caches/",
        "nowhere.toml",
        "core.db.no_such",
        "core.db.transactions.no_such",
        "Post.no_such",
        "posts/*/no_such.py",
        "tests/test_docs.py::test_of_nothing",
        "tests/no_such.py::test_the_map_is_current",
    ],
)
def test_a_name_that_leads_nowhere_is_found(name: str) -> None:
    assert faults(f"It is in `{name}`.", ROOT) == [name]


def test_names_of_every_kind_are_found() -> None:
    text = "`comments/tree/`, `posts/models/post.py`, `core.db.transactions`, `Post.page_version`"
    assert faults(f"{text}, `Makefile`, `comments/migrations/000*.py`", ROOT) == []


def test_the_map_is_current() -> None:
    """Compare it with the map that `make map` would write."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        draw_map = import_module("draw_map")
    finally:
        sys.path.pop(0)
    assert draw_map.MAP.read_text() == draw_map.draw()
