"""How readers of one answer received the arguments for another. Pure.

A group, never a person: it is said of five readers or more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import minimums


class Crossing(NamedTuple):
    """How many readers of `of` with reactions have one to a comment for `other`."""

    of: Any
    other: Any
    readers: int
    base: int

    @property
    def is_own(self) -> bool:
        """Whether readers and comments are of the same answer."""
        return bool(self.of == self.other)


@dataclass(frozen=True)
class Openness:
    """Reactions across answers: readers by the answer they gave then and give now."""

    stances: tuple[Any, ...]
    marked: Mapping[int, Mapping[int, frozenset[int]]]

    @classmethod
    def of(cls, stances: Sequence[Any], marks: Iterable[tuple[int, int, int]]) -> "Openness":
        """Return the counts of `marks`: (the reader's answer, the comment's answer, the reader)."""
        found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for answer, other, reader in marks:
            found[answer][other].add(reader)
        marked = {
            answer: {other: frozenset(readers) for other, readers in each.items()}
            for answer, each in found.items()
        }
        return cls(tuple(stances), marked)

    @property
    def argued(self) -> list[Any]:
        """The answers for which somebody found a comment well argued, in the author's order.

        Of the others nothing is said: there may be no comment for them, and that would be held
        against the readers of all others.
        """
        found = {other for each in self.marked.values() for other in each}
        return [stance for stance in self.stances if stance.pk in found]

    @property
    def matrix(self) -> list[tuple[Any, list[Crossing]]]:
        """The answers of readers, each with the marks of these for all answers argued."""
        bases = {of.pk: self._readers(of) for of in self.stances}
        return [
            (of, [self._crossing(of, other, bases[of.pk]) for other in self.argued])
            for of in self.stances
            if minimums.show_crossings(bases[of.pk])
        ]

    @property
    def crossings(self) -> list[Crossing]:
        """The marks of readers for answers other than theirs."""
        return [each for _of, row in self.matrix for each in row if not each.is_own]

    @property
    def counted(self) -> int:
        """How many readers the matrix counts."""
        return sum(row[0].base for _of, row in self.matrix)

    @property
    def crossed(self) -> int:
        """How many of them marked a comment for another answer than theirs."""
        return sum(len(self._marking_others(of.pk)) for of, _row in self.matrix)

    @property
    def leaves_out(self) -> bool:
        """Whether the matrix has no row for an answer whose few readers marked something."""
        return len(self.matrix) < sum(map(bool, self.marked.values()))

    def _marking_others(self, of: int) -> frozenset[int]:
        marked = self.marked.get(of, {})
        return frozenset().union(*(who for other, who in marked.items() if other != of))

    def _readers(self, of: Any) -> int:
        return len(frozenset().union(*self.marked.get(of.pk, {}).values()))

    def _crossing(self, of: Any, other: Any, base: int) -> Crossing:
        return Crossing(of, other, len(self.marked.get(of.pk, {}).get(other.pk, ())), base)
