"""Test the shares of modules in the time of a request."""

import cProfile
import pstats
import sqlite3
from collections import Counter
from pathlib import Path

import django.db.models

from bench.pages.shares import by_part, part_of, share_table
from tests.services import ROOT


def test_files_belong_to_modules_of_ours_packages_of_django_libraries_and_python() -> None:
    assert part_of(str(ROOT / "comments/rendering/cards.py")) == "comments.rendering.cards"
    assert part_of(str(ROOT / "site/core/templating/slots.py")) == "core.templating.slots"
    assert part_of(str(ROOT / ".venv/lib/python3/site-packages/nh3/x.py")) == "nh3"
    assert part_of(str(ROOT / ".venv/lib/python3/site-packages/six.py")) == "six"
    assert part_of(django.db.models.__file__) == "django.db"
    assert part_of(str(Path(pstats.__file__))) == "Python"


def test_what_runs_in_c_counts_where_it_was_called_and_the_database_apart() -> None:
    profiler = cProfile.Profile()
    database = sqlite3.connect(":memory:")
    profiler.runcall(lambda: (sorted(range(100_000)), database.execute("select 1").fetchall()))
    database.close()
    times = by_part(pstats.Stats(profiler))
    assert set(times) == {"tests.bench.pages.test_shares", "the database's driver"}
    assert times["tests.bench.pages.test_shares"] > 0


def test_small_parts_are_told_together() -> None:
    lines = share_table(Counter({"cards": 0.9, "rows": 0.08, "one": 0.01, "two": 0.01}))
    assert [line.split()[-1] for line in lines.splitlines()[2:]] == ["90%", "8%", "2%"]
    assert "everything else" in lines.splitlines()[-1]
