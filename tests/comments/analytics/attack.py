"""List all tables that agree with the published figures of moves, as an attacker would.

It reads the public properties of a flow alone, and counts by other code than the site's.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple

from comments.analytics import minimums
from comments.analytics.flow import Flow

Pair = tuple[int, int]
Cells = Mapping[Pair, int]


def partitions(number: int, caps: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield all ways to share `number` among places that take at most so many."""
    if not caps:
        if not number:
            yield ()
        return
    for taken in range(min(number, caps[0]) + 1):
        for others in partitions(number - taken, caps[1:]):
            yield (taken, *others)


def tables(left: Sequence[int], came: Sequence[int], row: int = 0) -> Iterator[tuple[Any, ...]]:
    """Yield all tables, as rows, of so many who left and came to each answer; none stayed."""
    if row == len(left):
        if not any(came):
            yield ()
        return
    caps = [0 if place == row else most for place, most in enumerate(came)]
    for taken in partitions(left[row], caps):
        rest = [most - number for most, number in zip(came, taken, strict=True)]
        for others in tables(left, rest, row + 1):
            yield (taken, *others)


def tables_of(now: Sequence[int]) -> Iterator[dict[Pair, int]]:
    """Yield all tables, as cells, of readers of whom so many give each answer now."""
    answers = range(len(now))
    for columns in product(*(partitions(each, [each] * len(now)) for each in now)):
        yield {(first, n): columns[n][first] for first in answers for n in answers}


def flow_of(cells: Cells, answers: int, open_cells: Cells | None = None) -> Flow:
    """Return the flow of `cells`; of those in `open_cells`, everybody sees a comment."""
    stances = tuple(SimpleNamespace(pk=place, word=f"Word {place}") for place in range(answers))
    found = {pair: readers for pair, readers in cells.items() if readers}
    return Flow(stances, found, open_cells or {})


class Published(NamedTuple):
    """All figures that page, JSON or CSV tell of a flow."""

    now: tuple[int, ...]
    has_changes: bool
    changes: int | None
    cells: tuple[tuple[Pair, int | None], ...]
    # By answer: how many gave it first, and left it.
    answers: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, flow: Flow) -> "Published":
        shown = flow.shows_table
        return cls(
            tuple(answer.now for answer in flow.answers),
            flow.changes > 0,
            flow.told_changes,
            tuple(flow.shown_cells) if shown else (),
            tuple((each.first, each.left) for each in flow.answers) if shown else (),
        )

    def agrees(self, cells: Cells) -> bool:
        """Return whether the table `cells` has all these figures."""
        changes = sum(readers for (first, now), readers in cells.items() if first != now)
        return (
            self.has_changes == (changes > 0)
            and self.changes in {None, changes}
            and all(shown in {None, cells.get(pair, 0)} for pair, shown in self.cells)
            and all(self._agrees(cells, place) for place in range(len(self.answers)))
        )

    def _agrees(self, cells: Cells, place: int) -> bool:
        first, left = self.answers[place]
        row = {now: readers for (start, now), readers in cells.items() if start == place}
        return sum(row.values()) == first and sum(row.values()) - row.get(place, 0) == left


def is_few(cells: Cells, pair: Pair, open_cells: Cells) -> bool:
    """Return whether a cell is of one or two readers, none of whom wrote a comment."""
    return 0 < cells.get(pair, 0) < minimums.CELL_FROM and not open_cells.get(pair)
