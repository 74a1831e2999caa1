"""Test how often chance ever earns the badge, by the simulation that writes the method's table.

A cell is the share of draws in which the comment wears it at any time, looked at after each reader.
The table has 3,000 draws a cell and at most 2.5 in a hundred; here are 300, and at most 5.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[3] / "docs"
DRAWS, MOST = 300, 0.05
MOST_IN_TABLE = 2.5


@pytest.fixture
def badge_table(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module of the simulation."""
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    return import_module("badge_table")


def test_chance_and_partisans_seldom_wear_it(badge_table: Any) -> None:
    assert badge_table.shares((40, 12, 8), 2, "typical", DRAWS).ever <= MOST
    assert badge_table.shares((15, 15, 15), 5, "partisan", DRAWS).ever <= MOST
    assert badge_table.shares((15, 15, 15), 30, "x2.5", 40).ever >= 0.7


def test_the_table_of_the_method_keeps_to_the_bound(badge_table: Any) -> None:
    text = badge_table.METHOD.read_text()
    made = text[text.index(badge_table.BEGIN) : text.index(badge_table.END)]
    rows = [line.split("|")[1:-1] for line in made.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(badge_table.SIZES) * len(badge_table.OTHERS)
    for readers, others, typical, partisan, *_bridges in rows:
        for cell in (typical, partisan):
            assert float(cell.split("(")[0]) <= MOST_IN_TABLE, (readers, others)
