"""Tell which hidden numbers of moves follow from the sums beside them. Pure.

Known of each answer is how many readers left it and how many came to it. A number between two
answers follows if all tables of whole numbers with these sums agree on it (Gusfield, "A graph
theoretic approach to statistical data security", SIAM Journal on Computing 17, 1988). Nobody moves
from an answer to itself, and all other ways are open. So Hall's theorem gives the bounds of each
number, and no table has to be searched.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# The ids of a first answer and of a present one.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Sums:
    """How many readers left each answer, came to it, and stayed; by the same ids."""

    left: Mapping[int, int]
    came: Mapping[int, int]
    stayed: Mapping[int, int]

    @classmethod
    def of(cls, cells: Mapping[Pair, int], answers: Iterable[int]) -> "Sums":
        """Return the sums of `cells`, which count readers by first and present answer."""
        left, came = Counter[int](), Counter[int]()
        for (first, now), readers in cells.items():
            if first != now:
                left[first] += readers
                came[now] += readers
        ids = list(answers)
        return cls(
            {each: left[each] for each in ids},
            {each: came[each] for each in ids},
            {each: cells.get((each, each), 0) for each in ids},
        )

    @property
    def all(self) -> list[int]:
        """Return all sums, always in the same order."""
        return [*self.left.values(), *self.came.values(), *self.stayed.values()]

    @property
    def moves(self) -> int:
        """How many readers moved."""
        return sum(self.left.values())

    def bounds(self, pair: Pair) -> tuple[int, int]:
        """Return the least and the largest number of readers who can have moved by `pair`."""
        first, now = pair
        others = (each for each in self.left if each not in pair)
        room = (self.moves - self.left[each] - self.came[each] for each in others)
        both = self.left[first] + self.came[now] - self.moves
        least = max(0, both + self.came[first], both + self.left[now])
        return least, min(self.left[first], self.came[now], *room)

    def tell(self, pair: Pair) -> bool:
        """Return whether the number of readers who moved by `pair` follows."""
        least, largest = self.bounds(pair)
        return least == largest
