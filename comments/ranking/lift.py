"""Figures of a comment from the reactions of readers of each answer: lift, spread, marks. Pure.

Sides and rates are keyed by answers; any key will do. Sources: the shrunken estimate and the test
of representativeness are those of Polis (`math/repness.clj`), with an answer's own rate in place
of a half; the lower bound is Wilson's.
"""

from collections.abc import Mapping
from math import exp, log, sqrt
from typing import NamedTuple

from . import constants


class StanceReactions(NamedTuple):
    """Readers of one answer: how many pressed "well argued", and how many had a fair chance to."""

    approvals: int
    chances: int


NOBODY = StanceReactions(0, 0)
Sides = Mapping[int, StanceReactions]
Rates = Mapping[int, float]


def base_rate(approvals: int, chances: int) -> float:
    """Return the share of chances that readers of an answer take, with a guess for the first."""
    guessed = constants.BASE_READERS * constants.BASE_RATE
    rate = (approvals + guessed) / (chances + constants.BASE_READERS)
    return min(max(rate, constants.LOWEST_RATE), constants.HIGHEST_RATE)


def ratio(side: StanceReactions, rate: float) -> float:
    """Return how much a side likes a comment against its usual: 1 is the usual."""
    prior = constants.PRIOR_READERS
    return (side.approvals + prior * rate) / (side.chances + prior) / rate


def ratio_range(side: StanceReactions, rate: float) -> tuple[float, float]:
    """Return the range of `ratio` that chance leaves open: Wilson's of 80 %, with its prior."""
    prior = constants.PRIOR_READERS
    successes, trials = side.approvals + prior * rate, side.chances + prior
    return wilson_lower(successes, trials) / rate, wilson_upper(successes, trials) / rate


def lift(sides: Sides, rates: Rates) -> float:
    """Return the geometric mean of the ratios of all answers, each within bounds.

    1 is typical across all sides; unread is exactly 1.
    """
    if not rates:
        return 1.0
    most = log(constants.MOST_RATIO)
    logs = (log(ratio(sides.get(key, NOBODY), rate)) for key, rate in rates.items())
    return exp(sum(min(max(each, -most), most) for each in logs) / len(rates))


def live(sides: Sides) -> list[int]:
    """Return the answers with readers enough to count."""
    return [key for key, side in sides.items() if side.chances >= constants.LIVE_READERS]


def wilson_lower(successes: float, trials: float, z: float = constants.BADGE_Z) -> float:
    """Return the lower end of Wilson's interval for a share; 0 for no trials."""
    return _wilson(successes, trials, -z) if trials else 0.0


def wilson_upper(successes: float, trials: float, z: float = constants.BADGE_Z) -> float:
    """Return the upper end of Wilson's interval for a share; 1 for no trials."""
    return _wilson(successes, trials, z) if trials else 1.0


def _wilson(successes: float, trials: float, z: float) -> float:
    share = successes / trials
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (share + z * z / (2 * trials) + spread) / (1 + z * z / trials)


def speaks_for(sides: Sides, rates: Rates) -> int | None:
    """Return the answer whose readers a comment speaks for, None for none.

    They press it more than they do others, and more than others do: both z above the bound.
    """
    found: list[tuple[float, int]] = []
    for key in live(sides):
        side = sides[key]
        if side.approvals < constants.SPEAKS_APPROVALS:
            continue
        above_usual, above_others = _z_of_usual(side, rates[key]), _z_of_others(key, sides)
        if min(above_usual, above_others) > constants.SPEAKS_Z:
            found.append((min(above_usual, above_others), key))
    return max(found)[1] if found else None


def spread(sides: Sides, rates: Rates) -> float | None:
    """Return how far apart the answers are about a comment: the log of ratio over ratio.

    None while fewer than two of them have readers enough.
    """
    ratios = [ratio(sides[key], rates[key]) for key in live(sides)]
    return log(max(ratios) / min(ratios)) if len(ratios) > 1 else None


def is_divisive(sides: Sides, rates: Rates) -> bool:
    """Return whether one side likes a comment far more than usual, and another far less."""
    ratios = {key: ratio(sides[key], rates[key]) for key in live(sides)}
    high = [key for key, each in ratios.items() if each >= constants.DIVISIVE_HIGH]
    low = [key for key, each in ratios.items() if each <= constants.DIVISIVE_LOW]
    return any(
        z_between(sides[one], sides[other]) > constants.SPEAKS_Z for one in high for other in low
    )


def z_between(one: StanceReactions, other: StanceReactions) -> float:
    """Return by how many standard errors a share is above another, each with one more of both."""
    successes, trials = one.approvals + 1, one.chances + 1
    more_successes, more_trials = other.approvals + 1, other.chances + 1
    pooled = (successes + more_successes) / (trials + more_trials)
    error = sqrt(pooled * (1 - pooled) * (1 / trials + 1 / more_trials))
    return (successes / trials - more_successes / more_trials) / error if error else 0.0


def _z_of_usual(side: StanceReactions, rate: float) -> float:
    trials = side.chances + 1
    return ((side.approvals + 1) / trials - rate) / sqrt(rate * (1 - rate) / trials)


def _z_of_others(key: int, sides: Sides) -> float:
    others = [side for other, side in sides.items() if other != key]
    both = StanceReactions(
        sum(side.approvals for side in others), sum(side.chances for side in others)
    )
    return z_between(sides[key], both)
