"""When a closing summary is final, and who contests it, by what readers of each answer say. Pure.

Sides are keyed by answers; any number will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..models.closing_status import ClosingStatus
from ..ranking import constants


class Judged(NamedTuple):
    """Readers of one answer: how many find the closing fair, of how many who judged it."""

    fair: int
    judges: int

    @property
    def fairness(self) -> float:
        """The share that finds it fair, with one more of both kinds (Laplace)."""
        return (self.fair + 1) / (self.judges + 2)

    @property
    def still_needed(self) -> int:
        """How many more have to judge before this side says anything."""
        return max(constants.CLOSING_JUDGES - self.judges, 0)

    @property
    def finds_it_fair(self) -> bool:
        """Whether enough have judged, and enough of them find it fair."""
        return not self.still_needed and self.fairness >= constants.CLOSING_FAIR

    @property
    def contests_it(self) -> bool:
        """Whether enough have judged, and too few of them find it fair."""
        return not self.still_needed and self.fairness < constants.CLOSING_FAIR


@dataclass(frozen=True)
class ClosingOutcome:
    """How a closing stands: its status, and the answers that contest it or are waited for."""

    status: ClosingStatus
    contested_by: tuple[int, ...] = ()
    waits_for: tuple[int, ...] = ()

    @classmethod
    def of(cls, sides: Mapping[int, Judged]) -> "ClosingOutcome":
        """Return how a closing stands that `sides` have judged so, every live answer among them."""
        ordered = sorted(sides.items())
        contested_by = tuple(key for key, side in ordered if side.contests_it)
        waits_for = tuple(key for key, side in ordered if side.still_needed)
        if contested_by:
            return cls(ClosingStatus.CONTESTED, contested_by, waits_for)
        if waits_for or not sides:
            return cls(ClosingStatus.DRAFT, (), waits_for)
        return cls(ClosingStatus.FINAL)
