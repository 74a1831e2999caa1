"""Test rules of the layout for which import-linter has no contract; its own are in pyproject.toml.

Each rule is a function from a folder to the lines that break it, so that a made-up tree can show
that the rule holds.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("site", "posts", "comments")
MODULES_MOST = 16  # in one folder; more are hard to survey
# Django finds these by their names, one in each module.
COMMON_CLASSES = frozenset({"Command", "Migration"})
# Folders of tests that mirror no folder of the source: browser tests, and data.
UNMIRRORED = frozenset({"browser", "data"})
# The module whose functions write prepared SQL, and the folder that may use its internals.
PREPARED, MACHINERY = "core.db.prepared", "site/core/db"
PREPARED_CALLS = frozenset(
    {"Prepared", "PreparedDelete", "PreparedInsert", "PreparedUpdate", "set_prefetched"}
)
# The apps from bottom to top.
APPS = (
    "core",
    "pictures",
    "publication",
    "accounts",
    "notifications",
    "posts",
    "comments",
    "config",
)
# The folder whose modules import no part of Django, and those of it that may.
PURE = "site/core/markdown"
IMPURE = frozenset({"core.markdown.__init__", "core.markdown.html"})
# Attributes that reach the internals of prepared SQL or Django's compiler without their import.
REACHED = frozenset({"db.prepared", "core.db.prepared", "models.sql", "django.db.models.sql"})
# Names that compile a query to SQL; only the machinery uses them.
COMPILING = frozenset({"get_compiler", "as_sql", "sql_with_params", "SQLCompiler"})
COMPILER_MODULES = "django.db.models.sql"


def modules(root: Path, *folders: str) -> Iterator[Path]:
    """Return the modules of `folders`, without migrations."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def crowded_folders(root: Path) -> list[str]:
    """Return the source folders with more than `MODULES_MOST` modules, and how many those have."""
    counts: dict[Path, int] = defaultdict(int)
    for path in modules(root, *SOURCES):
        counts[path.parent] += path.name != "__init__.py"
    return [
        f"{folder.relative_to(root)}: {count} modules"
        for folder, count in counts.items()
        if count > MODULES_MOST
    ]


def classes_with_one_name(root: Path) -> list[str]:
    """Return the names shared by several top-level classes, each with its modules."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in modules(root, *SOURCES):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name not in COMMON_CLASSES:
                found[node.name].append(str(path.relative_to(root)))
    return [f"{name}: {', '.join(paths)}" for name, paths in found.items() if len(paths) > 1]


def folders_without_source(root: Path) -> list[str]:
    """Return the folders of tests that mirror no folder of the source."""
    sources = [root, root / "site"]
    folders = {path.parent for path in (root / "tests").rglob("*.py")}
    return [
        str(folder.relative_to(root))
        for folder in sorted(folders)
        if (parts := folder.relative_to(root / "tests").parts)
        and parts[0] not in UNMIRRORED
        and not any(source.joinpath(*parts).is_dir() for source in sources)
    ]


def prepared_elsewhere(root: Path) -> list[str]:
    """Return the places that write prepared SQL by another way than `PREPARED_CALLS`."""
    return [
        f"{path.relative_to(root)}:{line}: {name}"
        for path in modules(root, *SOURCES)
        if not path.is_relative_to(root / MACHINERY)
        for line, name in _forbidden(ast.parse(path.read_text()))
    ]


def _forbidden(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                for alias in names:
                    if _is_forbidden(module, alias.name):
                        yield node.lineno, f"{module}.{alias.name}"
            case ast.Import(names=names):
                for alias in names:
                    if alias.name == PREPARED or alias.name.startswith(COMPILER_MODULES):
                        yield node.lineno, alias.name
            case ast.Attribute(attr=attr) if attr in COMPILING or ast.unparse(node) in REACHED:
                yield node.lineno, attr


def _is_forbidden(module: str, name: str) -> bool:
    if module == PREPARED:
        return name not in PREPARED_CALLS
    return module.startswith(COMPILER_MODULES) or f"{module}.{name}" in {
        PREPARED,
        COMPILER_MODULES,
    }


def folders_without_init(root: Path) -> list[str]:
    """Return the folders with modules but no `__init__.py`.

    Import-linter does not look there, and `manage.py test` finds no tests.
    """
    folders = {path.parent for path in modules(root, *SOURCES, "tests")}
    return sorted(
        str(folder.relative_to(root)) for folder in folders if not (folder / "__init__.py").exists()
    )


def imports_of_apps_above(root: Path) -> list[str]:
    """Return the imports of an app above their own, also those for types, which are not linted."""
    found = []
    for path in modules(root, *SOURCES):
        app = path.relative_to(root / "site" if (root / "site") in path.parents else root).parts[0]
        above = APPS[APPS.index(app) + 1 :]
        for line, name in _imported(ast.parse(path.read_text())):
            if name.partition(".")[0] in above:
                found.append(f"{path.relative_to(root)}:{line}: {name}")
    return found


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0):
                yield node.lineno, module
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)


def markdown_not_pure(root: Path) -> list[str]:
    """Return the modules of `PURE` that the contract for pure modules does not name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    named = {name for each in contracts if each["id"] == "pure" for name in each["source_modules"]}
    found = [f"core.markdown.{path.stem}" for path in modules(root, PURE)]
    return sorted(set(found) - named - IMPURE)


RULES = [
    crowded_folders,
    classes_with_one_name,
    folders_without_source,
    folders_without_init,
    imports_of_apps_above,
    markdown_not_pure,
    prepared_elsewhere,
]


@pytest.mark.parametrize("rule", RULES)
def test_the_source_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


def write(root: Path, **files: str) -> None:
    """Write modules; `__` in a name means a slash."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_seventeenth_module_is_found(tmp_path: Path) -> None:
    write(tmp_path, **{f"posts__module{number}": "" for number in range(MODULES_MOST)})
    (tmp_path / "posts/__init__.py").touch()
    write(tmp_path, posts__migrations__one="")
    assert crowded_folders(tmp_path) == []
    write(tmp_path, posts__one_more="")
    assert crowded_folders(tmp_path) == ["posts: 17 modules"]


def test_two_classes_of_one_name_are_found(tmp_path: Path) -> None:
    write(tmp_path, posts__a="class Meta: ...", site__core__b="class Sort:\n  class Meta: ...")
    write(tmp_path, posts__c="class Command: ...", comments__c="class Command: ...")
    assert classes_with_one_name(tmp_path) == []
    write(tmp_path, comments__d="class Sort: ...")
    assert classes_with_one_name(tmp_path) == ["Sort: site/core/b.py, comments/d.py"]


def test_a_folder_of_tests_without_source_is_found(tmp_path: Path) -> None:
    write(tmp_path, comments__tree__paths="", site__core__db__bulk="")
    for folder in ("tests/comments/tree", "tests/core/db", "tests/browser", "tests/comments/trees"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "__init__.py").touch()
    assert folders_without_source(tmp_path) == ["tests/comments/trees"]


def test_a_folder_that_is_no_package_is_found(tmp_path: Path) -> None:
    write(tmp_path, posts__room__thing="")
    for folder in ("posts", "posts/room"):
        (tmp_path / folder / "__init__.py").touch()
    assert folders_without_init(tmp_path) == []
    write(tmp_path, posts__new__thing="", posts__new__migrations__one="")
    assert folders_without_init(tmp_path) == ["posts/new"]


@pytest.mark.parametrize(
    "line",
    [
        "from comments.models import Comment",
        "import comments.models",
        "if TYPE_CHECKING:\n    from comments.models import Comment",
        "def late():\n    from comments import models",
    ],
)
def test_an_import_of_an_app_above_is_found(tmp_path: Path, line: str) -> None:
    write(tmp_path, comments__views=line, posts__models="from .comments import said\nimport core")
    assert imports_of_apps_above(tmp_path) == []
    write(tmp_path, posts__models=line)
    write(tmp_path, site__core__text=line)
    assert len(imports_of_apps_above(tmp_path)) == 2


def test_a_new_module_of_markdown_is_found(tmp_path: Path) -> None:
    write(tmp_path, site__core__markdown__html="", site__core__markdown__rules="")
    assert markdown_not_pure(tmp_path) == []
    write(tmp_path, site__core__markdown__tables="import django")
    assert markdown_not_pure(tmp_path) == ["core.markdown.tables"]


@pytest.mark.parametrize(
    "line",
    [
        "from core.db.prepared import _Compiled",
        "import core.db.prepared",
        "from core.db import prepared",
        "from django.db.models.sql import InsertQuery",
        "from django.db.models.sql.compiler import SQLCompiler",
        "from django.db.models import sql",
        "from core import db\ndb.prepared._Compiled",
        "from django.db import models\nmodels.sql.InsertQuery(Post)",
        "Post.objects.all().query.get_compiler('default').as_sql()",
    ],
)
def test_prepared_sql_by_another_way_is_found(tmp_path: Path, line: str) -> None:
    write(tmp_path, posts__querysets="from core.db.prepared import Prepared, PreparedUpdate\n")
    write(tmp_path, site__core__db__prepared=line)
    assert prepared_elsewhere(tmp_path) == []
    write(tmp_path, posts__views=line)
    assert prepared_elsewhere(tmp_path) != []
