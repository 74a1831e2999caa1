"""Tell which hidden numbers of moves follow from the sums beside them. Pure.

Known of each answer is how many readers left it and how many came to it. A number between two
answers follows if all tables of whole numbers with these sums agree on it (Gusfield, "A graph
theoretic approach to statistical data security", SIAM Journal on Computing 17, 1988). Nobody moves
from an answer to itself, and all other ways are open. So Hall's theorem gives the bounds of each
number, and no table has to be searched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

# The ids of a first answer and of a present one.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Sums:
    """How many readers left each answer, and how many came to it; by the same ids."""

    left: Mapping[int, int]
    came: Mapping[int, int]

    @property
    def moves(self) -> int:
        """How many readers moved."""
        return sum(self.left.values())

    @property
    def is_possible(self) -> bool:
        """Whether some table has these sums: none is negative, and all who left found room."""
        return all(
            min(self.left[each], self.came[each]) >= 0
            and self.left[each] + self.came[each] <= self.moves
            for each in self.left
        )

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

    def shifted(self, by: Mapping[int, int]) -> "Sums":
        """Return the sums with so many more readers who left and came to the answers of `by`."""
        return Sums(
            {each: number + by.get(each, 0) for each, number in self.left.items()},
            {each: number + by.get(each, 0) for each, number in self.came.items()},
        )


class Few(NamedTuple):
    """A hidden number of few readers: of the `base` who gave an answer first, left or stayed."""

    number: int
    base: int
    has_left: bool

    def more_left(self, number: int) -> int:
        """Return how many more readers left the answer if there were `number` in place of these."""
        return number - self.number if self.has_left else self.number - number


def few_follow(sums: Sums, few: Mapping[int, Few], below: int) -> bool:
    """Return whether a number of `few`, by answer, follows from the sums of the other answers.

    Each is known to be from 1 to `below` - 1.
    """
    found = list(_possible(sums, few, below))
    return any(len(set(numbers)) == 1 for numbers in zip(*found, strict=True))


def _possible(sums: Sums, few: Mapping[int, Few], below: int) -> Iterator[tuple[int, ...]]:
    """Yield the numbers that those of `few` can be, while the other answers keep theirs."""
    ranges = [range(1, min(below, each.base + 1)) for each in few.values()]
    for numbers in product(*ranges):
        by = {
            answer: each.more_left(number)
            for number, (answer, each) in zip(numbers, few.items(), strict=True)
        }
        if sum(by.values()) == 0 and sums.shifted(by).is_possible:
            yield numbers
