"""Where readers stand, as it may be shown: the fewer answers, the less is said. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from core import limits

# The bar is drawn in an SVG of this many units; between segments a gap of a few.
BAR_WIDTH = 1000
BAR_GAP = 4


@dataclass(frozen=True)
class Segment:
    """The part of the bar that one stance takes, in units of the drawing."""

    stance: Any
    x: float
    width: float


@dataclass(frozen=True)
class Totals:
    """How many readers take each stance, in the author's order."""

    stances: tuple[Any, ...]

    @classmethod
    def of(cls, stances: Iterable[Any]) -> "Totals":
        """Return the totals of `stances`, rows with `answer_count`, offered or answered ones."""
        return cls(tuple(s for s in stances if s.is_offered or s.answer_count))

    @property
    def count(self) -> int:
        """How many readers have answered."""
        return sum(stance.answer_count for stance in self.stances)

    @property
    def shows_dots(self) -> bool:
        """Whether to draw one dot per reader: enough for a picture, too few for shares."""
        return limits.TOTALS_DOTS_FROM <= self.count < limits.TOTALS_BAR_FROM

    @property
    def shows_bar(self) -> bool:
        """Whether to draw one bar of shares."""
        return self.count >= limits.TOTALS_BAR_FROM

    @property
    def dots(self) -> Iterator[Any]:
        """One stance per reader, in the author's order."""
        return (stance for stance in self.stances for _reader in range(stance.answer_count))

    @property
    def segments(self) -> list[Segment]:
        """The segments of the bar, from left to right."""
        answered = [stance for stance in self.stances if stance.answer_count]
        room = BAR_WIDTH - BAR_GAP * max(len(answered) - 1, 0)
        widths = [room * stance.answer_count / self.count for stance in answered]
        starts = [0.0, *accumulate(width + BAR_GAP for width in widths)]
        return [
            Segment(stance, round(x, 2), round(width, 2))
            for stance, x, width in zip(answered, starts, widths, strict=False)
        ]
