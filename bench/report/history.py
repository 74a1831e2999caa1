"""Store results of runs, and compare a run with the last one measured in the same way."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Results = dict[str, Any]
COSTS = ("cost to limit", "cost to D")  # ratios, of which more is worse
LEAST_NOISE = 0.05  # share by which figures differ between runs, even where all runs of one agree


@dataclass(frozen=True)
class Worse:
    """A ratio that is worse than in the last run, by more than the noise of both runs."""

    what: str
    comments: int
    before: float
    now: float
    noise: float

    def __str__(self) -> str:
        size = f", {self.comments:,} comments" if self.comments else ""
        change = self.now / self.before - 1
        return (
            f"{self.what}{size}: {self.before:.3g} -> {self.now:.3g} "
            f"({change:+.0%}, noise {self.noise:.0%})"
        )


def folder() -> Path:
    """Return the folder of stored results."""
    return Path(os.environ.get("DATA_DIR") or "var") / "bench"


def keep(results: Results, path: Path) -> None:
    """Write `results` to the file `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1))


def last_of_its_kind(results: Results, among: Path) -> Results | None:
    """Return the newest stored results that were measured in the same way, or None."""
    for path in sorted(among.glob("*.json"), reverse=True):
        kept = _read(path)
        if kept.get("kind") == results["kind"] and kept["measured_at"] != results["measured_at"]:
            return kept
    return None


def worse(now: Results, before: Results) -> list[Worse]:
    """Return the ratios of `now` that are worse than `before` by more than the noise of both.

    The noise is the spread of the runs: of the ratio's own figure and of the bare view's.
    """
    earlier = {(row["what"], row["comments"]): row for row in before["pages"]}
    found = (_worse(row, earlier.get((row["what"], row["comments"]))) for row in now["pages"])
    return [*filter(None, found), *_counted(now, before)]


def _worse(row: dict[str, Any], earlier: dict[str, Any] | None) -> Worse | None:
    figure = next((name for name in COSTS if name in row), None)
    if earlier is None or figure is None or figure not in earlier:
        return None
    noise = sum(
        max(each["cost spread"], LEAST_NOISE) + each.get("limit spread", 0.0)
        for each in (row, earlier)
    )
    if row[figure] <= earlier[figure] * (1 + noise):
        return None
    return Worse(f"{row['what']}, {figure}", row["comments"], earlier[figure], row[figure], noise)


def _counted(now: Results, before: Results) -> Iterator[Worse]:
    """Yield the counts that got worse: queries and bytes of HTML, which have no noise."""
    for part, figure in (("queries", "public page"), ("queries", "signed-in page")):
        for name, counts in now[part].items():
            old = before[part].get(name, counts)[figure]
            if counts[figure] > old:
                yield Worse(f"{part}, {figure}, {name}", 0, old, counts[figure], 0)
    for size, view in now["views"].items():
        old = before["views"].get(size, view)["html"]
        if view["html"] > old * (1 + LEAST_NOISE):
            yield Worse("bytes of HTML", int(size), old, view["html"], LEAST_NOISE)


def _read(path: Path) -> Results:
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
