"""Test that docs/security.md has every row of ASVS 5.0, levels 1 and 2, each with its state."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+) \|$", re.MULTILINE)
# The rows of a chapter of which none applies, in one paragraph with the reason.
CHAPTER = re.compile(r"^None of these rows applies, since .+?: ([\d., ]+)\.$", re.MULTILINE)
TEST = re.compile(r"`tests/[\w/]+\.py::test_\w+`")
STATES = ("met", "documented: ", "operator: ", "no", "does not apply: ", "(being built: ")


def wanted() -> dict[str, str]:
    """Return the level of each row of the standard, by its number."""
    lines = (ROOT / "tests" / "data" / "asvs-5.0-levels-1-2.txt").read_text().splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


def rows() -> dict[str, tuple[str, str]]:
    """Return the level and the state of each row of the tables, by its number."""
    return {number: (level, state) for number, level, _about, state in ROW.findall(TEXT)}


def test_every_row_is_there_once() -> None:
    listed = [number for part in CHAPTER.findall(TEXT) for number in part.split(", ")]
    found = [number for number, *_rest in ROW.findall(TEXT)] + listed
    assert sorted(found) == sorted(wanted())


def test_every_row_has_its_level() -> None:
    levels = {number: level for number, (level, _state) in rows().items()}
    assert levels == {number: wanted()[number] for number in levels}


def test_a_row_that_is_met_names_a_test_and_others_say_why_not() -> None:
    wrong = {
        number: state
        for number, (_level, state) in rows().items()
        if (state.startswith("met") and not TEST.search(state))
        or not (state.startswith(STATES) or "being built: " in state)
    }
    assert wrong == {}
