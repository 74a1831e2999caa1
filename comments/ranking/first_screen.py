"""Choose the first screen: the best thread of every answer, a bridge, one with few readers. Pure.

Every large group of readers finds a comment it approves of: of n readers with a reaction, a group
of n/5 that approves of one comment approves of one of the first five. This is justified
representation, computed by GreedyCC (Revel et al., ICML 2025, arXiv 2503.18962). If there are as
many answers as places, the answers come first, and the comments of other groups after the fifth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log
from random import Random
from typing import NamedTuple

from . import constants
from .lift import NOBODY, Sides, StanceReactions, ratio


class Why(StrEnum):
    """Why a thread is on the first screen.

    STRONGEST is stored of the best thread of each answer. What is said of it depends on how many of
    its own readers approve (`FirstScreenPlace.shown_why`): it may be but a CASE, or there for
    BALANCE alone, or for its SIDE where nothing is said of what readers approve.
    """

    STRONGEST = "strongest"
    CASE = "case"
    BALANCE = "balance"
    SIDE = "side"
    BRIDGE = "bridge"
    SERVES = "serves"
    UNHEARD = "unheard"


@dataclass(frozen=True)
class Candidate:
    """A thread to choose from: `own` is the side of its own answer, `readers` all chances.

    `rate` is the usual rate of its own side, `live` the number of answers that are live for it.
    """

    id: int
    stance: int | None
    lift: float = 1.0
    own: StanceReactions = NOBODY
    rate: float = constants.BASE_RATE
    live: int = 0
    readers: int = 0
    replies: int = 0
    approvers: frozenset[int] = field(default_factory=frozenset)


class FirstScreenPlace(NamedTuple):
    """A place on the first screen: a thread, the reason, and the answer it stands for."""

    id: int
    why: Why
    stance: int | None = None

    def shown_why(self, sides: Sides | None) -> Why:
        """Return the reason as it is told, by what readers of each answer think of the thread.

        None for `sides` says that this is not told.
        """
        if self.why != Why.STRONGEST:
            return self.why
        if sides is None:
            return Why.SIDE
        own = sides.get(self.stance or 0, NOBODY)
        if not own.approvals:
            return Why.BALANCE
        is_known = own.chances >= constants.LIVE_READERS
        return self.why if is_known and own.approvals >= constants.CASE_APPROVALS else Why.CASE


def first_screen(
    candidates: Sequence[Candidate], stances: Sequence[int], seed: int
) -> list[FirstScreenPlace]:
    """Return the places of the first screen for `candidates`, which are in the order of rank.

    `seed` decides the sample of a thread with few readers: the same seed, the same thread.
    """
    chosen = _strongest(candidates, stances)
    _serve(chosen, candidates)
    if len(chosen) < constants.FIRST_SCREEN:
        _add_bridge(chosen, candidates)
    if len(chosen) < constants.FIRST_SCREEN:
        _add_unheard(chosen, candidates, seed)
    return list(chosen.values())


_Chosen = dict[int, FirstScreenPlace]


def _strongest(candidates: Sequence[Candidate], stances: Sequence[int]) -> _Chosen:
    """Return the strongest thread for each answer in the eyes of its own readers.

    Threads of which they approve come first, by an estimate that begins with their usual rate: so
    few readers decide little.
    """
    chosen: _Chosen = {}
    for stance in stances:
        own = [each for each in candidates if each.stance == stance]
        if own:
            best = max(own, key=_strength)
            chosen[best.id] = FirstScreenPlace(best.id, Why.STRONGEST, stance)
    return chosen


def _strength(each: Candidate) -> tuple[bool, float, float, int]:
    liked = ratio(each.own, each.rate)
    return bool(each.own.approvals), liked, each.lift, each.replies


def _serve(chosen: _Chosen, candidates: Sequence[Candidate]) -> None:
    """Add threads for the largest groups of readers that approve of none of the chosen."""
    everyone = set().union(*(each.approvers for each in candidates))
    while everyone:
        served = set().union(*(each.approvers for each in candidates if each.id in chosen))
        best = max(candidates, key=lambda each: len(each.approvers - served))
        if len(best.approvers - served) * constants.FIRST_SCREEN < len(everyone):
            return
        chosen[best.id] = FirstScreenPlace(best.id, Why.SERVES)


def _add_bridge(chosen: _Chosen, candidates: Sequence[Candidate]) -> None:
    """Add the thread with the highest lift above 1 that two sides know, if there is one left."""
    others = [each for each in candidates if each.id not in chosen and each.live > 1]
    bridges = [each for each in others if each.lift > 1]
    if bridges:
        best = max(bridges, key=lambda each: each.lift)
        chosen[best.id] = FirstScreenPlace(best.id, Why.BRIDGE)


def _add_unheard(chosen: _Chosen, candidates: Sequence[Candidate], seed: int) -> None:
    """Sample one more thread, favouring those with few readers (Polis)."""
    others = [each for each in candidates if each.id not in chosen]
    if others:
        weights = [unheard_weight(each.readers) for each in others]
        sampled = Random(seed).choices(others, weights)[0]  # noqa: S311  (no secret)
        chosen[sampled.id] = FirstScreenPlace(sampled.id, Why.UNHEARD)


def unheard_weight(readers: int) -> float:
    """Return the weight in the sample of a thread that `readers` had a chance to read."""
    return 1 + constants.UNHEARD_WEIGHT * exp(-log(2) * readers / constants.UNHEARD_HALVES_AFTER)
