"""The goals of the project as ratios of one run, and whether they are met."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..browser.paint import AGAIN, FIRST, FIRST_PAINTED, SHIFT
from ..limits.running import BEHIND, PUBLIC, SIGNED_IN, UNCHANGED
from ..pages.kinds import KEPT, READER, REPLY, VISITOR
from ..pages.rebuilt import AFRESH, AFRESH_FIRST
from ..writes.replies import INSERTING, REPLYING
from .table import table

# A kilobyte is 1,000 bytes.
COMMENT_BYTES, PAGE_BYTES = 1_200, 64_000
# Seconds until a first visit shows something.
FIRST_PAINT = 1.4
PUBLIC_QUERIES, SIGNED_IN_QUERIES = 4, 8
BY_SIZE, BY_SITE = "size_growth", "site_growth"

Results = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """What is wanted of one figure: at most, or at least, `bound`.

    `time_of` is the kind of request whose profile says why it is missed; empty where the tables do.
    """

    what: str
    measure: str
    bound: float
    figures: Callable[[Results], Iterator[float]]
    at_least: bool = False
    time_of: str = ""

    def verdict(self, results: Results) -> "GoalVerdict | None":
        """Return the worst figure against the goal; None where nothing was measured."""
        found = list(self.figures(results))
        if not found:
            return None
        worst = min(found) if self.at_least else max(found)
        met = worst >= self.bound if self.at_least else worst <= self.bound
        return GoalVerdict(self, worst, met)


@dataclass(frozen=True)
class GoalVerdict:
    """A goal, the worst figure that was measured for it, and whether it is met."""

    goal: Goal
    figure: float
    met: bool

    @property
    def shortfall(self) -> float:
        """How many times the figure is on the wrong side of the goal; below 1 it is met."""
        if self.goal.at_least:
            return self.goal.bound / self.figure if self.figure else float("inf")
        if not self.goal.bound:
            return float("inf") if self.figure else 1.0
        return self.figure / self.goal.bound

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept."""
        goal = self.goal
        return {
            "what": goal.what,
            "measure": goal.measure,
            "goal": goal.bound,
            "at least": goal.at_least,
            "figure": self.figure,
            "met": self.met,
            "shortfall": self.shortfall,
        }


def of(name: str, figure: str) -> Callable[[Results], Iterator[float]]:
    """Return what reads `figure` of the rows called `name`, at every size."""

    def read(results: Results) -> Iterator[float]:
        return (row[figure] for row in results["pages"] if row["what"] == name and figure in row)

    return read


def grown(part: str, *names: str) -> Callable[[Results], Iterator[float]]:
    """Return what reads how the costs of `names` grow, with their size or with their site."""

    def read(results: Results) -> Iterator[float]:
        return (row["ratio"] for row in results[part] if row["what"] in names)

    return read


def slices(results: Results) -> Iterator[float]:
    """Yield the cost of every slice as a ratio to the first view of the same discussion."""
    fresh = [row for row in results["pages"] if row["what"].startswith("afresh: ")]
    first = {row["comments"]: row["cost"] for row in fresh if row["what"] == AFRESH_FIRST}
    for row in fresh:
        if row["what"] != AFRESH_FIRST:
            yield row["cost"] / first[row["comments"]]


def against_inserts(results: Results) -> Iterator[float]:
    """Yield the rates of replies as ratios to the rate of the view that inserts one row."""
    rows = results["pages"]
    inserts = [row["rate"] for row in rows if row["what"] == INSERTING]
    return (row["rate"] / rate for rate in inserts for row in rows if row["what"] == REPLYING)


def tails(results: Results) -> Iterator[float]:
    """Yield p99 as a ratio to p50 of replies."""
    return (row["p99"] / row["p50"] for row in results["pages"] if row["what"] == REPLYING)


def a_comment(results: Results) -> Iterator[float]:
    """Yield the bytes of HTML for each comment shown."""
    return (of["html"] / of["shown"] for of in results["views"].values())


def html(results: Results) -> Iterator[float]:
    """Yield the bytes of HTML of first views."""
    return (float(of["html"]) for of in results["views"].values())


def kept_memory(results: Results) -> Iterator[float]:
    """Yield the memory of the site as ratios to the bare view's."""
    memory = dict(results["memory"])
    bare = memory.pop("bare view", 1.0)
    return (figure / bare for figure in memory.values())


def leaked(results: Results) -> Iterator[float]:
    """Yield the memory after the largest discussion as a ratio to that before."""
    memory = results["memory"]
    if memory:
        yield memory["site, after the largest"] / memory["site, warm"]


def queries(what: str) -> Callable[[Results], Iterator[float]]:
    """Return what reads how many queries a page takes, at every size."""

    def read(results: Results) -> Iterator[float]:
        return (float(counts[what]) for counts in results["queries"].values())

    return read


def painted(figure: str, *visits: str) -> Callable[[Results], Iterator[float]]:
    """Return what reads `figure` of every page, on the `visits` named."""

    def read(results: Results) -> Iterator[float]:
        return (row[figure] for row in results["paints"] if row["visit"] in visits)

    return read


GOALS = [
    Goal("public page, cached", "requests/s of D", 0.85, of(PUBLIC, "rate to limit"), True, KEPT),
    Goal("public page, cached", "CPU x D", 1.25, of(PUBLIC, "cost to limit"), time_of=KEPT),
    Goal("its 304", "requests/s of D", 0.85, of(UNCHANGED, "rate to limit"), True, KEPT),
    Goal("its 304", "CPU x D", 1.25, of(UNCHANGED, "cost to limit"), time_of=KEPT),
    Goal("behind nginx's cache", "requests/s of a file", 0.7, of(BEHIND, "rate to limit"), True),
    Goal("first view built afresh", "CPU x D", 7, of(AFRESH, "cost to D"), time_of=VISITOR),
    Goal("first view built afresh", "CPU x P", 1.5, of(AFRESH, "cost to P"), time_of=VISITOR),
    Goal("signed-in page", "CPU x D", 18, of(SIGNED_IN, "cost to limit"), time_of=READER),
    Goal("first view, largest to smallest", "CPU, times", 1.15, grown(BY_SIZE, AFRESH_FIRST)),
    Goal("signed-in page, largest to smallest", "CPU, times", 1.15, grown(BY_SIZE, SIGNED_IN)),
    Goal("pages in a larger site", "CPU, times", 1.15, grown(BY_SITE, AFRESH_FIRST, SIGNED_IN)),
    Goal("any page, branch, sort, filter", "CPU x first view", 3, slices),
    Goal("durable reply", "CPU x D", 25, of(REPLYING, "cost to D"), time_of=REPLY),
    Goal("durable reply", "rate of one insert", 0.3, against_inserts, True, REPLY),
    Goal("durable reply", "p99 / p50", 4, tails),
    Goal("durable reply, largest to smallest", "CPU, times", 1.25, grown(BY_SIZE, REPLYING)),
    Goal("durable reply in a larger site", "CPU, times", 1.25, grown(BY_SITE, REPLYING)),
    Goal("first view, a comment shown", "bytes of HTML", COMMENT_BYTES, a_comment),
    Goal("first view", "bytes of HTML", PAGE_BYTES, html),
    Goal("memory of 2 workers", "x bare Django", 2, kept_memory),
    # The same, but for what any two readings differ by.
    Goal("memory after the largest", "times before", 1.05, leaked),
    Goal("first paint on a phone", "seconds", FIRST_PAINT, painted(FIRST_PAINTED, FIRST)),
    Goal("what moves while a page arrives", "CLS", 0, painted(SHIFT, FIRST, AGAIN)),
    Goal("queries, public", "queries", PUBLIC_QUERIES, queries("public page")),
    Goal("queries, signed in", "queries", SIGNED_IN_QUERIES, queries("signed-in page")),
]


def verdicts(results: Results) -> list[GoalVerdict]:
    """Return the verdict of each goal that something was measured for."""
    found = (goal.verdict(results) for goal in GOALS)
    return [verdict for verdict in found if verdict]


def goal_table(found: list[GoalVerdict]) -> str:
    """Return the table of ratios with the goals beside them."""
    rows = [
        (
            each.goal.what,
            each.goal.measure,
            f"{each.figure:,.4g}" if each.figure < 1_000 else f"{each.figure:,.0f}",
            f"{'>=' if each.goal.at_least else '<='} {each.goal.bound:,g}",
            "met" if each.met else "MISSED",
        )
        for each in found
    ]
    return table(("what (the worst of all sizes)", "", "figure", "goal", ""), rows)
