"""The status of a closing summary, computed from the verdicts of each side. Pure.

A side is the readers of one answer. Sides are keyed by stance id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..models.closing_status import ClosingStatus
from ..ranking import constants

if TYPE_CHECKING:
    from ..models import ClosingSide


class Judged(NamedTuple):
    """The verdicts of one side: how many find the closing fair, of how many who judged it.

    And whether somebody settled gives that answer now, whether a comment cited for it is readable,
    and whether its readers contested the closing before an edit dropped their verdicts.
    """

    fair: int
    judges: int
    is_given: bool = True
    is_cited: bool = True
    contested_before: bool | None = None

    @classmethod
    def of(cls, side: "ClosingSide") -> "Judged":
        """Return what is stored in `side`."""
        return cls(*(getattr(side, name) for name in cls._fields))

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

    @property
    def last_contested_it(self) -> bool | None:
        """Whether the last that enough of them said contested it; None if they never said."""
        return self.contested_before if self.still_needed else self.contests_it


# The sides of one version, by stance id.
Sides = Mapping[int, Judged]


@dataclass(frozen=True)
class ClosingOutcome:
    """The status of a closing, and the ids of the answers that contest it or have yet to judge.

    And of those that it no longer cites, since the comments are deleted or removed, and of those
    that contested it before its last change and have not judged it since.
    """

    status: ClosingStatus
    contested_by: tuple[int, ...] = ()
    waits_for: tuple[int, ...] = ()
    uncited: tuple[int, ...] = ()
    asked_again: tuple[int, ...] = ()

    @classmethod
    def of(cls, sides: Sides, earlier: Sequence[Sides] = ()) -> "ClosingOutcome":
        """Return the outcome for `sides`: every live answer, by stance id, with its verdicts.

        `earlier` are those of the versions before, the newest first. An answer that nobody settled
        gives any more is not waited for.
        """
        ordered = sorted((key, side) for key, side in sides.items() if side.is_given)
        contested_by = tuple(key for key, side in ordered if side.contests_it)
        waits_for = tuple(key for key, side in ordered if side.still_needed)
        uncited = tuple(key for key, side in ordered if not side.is_cited)
        asked = tuple(key for key in waits_for if _contested_before(key, [sides, *earlier]))
        if contested_by:
            return cls(ClosingStatus.CONTESTED, contested_by, waits_for, uncited, asked)
        if waits_for or uncited or not ordered:
            return cls(ClosingStatus.DRAFT, (), waits_for, uncited, asked)
        return cls(ClosingStatus.FINAL)


def _contested_before(stance: int, versions: Sequence[Sides]) -> bool:
    """Return whether the last that readers of `stance` said of any of `versions` contested it."""
    said = (sides[stance].last_contested_it for sides in versions if stance in sides)
    return next((contested for contested in said if contested is not None), False)
