"""How answers moved: from each reader's first answer to the one they give now. Pure.

The correction of an answer is said in its place (`ranking.audience.history`). A reader who left and
came back has not moved; one who gives no answer now is in no figure (`minimums.standing`).
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from ..ranking.audience import HeldAnswer
from . import minimums
from .disclosure import Few, Pair, Sums, few_follow


class AnswerFlow(NamedTuple):
    """How many readers gave an answer first, left it, stayed, came to it, and give it now.

    None for `left` is hidden, and so are then those who stayed and came: one or two readers left
    the answer or, if `few_stayed`, kept it.
    """

    stance: Any
    first: int
    now: int
    left: int | None
    few_stayed: bool = False

    @property
    def stayed(self) -> int | None:
        """How many readers gave the answer first and give it now."""
        return None if self.left is None else self.first - self.left

    @property
    def came(self) -> int | None:
        """How many readers give the answer now and gave another first."""
        return None if self.stayed is None else self.now - self.stayed

    @property
    def share(self) -> str:
        """The share that left in a hundred, rounded; empty for too few readers."""
        return "" if self.left is None else minimums.share_of(self.left, self.first)


@dataclass(frozen=True)
class Flow:
    """From first answers to present ones; `cells` counts readers by both.

    `named` are the cells with a reader who says so in a comment, too: it identifies nobody.

    Page, drawing, JSON and CSV tell all cells, or, if one is of so few that it is hidden, only how
    many readers stayed with each answer, left it and came to it (`hides_moves`); or, if that would
    tell the hidden one, only how many changed (`is_withheld`).
    """

    stances: tuple[Any, ...]
    cells: Mapping[Pair, int]
    named: frozenset[Pair] = frozenset()

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
        named = frozenset(pair for reader, pair in pairs.items() if reader in commenting)
        given = {answer for pair in pairs.values() for answer in pair}
        shown = tuple(each for each in stances if each.is_offered or each.pk in given)
        return cls(shown, Counter(pairs.values()), named)

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
        """Whether some cell is hidden, and therefore from where to where anybody moved."""
        return any(self._is_few(pair) for pair in self.cells)

    @cached_property
    def is_withheld(self) -> bool:
        """Whether nothing is told by answer, since the sums would tell a hidden number."""
        if not self.hides_moves:
            return False
        moves = [pair for pair in self.cells if pair[0] != pair[1] and self._is_few(pair)]
        return any(self._sums.tell(pair) for pair in moves) or few_follow(
            self._sums, self._few, minimums.CELL_FROM
        )

    @property
    def answers(self) -> list[AnswerFlow]:
        """How many readers left each answer, stayed and came."""
        return [
            AnswerFlow(
                stance,
                self._first[stance.pk],
                self._now[stance.pk],
                None if stance.pk in self._few else self._sums.left[stance.pk],
                few_stayed=stance.pk in self._few and not self._few[stance.pk].has_left,
            )
            for stance in self.stances
        ]

    @property
    def leaving(self) -> list[AnswerFlow]:
        """The answers that somebody gave first."""
        return [answer for answer in self.answers if answer.first]

    @property
    def hides_stays(self) -> bool:
        """Whether it is hidden of some answer how many stayed with it."""
        return bool(self._few)

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
        is_hidden = self.hides_moves and (first != now or first in self._few)
        return None if is_hidden else self.cells.get(pair, 0)

    @cached_property
    def _first(self) -> Counter[int]:
        return self._counted(lambda pair: pair[0])

    @cached_property
    def _now(self) -> Counter[int]:
        return self._counted(lambda pair: pair[1])

    @cached_property
    def _sums(self) -> Sums:
        stayed = {each.pk: self.cells.get((each.pk, each.pk), 0) for each in self.stances}
        return Sums(
            {answer: self._first[answer] - number for answer, number in stayed.items()},
            {answer: self._now[answer] - number for answer, number in stayed.items()},
        )

    @cached_property
    def _few(self) -> Mapping[int, Few]:
        """The answers that one or two readers left, or kept, which no comment says."""
        few = {}
        for answer, left in self._sums.left.items():
            first = self._first[answer]
            is_named = not any(
                self._is_few(pair) for pair in self.cells if pair[0] == answer != pair[1]
            )
            if minimums.hide_cell(left, has_commented=is_named):
                few[answer] = Few(left, first, has_left=True)
            elif self._is_few((answer, answer)):
                few[answer] = Few(first - left, first, has_left=False)
        return few

    @property
    def _change_count_tells(self) -> bool:
        """Whether a hidden cell follows from the number of changes and the answers now.

        If all give one answer now, those who have not changed all gave it first. Of two answers,
        those who changed then gave the other one first, and if all changed, all crossed. That must
        not follow from the silence either, so it is kept about one or two who stayed, too.
        """
        is_one_now, are_two = len(+self._now) == 1, len(self.stances) == 2
        few_stayed = self.readers - self.changes < minimums.CELL_FROM
        few_moved = self.changes < minimums.CELL_FROM
        is_told = (few_stayed and (is_one_now or are_two)) or (few_moved and is_one_now and are_two)
        return is_told and self.hides_moves

    def _is_few(self, pair: Pair) -> bool:
        return minimums.hide_cell(self.cells.get(pair, 0), has_commented=pair in self.named)

    def _counted(self, answer_of: Callable[[Pair], int]) -> Counter[int]:
        """Return the readers by the answer of a cell."""
        counts: Counter[int] = Counter()
        for pair, readers in self.cells.items():
            counts[answer_of(pair)] += readers
        return counts


def _ends(answers: Sequence[HeldAnswer]) -> Pair:
    """Return the first and the present answer of a reader who gives one."""
    return answers[0].stance or 0, answers[-1].stance or 0
