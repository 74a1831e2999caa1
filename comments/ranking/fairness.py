"""Whether those who hold an answer call a text that speaks for it fair. Pure.

A tally is stored as "5/6": five of six judges call it fair. Without judges it is empty.
"""

from functools import lru_cache
from typing import NamedTuple

from . import constants
from .lift import wilson_lower

# Tallies that a process remembers; small numbers come again and again.
TALLIES = 1000


class VerdictCount(NamedTuple):
    """How many judges call a text fair, of how many."""

    fair: int = 0
    judges: int = 0

    @property
    def speaks(self) -> bool:
        """Whether there are judges enough to say anything."""
        return self.judges >= constants.FAIR_JUDGES

    @property
    def is_fair(self) -> bool:
        """Whether it is fair, as surely as so few can say. There is no "unfair"."""
        surely = wilson_lower(self.fair, self.judges, constants.FAIR_Z)
        return self.speaks and surely >= constants.FAIR_SURELY


def write_tally(fair: int, judges: int) -> str:
    """Return a tally as it is stored."""
    return f"{fair}/{judges}" if judges else ""


@lru_cache(maxsize=TALLIES)
def read_tally(stored: str) -> VerdictCount:
    """Return the tally that is `stored`."""
    return VerdictCount(*map(int, stored.split("/", 1))) if stored else VerdictCount()
