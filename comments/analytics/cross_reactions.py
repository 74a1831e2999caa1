"""How readers of one answer received the arguments for another. Pure.

A group, never a person: it is said of five readers or more, as a share of ten or more.
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
    def share(self) -> str:
        """Their share in a hundred, rounded; empty for too few readers."""
        return minimums.share_of(self.readers, self.base)


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
    def crossings(self) -> list[Crossing]:
        """What is said, in the author's order.

        Of an answer for which nobody at all found a comment well argued nothing is said: there may
        be none, and that would be held against the readers of all others.
        """
        argued = {other for each in self.marked.values() for other in each}
        return [
            Crossing(of, other, len(each.get(other.pk, ())), base)
            for of in self.stances
            for each in [self.marked.get(of.pk, {})]
            for base in [len(frozenset().union(*each.values()))]
            for other in self.stances
            if minimums.show_crossings(base) and other != of and other.pk in argued
        ]
