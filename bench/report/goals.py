"""State the goals of the project as ratios of one run, and judge whether they are met."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..browser.paint import AGAIN, FIRST, FIRST_PAINTED, SHIFT
from ..limits.running import BEHIND, PUBLIC, SIGNED_IN, UNCHANGED
from ..pages.kinds import CACHED, READER, REPLY, VISITOR
from ..pages.rebuilt import AFRESH, AFRESH_FIRST
from ..writes.replies import INSERTING, REPLYING
from .table import table

COMMENT_BYTES, PAGE_BYTES = 1_200, 64_000  # of HTML, at most
FIRST_PAINT = 1.4  # seconds until a first visit shows something, at most
PUBLIC_QUERIES, SIGNED_IN_QUERIES = 4, 8  # of a page, at most
BY_SIZE, BY_SITE = "size_growth", "site_growth"

Results = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """The goal for one figure: at most, or at least, `bound`.

    `time_of` is the kind of request whose profile explains a miss; empty where the tables do.
    """

    what: str
    measure: str
    bound: float
    figures: Callable[[Results], Iterator[float]]
    at_least: bool = False
    time_of: str = ""

    def verdict(self, results: Results) -> "GoalVerdict | None":
        """Return the verdict on the worst figure; None where nothing was measured."""
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
        """How many times off the goal the figure is; the goal is met at 1 or below."""
        if self.goal.at_least:
            return self.goal.bound / self.figure if self.figure else float("inf")
        if not self.goal.bound:
            return float("inf") if self.figure else 1.0
        return self.figure / self.goal.bound

    def stored(self) -> dict[str, Any]:
        """Return the verdict as it is written to the file of results."""
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
    """Return a function that yields `figure` of the rows named `name`, at every size."""

    def read(results: Results) -> Iterator[float]:
        return (row[figure] for row in results["pages"] if row["what"] == name and figure in row)

    return read


def grown(part: str, *names: str) -> Callable[[Results], Iterator[float]]:
    """Return a function that yields the growth of the costs of `names` in the table `part`."""

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
    """Yield the ratios of p99 to p50 of replies."""
    return (row["p99"] / row["p50"] for row in results["pages"] if row["what"] == REPLYING)


def a_comment(results: Results) -> Iterator[float]:
    """Yield the bytes of HTML for each comment shown."""
    return (of["html"] / of["shown"] for of in results["views"].values())


def html(results: Results) -> Iterator[float]:
    """Yield the bytes of HTML of first views."""
    return (float(of["html"]) for of in results["views"].values())


def site_memory(results: Results) -> Iterator[float]:
    """Yield the memory of the site as ratios to the bare view's."""
    memory = dict(results["memory"])
    bare = memory.pop("bare view", 1.0)
    return (figure / bare for figure in memory.values())


def leaked(results: Results) -> Iterator[float]:
    """Yield the ratio of the memory after the largest discussion to that before."""
    memory = results["memory"]
    if memory:
        yield memory["site, after the largest"] / memory["site, warm"]


def queries(what: str) -> Callable[[Results], Iterator[float]]:
    """Return a function that yields the queries of the page `what`, at every size."""

    def read(results: Results) -> Iterator[float]:
        return (float(counts[what]) for counts in results["queries"].values())

    return read


def painted(figure: str, *visits: str) -> Callable[[Results], Iterator[float]]:
    """Return a function that yields `figure` of every page on the `visits` named."""

    def read(results: Results) -> Iterator[float]:
        return (row[figure] for row in results["paints"] if row["visit"] in visits)

    return read


GOALS = [
    Goal("public page, cached", "requests/s of D", 0.85, of(PUBLIC, "rate to limit"), True, CACHED),
    Goal("public page, cached", "CPU x D", 1.25, of(PUBLIC, "cost to limit"), time_of=CACHED),
    Goal("its 304", "requests/s of D", 0.85, of(UNCHANGED, "rate to limit"), True, CACHED),
    Goal("its 304", "CPU x D", 1.25, of(UNCHANGED, "cost to limit"), time_of=CACHED),
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
    Goal("memory of 2 workers", "x bare Django", 2, site_memory),
    # The same memory, but for the difference between any two readings.
    Goal("memory after the largest", "times before", 1.05, leaked),
    Goal("first paint on a phone", "seconds", FIRST_PAINT, painted(FIRST_PAINTED, FIRST)),
    Goal("what moves while a page arrives", "CLS", 0, painted(SHIFT, FIRST, AGAIN)),
    Goal("queries, public", "queries", PUBLIC_QUERIES, queries("public page")),
    Goal("queries, signed in", "queries", SIGNED_IN_QUERIES, queries("signed-in page")),
]


def verdicts(results: Results) -> list[GoalVerdict]:
    """Return the verdict on each goal whose figures were measured."""
    found = (goal.verdict(results) for goal in GOALS)
    return [verdict for verdict in found if verdict]


def goal_table(found: list[GoalVerdict]) -> str:
    """Return the table of figures and their goals."""
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
