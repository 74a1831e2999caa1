"""Test the bundled style sheets: one for everyone, one for people who write, both complete."""

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage, Storage

from config.storage import SHEETS, HashedStaticFilesStorage, with_imports
from tests.services import ROOT

STATIC = ROOT / "site/static"
CSS = STATIC / "css"
LAYERS = "@layer reset, base, components, utilities"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return each collected style sheet and script by its name in pages."""
    folder = tmp_path_factory.mktemp("collected") / "static"
    shutil.copytree(STATIC, folder)
    storage = HashedStaticFilesStorage(location=folder)
    assert [done for *_, done in storage.post_process(paths()) if isinstance(done, Exception)] == []
    names = [*SHEETS, *(name for name in paths() if name.startswith("js/"))]
    return {name: (folder / storage.stored_name(name)).read_text() for name in names}


def paths() -> dict[str, tuple[Storage, str]]:
    """Return the path of each static file, as for `collectstatic`."""
    source = FileSystemStorage(STATIC)
    names = [str(path.relative_to(STATIC)) for path in STATIC.rglob("*.*")]
    return {name: (source, name) for name in names}


def sources(sheet: str) -> list[str]:
    """Return the names of the files that `sheet` imports, in order."""
    return re.findall(r'@import "([^"]+)";', (CSS / Path(sheet).name).read_text())


def test_every_source_belongs_to_exactly_one_sheet() -> None:
    imported = [name for sheet in SHEETS for name in sources(sheet)]
    of_their_own = {Path(sheet).name for sheet in SHEETS}
    assert sorted(imported) == sorted({path.name for path in CSS.glob("*.css")} - of_their_own)


def test_a_sheet_is_all_of_its_sources_in_order() -> None:
    for sheet in SHEETS:
        joined = with_imports(sheet, paths())
        places = [joined.index((CSS / name).read_text()) for name in sources(sheet)]
        assert places == sorted(places)
        assert "@import" not in joined


def test_the_order_of_the_layers_comes_first(served: dict[str, str]) -> None:
    assert served["css/site.css"].startswith(LAYERS)


def test_what_is_served_lacks_only_what_browsers_skip(served: dict[str, str]) -> None:
    for sheet, text in sheets(served).items():
        assert "/*" not in text
        assert not re.search(r"[{};,]\n|\n ", text)
        source = with_imports(sheet, paths())
        # The spaces within a line stay: `a :is(b)` is not `a:is(b)`.
        assert all(line.strip() in text for line in source.splitlines() if line.endswith("{"))
        without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
        without_hashes = re.sub(r"\.[0-9a-f]{12}(?=\.\w+\")", "", text)
        assert "".join(without_hashes.split()) == "".join(without_comments.split())


def test_scripts_are_served_without_lines_of_comments(served: dict[str, str]) -> None:
    for name in served.keys() - set(SHEETS):
        written = (STATIC / name).read_text().splitlines()
        kept = [line for line in written if not line.strip().startswith("//")]
        # Imports have hashed names.
        shown = [re.sub(r'".*?"', "", line) for line in served[name].splitlines()]
        assert shown == [re.sub(r'".*?"', "", line) for line in kept], name


def test_no_text_in_a_script_has_a_line_that_looks_like_a_comment() -> None:
    for path in (STATIC / "js").rglob("*.js"):
        for text in re.findall(r"`[^`]*`", path.read_text()):
            assert not re.search(r"^\s*//", text, re.MULTILINE), path


def sheets(served: dict[str, str]) -> dict[str, str]:
    """Return the style sheets of `served`."""
    return {name: served[name] for name in SHEETS}


def test_addresses_in_a_sheet_are_hashed(served: dict[str, str]) -> None:
    addresses = re.findall(r'url\("([^"]+)"\)', served["css/site.css"])
    assert addresses
    assert [
        each for each in addresses if not re.search(r"\.[0-9a-f]{12}\.(?:woff2|svg)$", each)
    ] == []


def test_pages_name_files_that_are_there() -> None:
    templates = (ROOT / "templates").rglob("*.html")
    named = {
        name
        for template in templates
        for name in re.findall(r'{% static "([^"]+\.(?:css|woff2))" %}', template.read_text())
    }
    assert set(SHEETS) == {name for name in named if name.endswith(".css")}
    assert [name for name in named if not finders.find(name)] == []
