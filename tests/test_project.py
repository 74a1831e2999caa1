"""Test the project's files outside Python: pinned versions, make targets, ignored paths."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = [*sorted(ROOT.glob("requirements*.txt")), ROOT / "bench/requirements.txt"]
PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*")


def lines(path: Path) -> list[str]:
    """Return the requirements in `path` without comments, blank lines and includes."""
    bare = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in bare if line and not line.startswith("-r ")]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_requirements_are_pinned_exactly(path: Path) -> None:
    """Every requirement names one version, and nothing is named twice."""
    names = [line.split("==")[0].lower() for line in lines(path)]
    assert names
    assert [line for line in lines(path) if not PIN.fullmatch(line)] == []
    assert len(names) == len(set(names))


def test_installed_packages_are_the_pinned_ones() -> None:
    """Compare the installed versions with the pinned ones: none missing, none different."""
    from importlib.metadata import version

    pins = [line.split("==") for line in lines(ROOT / "requirements.txt")]
    assert {name: version(name) for name, _ in pins} == dict(pins)


TARGETS = ["setup", "run", "check", "test", "lint", "bench", "bench-parts", "fuzz", "kill-test"]


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_the_target(target: str) -> None:
    """`make TARGET` exists, for outside programs to rely on."""
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def suites() -> list[list[str]]:
    """Return the arguments of every run of pytest in `make test`."""
    done = subprocess.run(
        ["make", "--dry-run", "suites", "PYTEST=pytest"], cwd=ROOT, capture_output=True, text=True
    )
    runs = [line.partition("pytest ")[2].split() for line in done.stdout.splitlines()]
    return [arguments for arguments in runs if arguments]


def is_run(path: str, arguments: list[str]) -> bool:
    """Return whether pytest collects the file `path` when called with `arguments`."""
    named = [word for word in arguments if word.startswith("tests")]
    ignored = [word.partition("=")[2] for word in arguments if word.startswith("--ignore=")]
    assert not [word for word in arguments if word.startswith(("--ignore-glob", "-k", "-m"))]
    return any(path.startswith(each) for each in named) and not any(
        path.startswith(f"{each}/") for each in ignored
    )


def test_make_test_leaves_no_file_of_tests_out() -> None:
    """Check that every file of tests, wherever it is, belongs to a suite that runs all of it."""
    whole = [each for each in suites() if "--only-what-a-database-decides" not in each]
    assert (len(suites()), len(whole)) == (4, 3)
    files = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")]
    assert [path for path in files if sum(is_run(path, each) for each in whole) != 1] == []


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({}, "DEBUG", "1"),
        ({"DEBUG": "0", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "x.org"}, "DEBUG", "0"),
        ({}, "PORT", "8000"),
        ({"PORT": "9001"}, "PORT", "9001"),
        ({}, "DATA_DIR", "var"),
        ({"DATA_DIR": "/elsewhere"}, "DATA_DIR", "/elsewhere"),
    ],
)
def test_make_has_defaults_and_the_environment_wins(
    given: dict[str, str], name: str, value: str
) -> None:
    """Run without any settings, and respect those that are set."""
    done = subprocess.run(
        ["make", "--no-print-directory", "-o", ".venv/.runtime-installed", "-f", "-", "setup"],
        cwd=ROOT,
        input=f"include Makefile\nsetup:\n\t@echo $${name}\n",
        env={"PATH": "/usr/bin:/bin", **given},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == value, done.stderr


# Generated files; tests may run without git, and from an archive.
STATE = ["var/counterpoint.sqlite3", ".venv/bin/python", ".env", "comments/__pycache__/urls.pyc"]
WRITTEN = ["site", "posts", "comments", "templates", "tests", "bench", "deploy", "docs", ".ci"]


def test_git_ignores_state_and_nothing_else() -> None:
    """The source root `site/` and every written file are kept; state and secrets are not."""
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text().splitlines())
    assert [path for path in STATE if not ignored.match_file(path)] == []
    files = [path for folder in WRITTEN for path in (ROOT / folder).rglob("*") if path.is_file()]
    written = [str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts]
    assert "site/config/settings.py" in written
    assert [path for path in written if ignored.match_file(path)] == []


def test_the_readme_lists_every_variable() -> None:
    sources = [
        *(ROOT / "site/config").glob("*.py"),
        *(ROOT / "deploy").glob("*.py"),
        ROOT / "site/core/limits.py",
        ROOT / "comments/ranking/constants.py",
    ]
    code = "\n".join(path.read_text() for path in sources)
    read = set(
        re.findall(r"""(?:env[a-z_.]*|whole_number|real_number|rates)[([]["']([A-Z_]+)["']""", code)
    )
    assert {"SECRET_KEY", "COMMENT_MAX", "WEB_THREADS"} <= read
    readme = (ROOT / "README.md").read_text()
    assert {name for name in read if f"`{name}`" not in readme} == {"DJANGO_SETTINGS_MODULE"}


REVISIONS = ROOT / ".git-blame-ignore-revs"


def test_commits_that_blame_ignores_exist() -> None:
    """Each is named by its whole hash, leads to HEAD, and is listed once."""
    revisions = lines(REVISIONS)
    assert revisions
    assert len(revisions) == len(set(revisions))
    assert all(re.fullmatch("[0-9a-f]{40}", revision) for revision in revisions)
    if not _has_history():
        # The suite has to pass from an unpacked archive on a machine without git, where nothing
        # can say whether a commit exists. All that needs no history is checked above.
        pytest.skip("no history to look commits up in: an archive, a shallow clone, or no git")
    for revision in revisions:
        command = ["git", "merge-base", "--is-ancestor", revision, "HEAD"]
        assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0, revision


def _has_history() -> bool:
    if not shutil.which("git"):
        return False
    command = ["git", "rev-parse", "--is-shallow-repository"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() == "false"


def test_the_readme_says_how_blame_ignores_them() -> None:
    assert f"blame.ignoreRevsFile {REVISIONS.name}" in (ROOT / "README.md").read_text()
