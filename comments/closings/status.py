"""The status of a closing summary, computed from the verdicts of each side. Pure.

A side is the readers of one answer. Sides are keyed by stance id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..models.closing_status import ClosingStatus
from ..ranking import constants

if TYPE_CHECKING:
    from ..models import ClosingSide


class Judged(NamedTuple):
    """The verdicts of one side: how many find the closing fair, of how many who judged it.

    And whether somebody settled gives that answer now, and a comment cited for it is readable.
    """

    fair: int
    judges: int
    is_given: bool = True
    is_cited: bool = True

    @classmethod
    def of(cls, side: "ClosingSide") -> "Judged":
        """Return what is stored in `side`."""
        return cls(side.fair, side.judges, side.is_given, side.is_cited)

    @property
    def fairness(self) -> float:
        """The share that finds it fair, 0 to 1, smoothed by Laplace's rule of succession."""
        return (self.fair + 1) / (self.judges + 2)

    @property
    def still_needed(self) -> int:
        """How many more have to judge before this side counts."""
        return max(constants.CLOSING_JUDGES - self.judges, 0)

    @property
    def finds_it_fair(self) -> bool:
        """Whether enough have judged, and `fairness` reaches `CLOSING_FAIR`."""
        return not self.still_needed and self.fairness >= constants.CLOSING_FAIR

    @property
    def contests_it(self) -> bool:
        """Whether enough have judged, and `fairness` is below `CLOSING_FAIR`."""
        return not self.still_needed and self.fairness < constants.CLOSING_FAIR


@dataclass(frozen=True)
class ClosingOutcome:
    """The status of a closing, and the ids of the answers that contest it or have yet to judge.

    And of those that it no longer cites, since the comments are deleted or removed.
    """

    status: ClosingStatus
    contested_by: tuple[int, ...] = ()
    waits_for: tuple[int, ...] = ()
    uncited: tuple[int, ...] = ()

    @classmethod
    def of(cls, sides: Mapping[int, Judged]) -> "ClosingOutcome":
        """Return the outcome for `sides`: every live answer, by stance id, with its verdicts.

        An answer that nobody settled gives any more is not waited for.
        """
        ordered = sorted((key, side) for key, side in sides.items() if side.is_given)
        contested_by = tuple(key for key, side in ordered if side.contests_it)
        waits_for = tuple(key for key, side in ordered if side.still_needed)
        uncited = tuple(key for key, side in ordered if not side.is_cited)
        if contested_by:
            return cls(ClosingStatus.CONTESTED, contested_by, waits_for, uncited)
        if waits_for or uncited or not ordered:
            return cls(ClosingStatus.DRAFT, (), waits_for, uncited)
        return cls(ClosingStatus.FINAL)
