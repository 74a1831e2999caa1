"""Test the report on figures: goals met or missed, worse figures, and the chart."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.options import arguments
from bench.pages import kinds, profiling
from bench.report import chart, history
from bench.report.goals import Goal, goal_table, of, verdicts
from bench.report.results import Results

SVG = "{http://www.w3.org/2000/svg}"


def row(what: str, comments: int, **figures: Any) -> dict[str, Any]:
    """Return a row of results."""
    return {"what": what, "comments": comments, "cost spread": 0.0, **figures}


def results(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return results that hold `rows`."""
    return vars(Results(kind={"database": "sqlite"}, pages=list(rows), **more))


def verdict_of(goal: str, measure: str, found: dict[str, Any]) -> tuple[float, bool]:
    """Return the figure of a goal, and whether it is met."""
    [verdict] = [
        each for each in verdicts(found) if (each.goal.what, each.goal.measure) == (goal, measure)
    ]
    return verdict.figure, verdict.met


def test_the_worst_of_all_sizes_decides() -> None:
    found = results(
        row("public page", 100, **{"cost to limit": 1.1, "rate to limit": 0.9}),
        row("public page", 10_000, **{"cost to limit": 1.3, "rate to limit": 0.95}),
    )
    assert verdict_of("public page, cached", "CPU x D", found) == (1.3, False)
    assert verdict_of("public page, cached", "requests/s of D", found) == (0.9, True)


def test_exactly_the_goal_is_met() -> None:
    most = Goal("x", "", 2, of("page", "cost"))
    least = Goal("x", "", 2, of("page", "cost"), at_least=True)
    for goal in (most, least):
        verdict = goal.verdict(results(row("page", 1, cost=2)))
        assert verdict
        assert (verdict.met, verdict.shortfall) == (True, 1)


def test_what_was_not_measured_has_no_verdict() -> None:
    assert verdicts(results()) == []


def test_every_slice_is_held_against_the_first_view_of_its_own_size() -> None:
    found = results(
        row("afresh: first view", 100, cost=2.0),
        row("afresh: newest", 100, cost=4.0),
        row("afresh: first view", 10_000, cost=4.0),
        row("afresh: newest", 10_000, cost=14.0),
    )
    assert verdict_of("any page, branch, sort, filter", "CPU x first view", found) == (3.5, False)


def test_replies_are_held_against_inserts_and_their_own_middle() -> None:
    found = results(
        row("view inserting one row", 0, rate=1_000.0, p50=1, p99=1),
        row("durable reply", 100, rate=310.0, p50=10.0, p99=39.0),
    )
    assert verdict_of("durable reply", "rate of one insert", found) == (0.31, True)
    assert verdict_of("durable reply", "p99 / p50", found) == (3.9, True)


def test_growth_is_held_against_its_goal_with_the_size_and_with_the_site() -> None:
    found = results(
        size_growth=[
            {"what": "afresh: first view", "ratio": 1.1},
            {"what": "signed-in page", "ratio": 1.2},
            {"what": "durable reply", "ratio": 1.2},
        ],
        site_growth=[
            {"what": "afresh: first view", "ratio": 1.3},
            {"what": "signed-in page", "ratio": 1.0},
            {"what": "durable reply", "ratio": 1.3},
        ],
    )
    times = "CPU, times"
    assert verdict_of("first view, largest to smallest", times, found) == (1.1, True)
    assert verdict_of("signed-in page, largest to smallest", times, found) == (1.2, False)
    assert verdict_of("durable reply, largest to smallest", times, found) == (1.2, True)
    assert verdict_of("pages in a larger site", times, found) == (1.3, False)
    assert verdict_of("durable reply in a larger site", times, found) == (1.3, False)


def test_memory_and_bytes_and_queries() -> None:
    found = results(
        memory={"bare view": 50.0, "site, warm": 90.0, "site, after the largest": 99.0},
        views={"100": {"html": 70_000, "shown": 50, "wire": 9_000}},
        queries={"a": {"public page": 4, "signed-in page": 9}},
    )
    assert verdict_of("memory of 2 workers", "x bare Django", found) == (1.98, True)
    assert verdict_of("memory after the largest", "times before", found) == (1.1, False)
    assert verdict_of("first view", "bytes of HTML", found) == (70_000, False)
    assert verdict_of("first view, a comment shown", "bytes of HTML", found) == (1_400, False)
    assert verdict_of("queries, public", "queries", found) == (4, True)
    assert verdict_of("queries, signed in", "queries", found) == (9, False)


def test_the_worst_page_is_painted_in_time_and_nothing_moves_on_any_visit() -> None:
    found = results(
        paints=[
            {"what": "post", "visit": "first visit", "first paint": 1.5, "shift": 0.0},
            {"what": "front page", "visit": "first visit", "first paint": 1.2, "shift": 0.0},
            {"what": "post", "visit": "again", "first paint": 9.0, "shift": 0.001},
        ],
    )
    assert verdict_of("first paint on a phone", "seconds", found) == (1.5, False)
    assert verdict_of("what moves while a page arrives", "CLS", found) == (0.001, False)


def test_a_goal_of_nothing_at_all_is_met_or_missed_without_measure() -> None:
    goal = Goal("x", "", 0, of("page", "cost"))
    for cost, shortfall in ((0, 1.0), (0.1, float("inf"))):
        verdict = goal.verdict(results(row("page", 1, cost=cost)))
        assert verdict
        assert verdict.shortfall == shortfall


def test_the_table_says_met_or_missed() -> None:
    found = results(row("public page", 100, **{"cost to limit": 1.1, "rate to limit": 0.5}))
    lines = goal_table(verdicts(found)).splitlines()
    assert lines[2].split()[-4:] == ["0.5", ">=", "0.85", "MISSED"]
    assert lines[3].split()[-4:] == ["1.1", "<=", "1.25", "met"]


@pytest.mark.parametrize(
    ("now", "spread", "said"),
    [(2.0, 0.0, 0), (2.19, 0.0, 0), (2.3, 0.0, 1), (2.3, 0.1, 0), (1.0, 0.0, 0)],
)
def test_worse_is_what_noise_does_not_explain(now: float, spread: float, said: int) -> None:
    before = results(row("public page", 100, **{"cost to limit": 2.0}))
    after = results(row("public page", 100, **{"cost to limit": now, "cost spread": spread}))
    assert len(history.worse(after, before)) == said


def test_the_noise_of_the_limit_counts_as_well() -> None:
    before = results(row("public page", 100, **{"cost to limit": 2.0, "limit spread": 0.2}))
    after = results(row("public page", 100, **{"cost to limit": 2.5}))
    assert history.worse(after, before) == []


def test_more_queries_are_worse_at_once() -> None:
    before = results(queries={"a": {"public page": 4, "signed-in page": 8}})
    after = results(queries={"a": {"public page": 5, "signed-in page": 8}})
    [found] = history.worse(after, before)
    assert str(found) == "queries, public page, a: 4 -> 5 (+25%, noise 0%)"


def test_only_results_of_the_same_kind_are_compared(tmp_path: Path) -> None:
    now = results(measured_at="2026-03-03")
    assert history.last_of_its_kind(now, tmp_path) is None
    for name, kind in (("2026-01-01", "sqlite"), ("2026-02-02", "postgresql")):
        old = results(measured_at=name) | {"kind": {"database": kind}}
        history.keep(old, tmp_path / f"{name}.json")
    history.keep(now, tmp_path / "2026-03-03.json")
    (tmp_path / "2026-09-09.json").write_text("not JSON")
    (tmp_path / "2026-09-10.json").write_text(json.dumps([]))
    last = history.last_of_its_kind(now, tmp_path)
    assert last
    assert last["measured_at"] == "2026-01-01"


def test_the_picture_is_well_formed_and_says_every_goal() -> None:
    found = results(row("public page", 100, **{"cost to limit": 5.0, "rate to limit": 0.9}))
    stored = [each.stored() for each in verdicts(found)]
    stored[0]["what"] = "a <b> & c"
    picture = ElementTree.fromstring(chart.picture(stored, "Title & all"))
    bars = [each for each in picture.iter(f"{SVG}rect") if each.get("class")]
    assert [bar.get("class") for bar in bars] == ["met", "missed"]
    assert "a <b> & c: requests/s of D" in [each.text for each in picture.iter(f"{SVG}text")]


def test_bars_end_left_of_the_goal_exactly_where_it_is_met() -> None:
    goal = chart.position(1)
    assert chart.position(0.99) < goal < chart.position(1.01)
    assert chart.position(0) == chart.position(0.001) == chart.NAMES
    assert chart.position(1e9) == chart.NAMES + chart.SCALE


def test_the_slowest_of_ours_is_profiled() -> None:
    rows = [
        row("bare view (D)", 100, cost=9.0, path="/0"),
        row("signed-in page", 100, cost=3.0, path="/posts/a/"),
        row("durable reply", 100, cost=5.0, path="/posts/a/answer/"),
    ]
    slowest = profiling.slowest(rows)
    assert slowest
    assert (slowest["what"], profiling.kind_of(slowest)) == ("durable reply", kinds.REPLY)
    assert profiling.kind_of(rows[1]) == kinds.READER
    assert profiling.slowest(rows[:1]) is None


def test_options_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert arguments(["--sizes", "10_000,100"]).sizes == (100, 10_000)
    assert arguments(["--quick"]).sizes == (100, 2_000)
    for bad in (["--sizes", "0"], ["--sizes", "many"], ["--runs", "-1"], ["--only", "x"]):
        with pytest.raises(SystemExit):
            arguments(bad)
    assert "usage" in capsys.readouterr().err
