"""The text formats of columns: `str` of a class writes what its `parse` reads. Pure.

====================================  =========================
Comment.well_argued, .minds_moved     CountsByAnswer
Comment.verdicts                      VerdictCount
Appraisal.sides, .badge_sides         SidesByAnswer
Ranking.rates                         RatesByAnswer
Ranking.totals                        SidesByAnswer
Ranking.threads                       ThreadIds
Ranking.opening                       FirstScreenPlaces
Post.front                            FrontPage
Post.closing                          closings.summary.Summary
====================================  =========================

No other module writes or takes apart these texts. An empty column parses to nothing; any other
text that no class here has written raises ValueError. Answers are keyed by the ids of stances.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

from . import constants
from .first_screen import FirstScreenPlace, Why
from .lift import StanceReactions, wilson_lower

# The key of readers without an answer.
NO_ANSWER = 0
# Verdict counts that a process remembers; small numbers come again and again.
VERDICT_COUNTS = 1000


class CountsByAnswer(dict[int, int]):
    """How many readers of each answer: "12:16 13:6". Zeros are not written."""

    @classmethod
    def parse(cls, stored: str) -> Self:
        """Return the counts that are `stored`."""
        return cls((int(key), int(count)) for key, count in _pairs(stored))

    def __str__(self) -> str:
        return " ".join(f"{key}:{count}" for key, count in sorted(self.items()) if count)


class SidesByAnswer(dict[int, StanceReactions]):
    """Approvals and chances of the readers of each answer: "12:16/40 13:6/12"."""

    @classmethod
    def parse(cls, stored: str) -> Self:
        """Return the sides that are `stored`."""
        return cls(
            (int(key), StanceReactions(*map(int, figures.split("/", 1))))
            for key, figures in _pairs(stored)
        )

    def __str__(self) -> str:
        return " ".join(f"{key}:{side.approvals}/{side.chances}" for key, side in self.items())


class RatesByAnswer(dict[int, float]):
    """The usual rate of the readers of each answer, exactly: "12:0.15 13:0.2"."""

    @classmethod
    def parse(cls, stored: str) -> Self:
        """Return the rates that are `stored`."""
        return cls((int(key), float(rate)) for key, rate in _pairs(stored))

    def __str__(self) -> str:
        return " ".join(f"{key}:{rate!r}" for key, rate in self.items())


class VerdictCount(NamedTuple):
    """How many judges call a text fair, of how many: "5/6", empty without judges."""

    fair: int = 0
    judges: int = 0

    @classmethod
    def parse(cls, stored: str) -> "VerdictCount":
        """Return the count that is `stored`."""
        return _parse_verdicts(stored)

    def __str__(self) -> str:
        return f"{self.fair}/{self.judges}" if self.judges else ""

    @property
    def speaks(self) -> bool:
        """Whether there are judges enough to say anything."""
        return self.judges >= constants.FAIR_JUDGES

    @property
    def is_fair(self) -> bool:
        """Whether the text is fair, as surely as so few can say. There is no "unfair"."""
        surely = wilson_lower(self.fair, self.judges, constants.FAIR_Z)
        return self.speaks and surely >= constants.FAIR_SURELY


class ThreadIds(tuple[int, ...]):
    """The first comments of threads in order: "7 9 4"."""

    __slots__ = ()

    @classmethod
    def parse(cls, stored: str) -> Self:
        """Return the ids that are `stored`."""
        return cls(map(int, stored.split()))

    def __str__(self) -> str:
        return " ".join(map(str, self))


class FirstScreenPlaces(tuple[FirstScreenPlace, ...]):
    """The threads of the first screen, the reason and the answer of each: "7:strongest:12"."""

    __slots__ = ()

    @classmethod
    def parse(cls, stored: str) -> Self:
        """Return the places that are `stored`."""
        return cls(map(_parse_place, stored.split()))

    def __str__(self) -> str:
        return " ".join(map(_written_place, self))


@dataclass(frozen=True)
class FrontPage:
    """The first threads that readers see: "generation version more thread thread …".

    `version` is that of the page when it was ranked: what arrived later is not in `threads`.
    `more` is 1 with more threads, 0 without; 2 is added where fewer than two answers are live, so
    that there is no common ground to order by (`has_sides`). A thread of the first screen is
    written as in `FirstScreenPlaces`.
    """

    generation: int
    version: int
    has_more: bool
    threads: tuple[int, ...] = ()
    places: dict[int, FirstScreenPlace] = field(default_factory=dict)
    has_sides: bool = True

    @classmethod
    def parse(cls, stored: str) -> "FrontPage | None":
        """Return the first threads that are `stored`, None for an empty column."""
        if not stored:
            return None
        generation, version, more, *threads = stored.split()
        places = [_parse_place(thread) for thread in threads if ":" in thread]
        return cls(
            generation=int(generation),
            version=int(version),
            has_more=more in {"1", "3"},
            threads=tuple(int(thread.partition(":")[0]) for thread in threads),
            places={place.id: place for place in places},
            has_sides=more in {"0", "1"},
        )

    @classmethod
    def of(
        cls,
        generation: int,
        version: int,
        threads: Sequence[int],
        places: Sequence[FirstScreenPlace],
        size: int,
        *,
        has_sides: bool = True,
    ) -> "FrontPage":
        """Return the first `size` of `threads`, which begin with those of `places`."""
        first = {place.id: place for place in places[:size]}
        more = len(threads) > size
        return cls(generation, version, more, tuple(threads[:size]), first, has_sides)

    def __str__(self) -> str:
        threads = (
            _written_place(self.places[pk]) if pk in self.places else str(pk) for pk in self.threads
        )
        more = int(self.has_more) + 2 * (not self.has_sides)
        head = (self.generation, self.version, more)
        return " ".join([*map(str, head), *threads])


@lru_cache(maxsize=VERDICT_COUNTS)
def _parse_verdicts(stored: str) -> VerdictCount:
    return VerdictCount(*map(int, stored.split("/", 1))) if stored else VerdictCount()


def _pairs(stored: str) -> list[list[str]]:
    return [pair.split(":", 1) for pair in stored.split()]


def _parse_place(written: str) -> FirstScreenPlace:
    pk, why, stance = written.split(":")
    return FirstScreenPlace(int(pk), Why(why), int(stance) or None)


def _written_place(place: FirstScreenPlace) -> str:
    return f"{place.id}:{place.why}:{place.stance or 0}"
