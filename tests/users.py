"""Find the users of each file from imports, names of templates, and classes in templates."""

import ast
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.services import ROOT

SOURCES = ("site", "posts", "comments", "tests", "bench", "deploy", "templates")
PACKAGES = ("posts/", "comments/", "site/", "bench/", "deploy/")
# Tests that start servers; the table of tests/touched.py and the gallery's pages select them.
SERVED = ("tests/browser/", "tests/deploy/")
BASE = "templates/base.html"  # the user of styles and scripts that no class or behaviour names
EXAMPLES = "tests/test_touched.py"  # names files only as examples
_PAGE_TEST = "tests/browser/test_every_page.py::test_page[chromium-{}]"
_TEMPLATE = re.compile(r"[\w/.-]+\.(?:html|txt)")
_DATA = re.compile(r"(?:data/)?([\w.-]+\.(?:json|txt))")
_LOADED = re.compile(r"{%\s*load\s+([^%]*?)(?:\s+from\s+(\w+))?\s*%}")
_ELEMENT = re.compile(r"{%\s*element\s+(\w+)")
_CLASSES = re.compile(r'class="([^"]*)"')
_BEHAVIOURS = re.compile(r'data-behaviour="([^"]*)"')
_WORDS = re.compile(r"[A-Za-z][\w-]*")
_SELECTORS = re.compile(r"([^{};]+){")
_CLASS_IN_STYLE = re.compile(r"\.([A-Za-z][\w-]*)")
_QUOTED = re.compile(r"""["']([./\w-]+\.js)["']""")
_DOTTED = re.compile(r"[a-z_]\w*(?:\.\w+)+")
_IMPORT_IN_TEXT = re.compile(r"from ([\w.]+) import (\w+)")


def first_party(path: str) -> bool:
    """Return whether `path` is in one of the project's packages."""
    return path.startswith(PACKAGES)


def is_test(path: str) -> bool:
    """Return whether `path` is a file of tests that start no servers."""
    return _is_named_test(path) and not path.startswith(SERVED)


def _is_named_test(path: str) -> bool:
    return Path(path).name.startswith("test_")


@dataclass(frozen=True)
class Users:
    """The users of each file."""

    used_by: dict[str, set[str]]

    @classmethod
    def read(cls) -> "Users":
        """Read all files of the project."""
        used_by = defaultdict(set)
        for user, used in _Reader().uses():
            if user != used:
                used_by[used].add(user)
        return cls(dict(used_by))

    def levels(self, path: str) -> Iterator[list[str]]:
        """Yield the users of `path`, then the users of these, and so on; each file once."""
        seen, level = {path}, [path]
        while level:
            users = {user for each in level for user in self.used_by.get(each, ())}
            level = sorted(users - seen)
            seen.update(level)
            yield level

    def nearest_tests(self, path: str) -> list[str]:
        """Return the tests that use `path` with the fewest files between."""
        return self._nearest(path, is_test)

    def nearest_served(self, path: str) -> list[str]:
        """Return the tests that start servers and use `path` with the fewest files between."""
        return self._nearest(path, lambda user: user.startswith(SERVED) and _is_named_test(user))

    def used_in(self, path: str) -> int:
        """Return the number of files that `path` uses itself."""
        return self._numbers.get(path, 0)

    @cached_property
    def _numbers(self) -> Counter[str]:
        return Counter(user for users in self.used_by.values() for user in users)

    def nearest_modules(self, path: str) -> list[str]:
        """Return the project's modules that use `path` with the fewest files between."""
        return self._nearest(path, lambda user: user.endswith(".py") and first_party(user))

    def _nearest(self, path: str, fits: Callable[[str], bool]) -> list[str]:
        found = ([user for user in level if fits(user)] for level in self.levels(path))
        return next((level for level in found if level), [])

    def pages(self, paths: list[str]) -> list[str]:
        """Return the browser tests of pages that use one of `paths`, the nearest first."""
        if not paths:
            return []
        from tests.browser.gallery import PAGES, page_names

        views, near = _views(), self.distances(paths)
        far = len(self.used_by)
        by_route: dict[str, tuple[int, str]] = {}
        for page, name in zip(PAGES, page_names(), strict=True):
            distance = min((near.get(file, far) for file in views.get(page.route, ())), default=far)
            if distance < far:
                by_route.setdefault(page.route, (distance, name))
        nearest = sorted(by_route.values(), key=lambda found: found[0])
        return [_PAGE_TEST.format(page) for _distance, page in nearest]

    def distances(self, paths: list[str]) -> dict[str, int]:
        """Return for each file the number of steps from it to one of `paths`."""
        near: dict[str, int] = {}
        for path in paths:
            path = path if path in self.used_by or path.startswith("templates/") else BASE
            for distance, level in enumerate([[path], *self.levels(path)]):
                for user in level:
                    near[user] = min(distance, near.get(user, distance))
        return near


def pages_named_in(lines: Iterable[str]) -> list[str]:
    """Return the browser tests of the pages of the gallery whose route and address a line has."""
    from tests.browser.gallery import PAGES, page_names

    lines = list(lines)
    named = [
        name
        for page, name in zip(PAGES, page_names(), strict=True)
        if any(f'"{page.route}"' in line and page.address in line for line in lines)
    ]
    return [_PAGE_TEST.format(name) for name in named]


def _selectors(style: str) -> Iterator[str]:
    for listed in _SELECTORS.findall(style):
        yield from listed.split(",")


def words_in(attribute: re.Pattern[str], text: str) -> set[str]:
    """Return the words in all values of `attribute` in a template."""
    return {word for value in attribute.findall(text) for word in _WORDS.findall(value)}


def _views() -> dict[str, list[str]]:
    """Return the files that render each route: its view's module, and a template it names."""
    sys.path.insert(0, str(ROOT / "site"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.urls import URLPattern, URLResolver, get_resolver

    found: dict[str, list[str]] = {}

    def visit(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                visit(pattern.url_patterns, inner)
            elif pattern.name:
                found[f"{space}{pattern.name}"] = _rendered_by(pattern.callback)

    visit(get_resolver().url_patterns, "")
    return found


def _rendered_by(view: Callable[..., object]) -> list[str]:
    named = getattr(getattr(view, "view_class", None), "template_name", None)
    module = view.__module__.replace(".", "/")
    return [f"{module}.py", f"site/{module}.py", *([f"templates/{named}"] if named else [])]


class _Reader:
    """Reads every file once, and finds the files that it uses."""

    def uses(self) -> Iterator[tuple[str, str]]:
        """Yield pairs of a file and one that it uses."""
        for path in sorted(self.files - {EXAMPLES}):
            reader = {"py": self.module, "html": self.template, "txt": self.template}
            reader["js"] = self.script
            for used in reader.get(path.rpartition(".")[2], lambda path: ())(path):
                yield path, used

    @cached_property
    def files(self) -> set[str]:
        """The paths of all files that may use others or be used."""
        found = (path for folder in SOURCES for path in (ROOT / folder).rglob("*.*"))
        return {str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts}

    def module(self, path: str) -> Iterator[str]:
        """Yield the modules that a module imports or names, and the templates it names."""
        package = path.removeprefix("site/").removesuffix(".py").split("/")[:-1]
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield from self.resolve(name.name)
            elif isinstance(node, ast.ImportFrom):
                start = package[: len(package) - node.level + 1] if node.level else []
                base = ".".join([*start, *([node.module] if node.module else [])])
                for name in node.names:
                    yield from self.resolve(f"{base}.{name.name}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from self.text(node.value)
                if path.endswith("notifications.py") or is_test(path):
                    yield from self.sentence(node.value)

    def text(self, text: str) -> Iterator[str]:
        """Yield the files that a string names: templates, data of tests, modules it imports."""
        if _DOTTED.fullmatch(text):
            yield from self.resolve(text)
        if text.endswith("/"):  # of a name that is put together: any file of the folder
            yield from (each for each in self.files if each.startswith(f"templates/{text}"))
        if (data := _DATA.fullmatch(text)) and f"tests/data/{data[1]}" in self.files:
            yield f"tests/data/{data[1]}"
        for name in _TEMPLATE.findall(text):
            if f"templates/{name}" in self.files:
                yield f"templates/{name}"
        for module, name in _IMPORT_IN_TEXT.findall(text):
            yield from self.resolve(f"{module}.{name}")

    def sentence(self, kind: str) -> Iterator[str]:
        """Yield the template that a kind of notification has by its name."""
        if (template := f"templates/notifications/{kind}.html") in self.files:
            yield template

    def resolve(self, dotted: str) -> Iterator[str]:
        """Yield the file of the module `dotted`, or of the module that contains this name."""
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            stem = "/".join(parts[:length])
            for path in (f"{stem}.py", f"{stem}/__init__.py"):
                for place in (path, f"site/{path}"):
                    if place in self.files:
                        yield place
                        yield from self.exported(place).get("".join(parts[length : length + 1]), ())
                        return

    def exported(self, path: str) -> dict[str, list[str]]:
        """Return the modules from which a package's `__init__.py` takes each name."""
        if path not in self._exported:
            found: dict[str, list[str]] = {}
            if path.endswith("/__init__.py"):
                package = path.removeprefix("site/").removesuffix("/__init__.py").replace("/", ".")
                for node in ast.parse((ROOT / path).read_text()).body:
                    if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
                        for name in node.names:
                            self._exported[path] = found  # in case they import each other
                            found[name.name] = list(self.resolve(f"{package}.{node.module}"))
            self._exported[path] = found
        return self._exported[path]

    @cached_property
    def _exported(self) -> dict[str, dict[str, list[str]]]:
        return {}

    def template(self, path: str) -> Iterator[str]:
        """Yield the templates, tags, styles and scripts of a template."""
        text = (ROOT / path).read_text()
        names = {*_TEMPLATE.findall(text)}
        names |= {f"allauth/elements/{name}.html" for name in _ELEMENT.findall(text)}
        yield from (f"templates/{name}" for name in names if f"templates/{name}" in self.files)
        for listed, library in _LOADED.findall(text):
            for name in [library] if library else listed.split():
                yield from self.libraries.get(name, [])
        for word in words_in(_CLASSES, text):
            yield from self.styled.get(word, ())
        for word in words_in(_BEHAVIOURS, text):
            if (script := f"site/static/js/behaviours/{word}.js") in self.files:
                yield script

    def script(self, path: str) -> Iterator[str]:
        """Yield the scripts that a script imports.

        Imports of styles say nothing: one sheet imports all, and pages use them by their classes.
        """
        for name in _QUOTED.findall((ROOT / path).read_text()):
            near = (ROOT / path).parent / name
            found = str(near.resolve().relative_to(ROOT)) if near.resolve().is_file() else ""
            if found in self.files:
                yield found

    @cached_property
    def libraries(self) -> dict[str, list[str]]:
        """The modules of template tags by their name in `load`."""
        tags = [path for path in self.files if "/templatetags/" in path]
        return {Path(path).stem: [path] for path in tags}

    @cached_property
    def styled(self) -> dict[str, set[str]]:
        """The styles with a rule for a class, by the class: by the outermost of each selector."""
        found = defaultdict(set)
        for path in self.files:
            if path.endswith(".css"):
                for selector in _selectors((ROOT / path).read_text()):
                    if first := _CLASS_IN_STYLE.search(selector):
                        found[first[1]].add(path)
        return found
