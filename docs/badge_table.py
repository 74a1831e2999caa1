"""Compute how often comments of various kinds wear the badge, and write the table into the method.

`python docs/badge_table.py` takes some minutes. Readers arrive in random order, press the comment
and all others with fixed chances, and the site looks after every reader by its own formulas, with
usual rates estimated from what it has seen so far.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

DOCS = Path(__file__).resolve().parent
METHOD = DOCS / "deliberation.md"
sys.path[:0] = [str(DOCS.parent), str(DOCS.parent / "site")]

from comments.ranking.badges import Merit  # noqa: E402
from comments.ranking.evidence import careful_rates, evidence  # noqa: E402
from comments.ranking.lift import StanceReactions, base_rate  # noqa: E402

DRAWS, SEED = 3_000, 16
# Readers who answer Different, Same and Overlap; how often they press a typical comment.
SIZES = ((40, 12, 8), (15, 15, 15), (130, 40, 30))
RATES = (0.30, 0.20, 0.25)
OTHERS = (0, 2, 5, 30)
# Times its usual that each side presses the comment, whose own answer is the first.
KINDS = {
    "typical": (1.0, 1.0, 1.0),
    "partisan": (2.5, 1.0, 1.0),
    "x1.5": (1.5, 1.5, 1.5),
    "x2": (2.0, 2.0, 2.0),
    "x2.5": (2.5, 2.5, 2.5),
}
OWN = 0
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
BEGIN, END = "<!-- badges by chance -->", "<!-- end -->"


@dataclass(frozen=True)
class Shares:
    """The shares of draws in which a comment ever wore the badge, and wore it in the end."""

    ever: float
    at_end: float


def shares(size: tuple[int, ...], others: int, kind: str, draws: int = DRAWS) -> Shares:
    """Return the shares for a comment of a kind beside so many `others`, by a fixed seed."""
    random = Random(f"{SEED} {size} {others} {kind}")  # noqa: S311  (no secret)
    worn = [_draw(random, size, others, KINDS[kind]) for _draw_number in range(draws)]
    return Shares(sum(ever for ever, _end in worn) / draws, sum(end for _ever, end in worn) / draws)


def _draw(
    random: Random, size: tuple[int, ...], others: int, times: tuple[float, ...]
) -> tuple[bool, bool]:
    """Return whether a comment ever wears the badge while readers arrive, and in the end."""
    readers = [side for side, number in enumerate(size) for _reader in range(number)]
    random.shuffle(readers)
    sides = dict.fromkeys(range(len(size)), StanceReactions(0, 0))
    totals, rates = dict(sides), dict.fromkeys(sides, base_rate(0, 0))
    ever, merit = False, Merit()
    for side in readers:
        pressed = random.random() < min(RATES[side] * times[side], 1)
        elsewhere = sum(random.random() < RATES[side] for _other in range(others))
        before, total = sides[side], totals[side]
        sides[side] = StanceReactions(before.approvals + pressed, before.chances + 1)
        totals[side] = StanceReactions(
            total.approvals + pressed + elsewhere, total.chances + 1 + others
        )
        rates[side] = base_rate(*totals[side])
        seen = evidence(sides, rates, careful_rates(rates, totals, sides), OWN)
        merit = merit.after(seen, LONG_AGO, is_doubtful=False)
        ever = ever or merit.earned_at is not None
    return ever, merit.earned_at is not None


def table(draws: int = DRAWS) -> str:
    """Return the table as Markdown, in hundredths of draws: ever, and in brackets at the end."""
    return "\n".join(_lines(draws))


def _lines(draws: int) -> Iterator[str]:
    yield f"| readers | other comments | {' | '.join(KINDS)} |"
    yield f"| --- | --- | {' | '.join('---' for _kind in KINDS)} |"
    for size in SIZES:
        for others in OTHERS:
            cells = [_cell(shares(size, others, kind, draws)) for kind in KINDS]
            yield f"| {'/'.join(map(str, size))} | {others} | {' | '.join(cells)} |"


def _cell(found: Shares) -> str:
    return f"{100 * found.ever:.1f} ({100 * found.at_end:.1f})"


def main() -> None:
    """Write the table between its marks in the method."""
    made = table()
    before, _begin, rest = METHOD.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    METHOD.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}")


if __name__ == "__main__":
    main()
