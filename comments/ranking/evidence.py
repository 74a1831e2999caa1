"""Weigh the evidence that readers of other answers like a comment more than they usually do. Pure.

`favour` compares two hypotheses by the likelihoods of what the readers of one answer pressed: that
they like the comment more than usual, against that they like it as usual. Such a ratio, and the
product of several, is expected to be at most 1 while the second holds, however often one looks
(Ville 1939; Shafer 2021, "Testing by betting"). So no waiting period and no first look are needed.

For whole numbers the incomplete beta function is the tail of a binomial distribution (DLMF 8.17.5).
Its terms are summed from the largest on, so nothing is lost to cancellation.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p
from typing import NamedTuple

from . import constants
from .lift import NOBODY, Rates, Sides, StanceReactions, live, ratio, wilson_upper

# An answer of whose readers too little is known has no careful rate.
CarefulRates = Mapping[int, float | None]
# Figures of readers of one answer that a process remembers: comments of a discussion share them.
_REMEMBERED = 20_000
# A term of a sum that is smaller than this part of it changes no digit.
_NEGLIGIBLE = 1e-17


class Evidence(NamedTuple):
    """The evidence for a badge.

    `product` is how many times as likely the presses of the other answers' readers are if they
    like the comment more than usual than if they like it as usual; 0 without such readers.
    """

    enough_readers: bool
    pleases_all: bool
    product: float

    @property
    def earns(self) -> bool:
        """Whether the badge is earned."""
        enough = self.product >= constants.BADGE_EVIDENCE
        return self.enough_readers and self.pleases_all and enough

    @property
    def is_gone(self) -> bool:
        """Whether the badge is lost at once."""
        return not self.enough_readers or self.product < constants.BADGE_KEPT_FROM


def evidence(sides: Sides, rates: Rates, careful: CarefulRates, own: int | None) -> Evidence:
    """Return the evidence for a badge of a comment for the answer `own`.

    Its own side is left out where certainty is asked for: else a crowd that praises its own would
    earn it. The product over the answers that speak has to suffice as well as that over all: else
    four friends in a small one would carry it.
    """
    speaking = live(sides)
    others = [key for key in speaking if key != own]
    readers = sum(sides[key].chances for key in others)
    return Evidence(
        enough_readers=len(speaking) >= 2 and readers >= constants.BADGE_OTHER_READERS,
        pleases_all=bool(speaking)
        and all(
            sides[key].approvals >= constants.BADGE_APPROVALS and ratio(sides[key], rates[key]) >= 1
            for key in speaking
        ),
        product=_product(sides, careful, others, own),
    )


def _product(sides: Sides, careful: CarefulRates, speaking: list[int], own: int | None) -> float:
    """Return the smaller of the products over all other answers and over the speaking ones."""
    if not speaking:
        return 0.0
    logs = {key: _favour_of(side, careful[key]) for key, side in sides.items() if key != own}
    return _exp(min(sum(logs.values()), sum(logs[key] for key in speaking)))


def _favour_of(side: StanceReactions, rate: float | None) -> float:
    return 0.0 if rate is None else log_favour(side.approvals, side.chances, rate)


def _exp(value: float) -> float:
    """Return e to the power of `value`, no more than a million: beyond, all are alike."""
    return min(exp(min(value, 700)), constants.EVIDENCE_MOST)


def careful_rates(rates: Rates, totals: Sides, sides: Sides) -> CarefulRates:
    """Return the usual rates to hold a comment with `sides` against, by all other comments.

    That is the upper end of their interval, since a rate that is guessed too low makes a badge of
    chance: 5 to 90 in 100 typical comments passed. None below twenty chances, which say nothing.
    """
    return {
        key: _careful(rate, totals.get(key, NOBODY), sides.get(key, NOBODY))
        for key, rate in rates.items()
    }


def _careful(rate: float, total: StanceReactions, own: StanceReactions) -> float | None:
    approvals, chances = total.approvals - own.approvals, total.chances - own.chances
    if chances < constants.BASE_READERS:
        return None
    return min(max(rate, wilson_upper(approvals, chances)), constants.HIGHEST_RATE)


def favour(approvals: int, chances: int, rate: float) -> float:
    """Return E: how many times as likely these approvals are by readers who like it more.

    The mean over p, uniform between `rate` and three times that, of the likelihood at p, divided by
    the likelihood at `rate`. 1 without chances.
    """
    value = log_favour(approvals, chances, rate)
    return exp(value) if value < 700 else inf


@lru_cache(maxsize=_REMEMBERED)
def log_favour(approvals: int, chances: int, rate: float) -> float:
    """Return the logarithm of `favour`."""
    if not chances:
        return 0.0
    top = min(constants.FAVOUR_TOP, constants.FAVOUR_TIMES * rate)
    misses, usually = chances - approvals, (approvals + 1) / (chances + 2)
    # The parts of the integral below `rate` and below, or above, `top`, over the likelihood at
    # `rate`; of each pair the one is taken that is not nearly everything.
    beyond = approvals * log(top / rate) + misses * (log1p(-top) - log1p(-rate))
    if usually >= top:
        upper, lower = beyond + _below(approvals, misses, top), _below(approvals, misses, rate)
    elif usually <= rate:
        upper, lower = _above(approvals, misses, rate), beyond + _above(approvals, misses, top)
    else:
        whole = lgamma(approvals + 1) + lgamma(misses + 1) - lgamma(chances + 2)
        whole -= approvals * log(rate) + misses * log1p(-rate)
        outside = exp(_below(approvals, misses, rate) - whole)
        outside += exp(beyond + _above(approvals, misses, top) - whole)
        return whole + log1p(-outside) - log(top - rate)
    return upper + log1p(-exp(lower - upper)) - log(top - rate)


def _below(approvals: int, misses: int, at: float) -> float:
    """Return the log of the integral of the likelihood from 0 to `at`, over that at `at`."""
    return log(at / (approvals + 1) * _series(approvals + 1, misses, at / (1 - at)))


def _above(approvals: int, misses: int, at: float) -> float:
    """Return the log of the integral of the likelihood from `at` to 1, over that at `at`."""
    return log((1 - at) / (misses + 1) * _series(misses + 1, approvals, (1 - at) / at))


def _series(start: int, count: int, odds: float) -> float:
    """Return 1 + the sum of the terms of a binomial tail over its first, which is its largest."""
    total = term = 1.0
    for step in range(count):
        term *= (count - step) / (start + step + 1) * odds
        total += term
        if term < _NEGLIGIBLE * total:
            break
    return total
