"""Totals of answers: nothing, dots or a bar, by the number of answers. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import Any

from . import minimums
from .ranges import ShareRange

# The bar is drawn in an SVG of this many units; between segments a gap of a few.
BAR_WIDTH = 1000
BAR_GAP = 4


@dataclass(frozen=True)
class StanceCount:
    """The number of readers with one stance."""

    stance: Any
    count: int


@dataclass(frozen=True)
class StanceShare:
    """The share of readers with one stance: their number, the number of all, and its range."""

    stance: Any
    count: int
    total: int

    @property
    def percent(self) -> int:
        """The share in a hundred, rounded."""
        return round(100 * self.count / self.total)

    @property
    def range(self) -> ShareRange:
        """The range of the share."""
        return ShareRange.of(self.count, self.total)


@dataclass(frozen=True)
class Segment:
    """The part of the bar that one stance takes, in units of the drawing."""

    stance: Any
    x: float
    width: float


@dataclass(frozen=True)
class Totals:
    """The number of readers with each stance, in the author's order."""

    tallies: tuple[StanceCount, ...]

    @classmethod
    def of(cls, stances: Iterable[Any], counts: Mapping[int, int] | None = None) -> "Totals":
        """Return the totals of `stances`, offered or answered ones.

        `counts` are by the stances' ids; without them those that `stances` were loaded with hold.
        """
        if counts is None:
            tallies = [StanceCount(stance, stance.answer_count) for stance in stances]
        else:
            tallies = [StanceCount(stance, counts.get(stance.pk, 0)) for stance in stances]
        return cls(tuple(tally for tally in tallies if tally.stance.is_offered or tally.count))

    @property
    def count(self) -> int:
        """How many readers have answered."""
        return sum(tally.count for tally in self.tallies)

    @property
    def shows_dots(self) -> bool:
        """Whether to draw one dot per reader: enough for a picture, too few for shares."""
        return minimums.show_counts(self.count) and not self.shows_bar

    @property
    def shows_bar(self) -> bool:
        """Whether to draw one bar of shares."""
        return minimums.show_shares(self.count)

    @property
    def has_majority(self) -> bool:
        """Whether more than half of the readers give the same answer."""
        return any(2 * tally.count > self.count for tally in self.tallies)

    @property
    def shares(self) -> list[StanceShare]:
        """The share of each stance with its range; none of fewer readers than have a bar."""
        if not self.shows_bar:
            return []
        return [StanceShare(tally.stance, tally.count, self.count) for tally in self.tallies]

    @property
    def close(self) -> list[tuple[StanceShare, StanceShare]]:
        """The pairs of shares that chance may have put in their order, in the author's order.

        Of the readers of both answers, the range of those who give the one includes a half.
        """
        return [
            (one, other)
            for one, other in combinations(self.shares, 2)
            if one.count + other.count
            and ShareRange.of(one.count, one.count + other.count).includes(0.5)
        ]

    @property
    def dots(self) -> Iterator[Any]:
        """One stance per reader, in the author's order."""
        return (tally.stance for tally in self.tallies for _reader in range(tally.count))

    @property
    def segments(self) -> list[Segment]:
        """The segments of the bar, from left to right."""
        answered = [tally for tally in self.tallies if tally.count]
        room = BAR_WIDTH - BAR_GAP * max(len(answered) - 1, 0)
        widths = [room * tally.count / self.count for tally in answered]
        starts = [0.0, *accumulate(width + BAR_GAP for width in widths)]
        return [
            Segment(tally.stance, round(x, 2), round(width, 2))
            for tally, x, width in zip(answered, starts, widths, strict=False)
        ]


# The totals of a reader who may not see them yet.
HIDDEN = Totals(())
