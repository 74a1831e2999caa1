"""Test how the measurements compute figures, where an error would make results look good."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.harness.load import Request, Run, Target, percentile
from bench.harness.usage import family, memory, processor_seconds
from bench.harness.wrk import WrkResult, outcome
from bench.markdown import hard_texts
from bench.markdown.hard_texts import GROWING, LENGTH, BadList, grown, texts_in
from bench.report.ratios import compared, exponent, growth
from bench.report.table import table
from core.markdown.html import Profile


def target(
    name: str, rates: list[float], costs: list[float], size: int = 60, limit: str = ""
) -> Target:
    """Return a measured target."""
    runs = [Run(rate, cost, 1, 2, 0, 0) for rate, cost in zip(rates, costs, strict=True)]
    return Target(name, size, "", (), Request("/"), limit=limit, runs=runs)


def test_ratios_are_of_medians() -> None:
    bare = target("bare view (D)", [100, 1000, 120], [0.5, 0.4, 9])
    page = target("page", [30, 24, 1], [2.0, 1.5, 70], limit="bare view (D)")
    [first, second] = compared([bare, page])
    assert (first["rate"], first["rate to D"], first["cost to D"]) == (120, 1, 1)
    assert (second["rate"], second["rate to D"], second["cost to D"]) == (24, 0.2, 4)
    assert (second["rate to limit"], second["cost to limit"]) == (0.2, 4)
    assert second["rate spread"] == 29 / 2 / 24


def test_a_page_is_compared_with_the_limit_of_its_own_size_and_way_of_asking() -> None:
    targets = [
        target("bare view (D)", [100], [1.0], size=60),
        target("bare view (D)", [100], [2.0], size=6_000),
        target("bare view (D), one by one", [100], [4.0], size=6_000),
        target("public page", [10], [8.0], size=6_000),
        target("afresh: first view", [10], [8.0], size=6_000),
        target("bare view (D), at once", [100], [16.0], size=60),
        target("public page, built afresh", [10], [8.0], size=60),
        target("uncached page (P)", [10], [2.0], size=100_000),
    ]
    rows = {(row["what"], row["comments"]): row for row in compared(targets)}
    assert rows["public page", 6_000]["cost to D"] == 4
    assert rows["public page", 6_000]["cost to P"] == 4
    assert rows["afresh: first view", 6_000]["cost to D"] == 2
    assert "cost to P" not in rows["afresh: first view", 6_000]
    assert rows["public page, built afresh", 60]["cost to D"] == 0.5
    assert "cost to P" not in rows["public page, built afresh", 60]


def test_growth_is_of_the_largest_to_the_smallest() -> None:
    rows = [
        {"what": "page", "comments": 6_000, "cost": 6.0},
        {"what": "reply", "comments": 60, "cost": 10.0},
        {"what": "page", "comments": 60, "cost": 4.0},
        {"what": "reply", "comments": 6_000, "cost": 9.0},
        {"what": "once", "comments": 6_000, "cost": 9.0},
    ]
    assert {what: by["ratio"] for what, by in growth(rows).items()} == {"page": 1.5, "reply": 0.9}


def test_the_exponent_is_that_of_the_power_law() -> None:
    points = [(10.0**n, 3 * (10.0**n) ** 0.5) for n in (2, 4, 5)]
    assert exponent(points) == pytest.approx(0.5)
    assert exponent([(100, 7.0), (1_000, 7.0), (10_000, 7.0)]) == pytest.approx(0)


@pytest.mark.parametrize(("share", "figure"), [(50, 2), (99, 4), (1, 1), (75, 3)])
def test_percentiles_are_figures_that_were_measured(share: int, figure: int) -> None:
    assert percentile([1, 2, 3, 4], share) == figure


def test_what_wrk_reports_is_read_in_milliseconds() -> None:
    report = '{"answered":50,"microseconds":2000000,"p50":1500,"p99":9000,"refused":%d}'
    assert outcome(report % 0) == WrkResult(50, 2.0, 1.5, 9.0)
    with pytest.raises(RuntimeError, match="3 of 50"):
        outcome(report % 3)


def test_memory_grows_by_what_is_kept() -> None:
    # In a process of its own: one that has freed much keeps new bytes where it had others.
    keep = "import os, sys\nfor line in sys.stdin: kept = os.urandom(int(line)); print(flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", keep], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        megabytes = [_megabytes_with(child, size) for size in (1, 30_000_000)]
        child.communicate()
    assert 20 < megabytes[1] - megabytes[0] < 60


def _megabytes_with(child: subprocess.Popen[str], size: int) -> float:
    """Have `child` keep `size` bytes, and return its megabytes of memory."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{size}\n")
    child.stdin.flush()
    child.stdout.readline()
    return memory(child.pid)


@pytest.mark.parametrize(
    ("times", "kept"),
    [([90], 90), ([300, 100], 100), ([300, 290, 280], 280), ([260, 400, 270], 260)],
)
def test_only_a_slow_text_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, times: list[int], kept: int
) -> None:
    left = iter(times)
    monkeypatch.setattr(hard_texts, "attempt", lambda text, profile: (next(left), ""))
    timed = hard_texts.timed("x", "x", Profile.COMMENT)
    assert timed["milliseconds"] == kept
    assert next(left, None) is None


def test_the_time_of_children_counts() -> None:
    before = processor_seconds(os.getpid())
    busy = "import time\nwhile time.process_time() < 0.3: pass\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.pid in family(os.getpid())
        deadline = time.monotonic() + 180
        while processor_seconds(os.getpid()) - before < 0.3:
            assert time.monotonic() < deadline, "the child's time is not seen"
        child.communicate(b"\n")
    # An ended process that was waited for still counts.
    assert processor_seconds(os.getpid()) - before >= 0.3


def test_columns_line_up() -> None:
    assert table(("what", "n"), [("a", 10), ("longer", 5)]).splitlines() == [
        "what     n",
        "------  --",
        "a       10",
        "longer   5",
    ]


def test_texts_are_grown_to_their_length_part_by_part() -> None:
    text = grown([("[", 5), ("x", 1), ("]", 5)])
    assert LENGTH - 10 <= len(text) <= LENGTH
    assert text.count("[") == text.count("]")
    assert len(grown([("ab", 65_000)])) == LENGTH


def test_texts_that_a_list_tells_by_a_program_are_our_own(tmp_path: Path) -> None:
    cases = [{"name": name, "python": "1 / 0"} for name in GROWING]
    file = tmp_path / "texts.json"
    file.write_text(json.dumps(cases))
    assert [(name, len(text)) for name, text in texts_in(file)] == [
        (name, LENGTH) for name in GROWING
    ]


@pytest.mark.parametrize(
    "content", ['[{"name": "x"}]', '[{"name": "x", "parts": []}]', "[1]", "{", '[{"parts": []}]']
)
def test_a_bad_list_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "texts.json"
    file.write_text(content)
    with pytest.raises(BadList, match=re.escape(str(file))):
        texts_in(file)
