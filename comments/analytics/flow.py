"""How answers moved: from each reader's first answer to the one they give now. Pure.

The correction of an answer is said in its place (`ranking.audience.history`). A reader who left and
came back has not moved; one who gives no answer now is in no figure (`minimums.standing`).
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from ..ranking.audience import HeldAnswer
from . import minimums
from .disclosure import Pair, Sums


class AnswerFlow(NamedTuple):
    """How many readers gave an answer first, left it, stayed, came to it, and give it now."""

    stance: Any
    first: int
    now: int
    left: int

    @property
    def stayed(self) -> int:
        """How many readers gave the answer first and give it now."""
        return self.first - self.left

    @property
    def came(self) -> int:
        """How many readers give the answer now and gave another first."""
        return self.now - self.stayed

    @property
    def share(self) -> str:
        """The share that left in a hundred, rounded; empty for too few readers."""
        return minimums.share_of(self.left, self.first)


@dataclass(frozen=True)
class Flow:
    """From first answers to present ones; `cells` counts readers by both.

    `open_cells` counts those of them who have written a comment, so that all see their answers. A
    cell of one or two readers, none of whom has, is hidden.

    Page, drawing, JSON and CSV tell all cells, or, if one is hidden, only how many readers stayed
    with each answer, left it and came to it (`hides_moves`); or, if these are so few themselves or
    would tell the hidden cell, only how many changed (`is_withheld`).
    """

    stances: tuple[Any, ...]
    cells: Mapping[Pair, int]
    open_cells: Mapping[Pair, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        stances: Iterable[Any],
        journeys: Mapping[int, Sequence[HeldAnswer]],
        commenting: Container[int] = (),
    ) -> "Flow":
        """Return the flow of the answer histories of readers, by the ids of readers.

        It has those of `stances` that are offered, or that somebody gave first or gives now.
        `commenting` are the readers who have written a comment.
        """
        pairs = {reader: _ends(answers) for reader, answers in journeys.items()}
        open_cells = Counter(pair for reader, pair in pairs.items() if reader in commenting)
        given = {answer for pair in pairs.values() for answer in pair}
        shown = tuple(each for each in stances if each.is_offered or each.pk in given)
        return cls(shown, Counter(pairs.values()), open_cells)

    @property
    def readers(self) -> int:
        """How many readers give an answer now."""
        return sum(self.cells.values())

    @property
    def changes(self) -> int:
        """How many readers give another answer now than at first."""
        return sum(count for (first, now), count in self.cells.items() if first != now)

    @property
    def told_changes(self) -> int | None:
        """The number of changes; None of too few readers, or where it would tell a cell."""
        is_shown = minimums.show_counts(self.readers) and (
            self.shows_table or not self._change_count_tells
        )
        return self.changes if is_shown else None

    @property
    def shows_table(self) -> bool:
        """Whether there are enough changes for a table, and it gives nobody away."""
        return minimums.show_moves(self.changes) and not self.is_withheld

    @property
    def is_drawn(self) -> bool:
        """Whether there are enough changes for a chart, and it gives nobody away."""
        return minimums.draw_moves(self.changes) and not self.is_withheld

    @cached_property
    def hides_moves(self) -> bool:
        """Whether some cell is hidden, and therefore from where to where anybody moved.

        If nobody moved but those who say so, the totals tell what all others kept.
        """
        return self._silent_sums.moves > 0 and any(map(self._is_few, self.cells))

    @cached_property
    def is_withheld(self) -> bool:
        """Whether nothing is told by answer, since the sums would tell of one or two readers.

        Everybody can subtract from the sums those who have written a comment.
        """
        if not self.hides_moves:
            return False
        return any(map(minimums.hide_cell, self._sums.all, self._open_sums.all)) or any(
            first != now and self._is_few((first, now)) and self._silent_sums.tell((first, now))
            for first, now in self.cells
        )

    @property
    def answers(self) -> list[AnswerFlow]:
        """How many readers left each answer, stayed and came."""
        sums = self._sums
        return [
            AnswerFlow(
                stance,
                sums.left[stance.pk] + sums.stayed[stance.pk],
                sums.came[stance.pk] + sums.stayed[stance.pk],
                sums.left[stance.pk],
            )
            for stance in self.stances
        ]

    @property
    def leaving(self) -> list[AnswerFlow]:
        """The answers that somebody gave first."""
        return [answer for answer in self.answers if answer.first]

    @property
    def rows(self) -> list[tuple[Any, list[int | None]]]:
        """The table: per first answer the readers of each answer now; None where it is hidden."""
        return [
            (stance, [self.shown((stance.pk, end.pk)) for end in self.stances])
            for stance in self.stances
        ]

    @property
    def shown_cells(self) -> list[tuple[Pair, int | None]]:
        """The cells in order, without empty ones; if some are hidden, all, so that none is told."""
        answers = [stance.pk for stance in self.stances]
        pairs = product(answers, answers) if self.hides_moves else self.cells
        return [(pair, self.shown(pair)) for pair in sorted(pairs)]

    def shown(self, pair: Pair) -> int | None:
        """Return how many readers went from one answer to another; None if it is hidden."""
        first, now = pair
        return None if self.hides_moves and first != now else self.cells.get(pair, 0)

    @cached_property
    def _sums(self) -> Sums:
        return self._sums_of(self.cells)

    @cached_property
    def _open_sums(self) -> Sums:
        return self._sums_of(self.open_cells)

    @cached_property
    def _silent(self) -> Mapping[Pair, int]:
        """The cells without the readers who have written a comment."""
        return {pair: number - self.open_cells.get(pair, 0) for pair, number in self.cells.items()}

    @cached_property
    def _silent_sums(self) -> Sums:
        return self._sums_of(self._silent)

    def _sums_of(self, cells: Mapping[Pair, int]) -> Sums:
        return Sums.of(cells, [stance.pk for stance in self.stances])

    def _is_few(self, pair: Pair) -> bool:
        return minimums.hide_cell(self.cells.get(pair, 0), self.open_cells.get(pair, 0))

    @property
    def _change_count_tells(self) -> bool:
        """Whether a hidden cell follows from the number of changes and the answers now.

        If all give one answer now, those who have not changed all gave it first. Of two answers,
        those who changed then gave the other one first, and if all changed, all crossed. That must
        not follow from the silence either, so it is kept about one or two who stayed, too.
        """
        are_two = len(self.stances) == 2
        is_one_now = len({now for (_first, now), silent in self._silent.items() if silent}) == 1
        few_stayed = sum(self._silent_sums.stayed.values()) < minimums.CELL_FROM
        few_moved = self._silent_sums.moves < minimums.CELL_FROM
        is_told = (few_stayed and (is_one_now or are_two)) or (few_moved and is_one_now and are_two)
        return is_told and self.hides_moves


def _ends(answers: Sequence[HeldAnswer]) -> Pair:
    """Return the first and the present answer of a reader who gives one."""
    return answers[0].stance or 0, answers[-1].stance or 0
