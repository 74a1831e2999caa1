"""Test that `make check` selects the tests a change may break, or all if it cannot tell."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import touched, users
from tests.browser.gallery import PAGES, page_names
from tests.services import ROOT
from tests.touched import EVERYTHING, mirrored, selection_of
from tests.users import Users

FILES = {
    "comments/__init__.py": "",
    "comments/badges.py": "LIMIT = 3",
    "comments/cards.py": 'from .badges import LIMIT\nTEMPLATE = "comments/_card.html"',
    "comments/views.py": "from comments import cards",
    "comments/migrations/0001_initial.py": "",
    "templates/base.html": '<body class="page">',
    "templates/comments/_card.html": '{% extends "base.html" %}<p class="card" '
    'data-behaviour="fold">{% load card_tags %}</p>',
    "comments/templatetags/card_tags.py": "from comments.badges import LIMIT",
    "site/static/css/card.css": ".card { color: red }",
    "site/static/js/behaviours/fold.js": "export default () => 0",
    "site/core/text.py": "",
    "tests/cast.py": "",
    "tests/comments/conftest.py": "",
    "tests/comments/test_badges.py": "from comments.badges import LIMIT",
    "tests/test_rows.py": 'TABLE = Path("data") / "rows.json"',
    "tests/data/rows.json": "[]",
    "tests/data/unused.json": "[]",
    "tests/comments/test_views.py": "from tests.cast import Cast",
    "tests/core/test_text.py": "import core.text",
    "tests/core/test_scripts.py": 'SCRIPT = """\nfrom comments.badges import LIMIT\n"""',
    "tests/test_project.py": "",
}


@pytest.fixture(scope="module")
def ours() -> Users:
    """Return the users of the site's own files."""
    return Users.read()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Users:
    """Return the users of files in a small sample project."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for module in (touched, users):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return Users.read()


BADGES, VIEWS = "tests/comments/test_badges.py", "tests/comments/test_views.py"
WEIGHT = "tests/browser/test_weight.py"  # for every static file
SCRIPTS = "tests/core/test_scripts.py"


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        # Modules that import it or name it in a script, and the tests beside these.
        ("comments/badges.py", [BADGES, VIEWS, SCRIPTS]),
        ("comments/views.py", [BADGES, VIEWS]),
        ("site/core/text.py", [SCRIPTS, "tests/core/test_text.py"]),
        ("comments/migrations/0001_initial.py", [BADGES, VIEWS]),
        ("tests/comments/test_badges.py", [BADGES]),
        ("tests/cast.py", [VIEWS]),
        ("tests/comments/conftest.py", ["tests/comments"]),
        # Through the template that a module names, or that has the class or the behaviour.
        ("templates/comments/_card.html", [BADGES, VIEWS]),
        ("templates/base.html", [BADGES, VIEWS]),
        ("site/static/css/card.css", [BADGES, VIEWS, "tests/test_palette.py"]),
        # Data by its name.
        ("tests/data/rows.json", ["tests/test_rows.py"]),
        ("tests/data/unused.json", EVERYTHING),
        ("docs/backup.md", ["tests/test_docs.py", "tests/test_project.py"]),
        ("LICENSE", []),
        ("deploy/nginx.conf", touched.TABLE["deploy/"]),
        # A file without known users.
        ("unknown.toml", EVERYTHING),
        ("requirements.txt", EVERYTHING),
        ("tests/conftest.py", EVERYTHING),
    ],
)
def test_a_change_selects(path: str, tests: list[str], project: Users) -> None:
    chosen = [
        each for each in selection_of(path, project) if not each.startswith("tests/browser/test_w")
    ]
    assert chosen == tests


def test_a_module_selects_a_few_of_the_many_that_use_it(
    project: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take those with its name first, then those of its own folder."""
    monkeypatch.setattr(touched, "FILES_MOST", 1)
    assert selection_of("comments/badges.py", project) == [BADGES]
    assert selection_of("comments/views.py", project) == [VIEWS]


def test_a_name_that_a_package_passes_on_is_of_the_module_that_has_it(ours: Users) -> None:
    """`from comments.models import Verdict` uses verdict.py, and none of its neighbours."""
    assert "tests/comments/views/test_verdicts.py" in selection_of(
        "comments/models/verdict.py", ours
    )
    assert "tests/comments/views/test_verdicts.py" not in ours.used_by["comments/models/change.py"]


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("templates/notifications/mention.html", "tests/comments/actions/mentions/test_telling.py"),
        ("templates/notifications/row.html", "tests/comments/me/inbox/test_page.py"),
        ("templates/mfa/index.html", "tests/accounts/second_factor"),
        ("tests/browser/gallery.py", touched.FEW_PAGES[0]),
        ("tests/browser/checks.py", "tests/browser/test_checks.py"),
        ("tests/browser/__init__.py", "tests/test_project.py"),
        ("tests/touched.py", "tests/test_touched.py"),
    ],
)
def test_few_tests_are_enough_for_files_of_ours(path: str, least: str, ours: Users) -> None:
    """Select what a file is for, never everything."""
    chosen = selection_of(path, ours)
    assert least in chosen
    assert len(chosen) <= 16


def test_a_page_that_is_new_in_the_gallery_is_opened() -> None:
    """Open the pages that a changed line names, and no others."""
    lines = [
        '+    GalleryPage("posts:archive", "/archive/?by=series", name="by series"),',
        "+# words",
    ]
    page = "tests/browser/test_every_page.py::test_page[chromium-by series as anybody]"
    archive = "tests/browser/test_every_page.py::test_page[chromium-posts:archive as anybody]"
    assert set(users.pages_named_in(lines)) == {page, archive}
    assert users.pages_named_in(["+PAGES = ["]) == []


def test_a_script_selects_what_uses_it_in_a_browser(project: Users) -> None:
    chosen = selection_of("site/static/js/behaviours/fold.js", project)
    assert {"tests/browser/test_interaction.py", BADGES} <= set(chosen)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("templates/me/settings.html", "comments:my-settings as reader"),
        ("templates/account/login.html", "account_login as anybody"),
        ("site/static/css/tokens.css", "posts:home as anybody"),
        ("site/static/js/app.js", "posts:home as anybody"),
        ("site/static/css/desk.css", "comments:moderation as moderator"),
        ("site/static/js/behaviours/studio-editor.js", "posts:studio-post-create as author"),
    ],
)
def test_a_look_selects_pages_of_ours_that_show_it(path: str, shown: str, ours: Users) -> None:
    """Select browser pages for a template, a style and a script of the site."""
    pages = ours.pages([path])
    assert f"test_page[chromium-{shown}]" in {each.partition("::")[2] for each in pages[:8]}


def test_each_page_has_a_name_of_its_own() -> None:
    """pytest numbers names that are alike, and runs no test at all if it knows one name not."""
    assert len(set(page_names())) == len(page_names()) == len(PAGES)


def test_pages_are_found_outside_of_pytest_too() -> None:
    """Find pages without the import paths that pytest sets, as in `make check`."""
    script = "from tests.users import Users; print(Users.read().pages(['templates/base.html'])[0])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert "test_every_page.py::test_page[" in done.stdout, done.stderr


@pytest.mark.parametrize("name", ["migrations", "permissions"])
def test_tables_of_ours_select_their_tests(name: str, ours: Users) -> None:
    assert selection_of(f"tests/data/{name}.json", ours) == [f"tests/test_{name}.py"]


def test_every_module_of_ours_selects_something(ours: Users) -> None:
    """Select tests for every module, and seldom all tests."""
    for folder in ("posts", "comments", "site"):
        for module in (ROOT / folder).rglob("*.py"):
            path = str(module.relative_to(ROOT))
            assert selection_of(path, ours) not in ([], EVERYTHING), path


def test_selection_of_a_folder_without_any_are_those_above(project: Users) -> None:
    assert mirrored("comments/ranking/lift.py") == [BADGES, VIEWS]


def test_the_table_names_what_is_there() -> None:
    named = {test for tests in touched.TABLE.values() for test in tests}
    assert [path for path in (*named, *touched.TABLE) if not (ROOT / path).exists()] == []


def test_browser_tests_run_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run them in another process, since Playwright's event loop disturbs database tests."""
    runs: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        runs.append(command[command.index("worksteal") + 1 :])
        return subprocess.CompletedProcess(command, len(runs) - 1)

    monkeypatch.setattr(subprocess, "run", run)
    assert touched.run([BADGES, "tests/browser/test_weight.py"]) == 1
    assert runs == [[BADGES], ["tests/browser/test_weight.py"]]
    runs.clear()
    touched.run(EVERYTHING)
    assert runs == [["tests", "--ignore=tests/browser"], ["tests/browser"]]


def test_without_git_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert touched.main([]) == 2
    assert "run `make test`" in capsys.readouterr().err


def test_changes_are_what_git_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """List changes since the main branch, in the working tree, and untracked files."""
    answers = {
        ("merge-base", "HEAD", "main"): ["abc"],
        ("diff", "--name-only", "--no-renames", "abc"): ["comments/cards.py"],
        ("ls-files", "--others", "--exclude-standard"): ["comments/new.py"],
    }
    monkeypatch.setattr(touched, "_git", lambda *arguments: answers.get(arguments))
    assert touched.changed() == ["comments/cards.py", "comments/new.py"]
