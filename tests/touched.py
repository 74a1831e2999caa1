"""Run the tests that a change may break: `python -m tests.touched [--list]`, or `make check`.

Compares the working tree with the commit where it left the main branch, finds the users of each
changed file, and runs the nearest tests and a few pages in the browser. A file without known users
selects all tests.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.services import ROOT
from tests.users import Users, first_party, pages_named_in

# Files whose users cannot be found from their text, and their tests.
TABLE = {
    "docs/": ["tests/test_docs.py", "tests/test_project.py"],
    "README.md": ["tests/test_project.py"],
    "CHANGELOG.md": ["tests/test_project.py"],
    "LICENSE": [],
    ".gitignore": ["tests/test_project.py"],
    "Makefile": ["tests/test_project.py", "tests/test_make_run.py"],
    "bench/": ["tests/bench"],
    "deploy/": ["tests/deploy/test_fleet.py", "tests/deploy/test_run_together.py"],
    "site/static/js/": ["tests/browser/test_interaction.py", "tests/browser/test_keyboard.py"],
    "site/static/css/": ["tests/test_palette.py"],
    "comments/seeding/data/": ["tests/comments/seeding"],
    "posts/importing/data/": ["tests/posts/importing"],
    "site/core/lookalikes.txt": ["tests/accounts/naming"],
    "site/publication/texts/": ["tests/publication"],
    "templates/400.html": ["tests/core/test_errors.py"],
    "templates/404.html": ["tests/core/test_errors.py"],
    "templates/429.html": ["tests/core/test_errors.py"],
    "templates/account/": ["tests/accounts"],
    "templates/allauth/": ["tests/accounts"],
    "templates/components/_contact.html": ["tests/publication"],
    "templates/following/email/": ["tests/notifications/following/test_by_mail.py"],
    "templates/mail/": ["tests/notifications/test_mail.py", "tests/notifications/mailing"],
    "templates/mfa/": ["tests/accounts/second_factor"],
    "templates/notifications/": [
        "tests/comments/me/inbox/test_page.py",
        "tests/notifications/test_mail.py",
    ],
    "tests/fuzz_requests.py": ["tests/test_broken_requests.py"],
    "tests/touched.py": ["tests/test_touched.py"],
    "tests/users.py": ["tests/test_touched.py"],
    "site/static/": ["tests/browser/test_weight.py"],
}
EVERYTHING = ["tests"]
BROWSER = "tests/browser"
PAGES_MOST = 4  # pages opened for one change; each takes seconds, and `make test` opens all
# Files of tests that a template or style selects in each way, since some are used everywhere.
TESTS_MOST = 6
# Files of tests that a module selects: the ones that use the least besides.
FILES_MOST = 16
# Files of tests in the browser that a helper of theirs selects; each takes half a minute.
BROWSER_MOST = 2
EVERY_PAGE = f"{BROWSER}/test_every_page.py"
# What stands for all pages when a helper of theirs changed, besides the pages that changed.
FEW_PAGES = [f"{EVERY_PAGE}::test_every_route_is_looked_at"]
GALLERY = f"{BROWSER}/gallery.py"
PRESENTATION = (".html", ".txt", ".css", ".js")


def changed() -> list[str] | None:
    """Return the paths that differ from the main branch, None without git."""
    base = _git("merge-base", "HEAD", "main") or _git("rev-parse", "HEAD")
    if not base:
        return None
    differing = _git("diff", "--name-only", "--no-renames", base[0]) or []
    untracked = _git("ls-files", "--others", "--exclude-standard") or []
    return sorted({*differing, *untracked})


def _git(*arguments: str) -> list[str] | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout.splitlines() if done.returncode == 0 else None


def changed_pages() -> list[str]:
    """Return the browser tests of the pages that the branch or the working tree adds or changes."""
    base = (_git("merge-base", "HEAD", "main") or ["HEAD"])[0]
    added = [line for line in _git("diff", "-U0", base, "--", GALLERY) or [] if line[:1] == "+"]
    return pages_named_in(added)


def selected(paths: Iterable[str], users: Users) -> dict[str, list[str]]:
    """Return the tests to run for each of `paths`: files and folders of tests, or EVERYTHING."""
    return {path: selection_of(path, users) for path in paths}


def selection_of(path: str, users: Users) -> list[str]:
    """Return the tests that a change of `path` is most likely to break."""
    from_table = [tests for start, tests in TABLE.items() if path.startswith(start)]
    if path.startswith("tests/"):
        return _tests_of_test(path, users)
    if path.endswith(".py") and first_party(path):
        return _nearest(path, users) or EVERYTHING
    found = {each for tests in from_table for each in tests}
    if path.endswith(PRESENTATION):
        found.update(_tests_of_presentation(path, users))
    return sorted(found) if found or from_table else EVERYTHING


def _tests_of_test(path: str, users: Users) -> list[str]:
    """Return a file of tests itself, or the tests that use a helper module."""
    if Path(path).name == "conftest.py":
        return [str(Path(path).parent)]
    if Path(path).name.startswith("test_") and path.endswith(".py"):
        return [path] if (ROOT / path).exists() else []
    if Path(path).name in {"__init__.py", "README.md"}:
        return ["tests/test_project.py"]
    listed = [tests for start, tests in TABLE.items() if path == start]
    if listed:
        return listed[0]
    return _nearest(path, users) or _in_browser(path, users) or EVERYTHING


def _in_browser(path: str, users: Users) -> list[str]:
    """Return the nearest tests that start servers, a few pages in place of all."""
    found = users.nearest_served(path)
    few = [test for test in found if test != EVERY_PAGE][:BROWSER_MOST]
    return few + (FEW_PAGES if EVERY_PAGE in found else [])


def _nearest(path: str, users: Users) -> list[str]:
    """Return tests of a module: beside it, and those that use it with the fewest files between.

    Those with its name come first, then those in the very folder that mirrors its own, and those in
    a folder above it last; among them, those that use the fewest other files.
    """
    beside = mirrored(path) if first_party(path) else []
    near = users.nearest_tests(path)
    own = _mirror_of(path)

    def place(test: str) -> tuple[bool, bool, bool, int, str]:
        in_own = Path(test).parent == own
        return not _shares_name(test, path), not in_own, test not in near, users.used_in(test), test

    return sorted(sorted({*beside, *near}, key=place)[:FILES_MOST])


def _tests_of_presentation(path: str, users: Users) -> list[str]:
    """Return the tests of the code that renders with `path`, and those that name it."""
    beside = {test for module in users.nearest_modules(path) for test in mirrored(module)}
    found: set[str] = set()
    for tests in (beside, set(users.nearest_tests(path))):
        near = sorted(
            tests, key=lambda test: (not _shares_name(test, path), users.used_in(test), test)
        )
        found.update(near[:TESTS_MOST])
    return sorted(found)


def _shares_name(test: str, path: str) -> bool:
    """Return whether the path of `test` has the name of `path`: test_verdicts.py and verdict.py."""
    return Path(path).stem.strip("_") in test


def _mirror_of(path: str) -> Path:
    folder = Path("tests") / Path(path.removeprefix("site/")).parent
    return folder.parent if path.count("/migrations/") else folder


def mirrored(path: str) -> list[str]:
    """Return the tests in the folder that mirrors the folder of `path`, or in the nearest above."""
    folder = _mirror_of(path)
    while not any((ROOT / folder).glob("test_*.py")) and folder != Path("tests"):
        folder = folder.parent
    return sorted(str(each.relative_to(ROOT)) for each in (ROOT / folder).glob("test_*.py"))


def main(arguments: list[str]) -> int:
    """Print the selected tests of each file, then run them unless given `--list`."""
    paths = changed()
    if paths is None:
        print("check: there is no git here to say what changed; run `make test`", file=sys.stderr)
        return 2
    users = Users.read()
    chosen = selected(paths, users)
    for path, tests in chosen.items():
        print(f"check: {path}: {said(tests)}")
    tests = sorted({each for found in chosen.values() for each in found})
    shown = [path for path in paths if path.endswith(PRESENTATION)]
    pages = changed_pages() if GALLERY in paths else []
    pages += users.pages(shown)
    wanted = [*without_those_inside(tests), *dict.fromkeys(pages[:PAGES_MOST])]
    if "--list" in arguments or not wanted:
        print("\n".join(wanted) or "check: nothing changed that a test reads")
        return 0
    return run(wanted)


def run(wanted: list[str]) -> int:
    """Run the tests `wanted`, browser tests separately, whose event loop would disturb others."""
    in_browser = [test for test in wanted if test.startswith(BROWSER)]
    others = [test for test in wanted if test not in in_browser]
    if others == EVERYTHING:
        others, in_browser = [*EVERYTHING, f"--ignore={BROWSER}"], [BROWSER]
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    runs = [[*pytest, *tests] for tests in (others, in_browser) if tests]
    return max(subprocess.run(command, cwd=ROOT).returncode for command in runs)


def said(tests: list[str]) -> str:
    """Return a short description of `tests`."""
    if tests == EVERYTHING:
        return "everything, since its users cannot be found"
    return ", ".join(tests[:3]) + (f" and {len(tests) - 3} more" if len(tests) > 3 else "")


def without_those_inside(tests: list[str]) -> list[str]:
    """Return `tests` without those inside a folder that is also in `tests`."""
    return [
        test
        for test in tests
        if not any(test != other and test.startswith(f"{other}/") for other in tests)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
