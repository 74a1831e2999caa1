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
from .lift import NOBODY, StanceReactions, wilson_lower


class Why(StrEnum):
    """Why a thread is on the first screen."""

    STRONGEST = "strongest"
    BRIDGE = "bridge"
    SERVES = "serves"
    UNHEARD = "unheard"


@dataclass(frozen=True)
class Candidate:
    """A thread to choose from: `own` is the side of its own answer, `readers` all chances."""

    id: int
    stance: int | None
    lift: float = 1.0
    own: StanceReactions = NOBODY
    readers: int = 0
    replies: int = 0
    approvers: frozenset[int] = field(default_factory=frozenset)


class FirstScreenPlace(NamedTuple):
    """A place on the first screen: a thread, the reason, and the answer it stands for."""

    id: int
    why: Why
    stance: int | None = None


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
    """Return the strongest thread for each answer in the eyes of its own readers."""
    chosen: _Chosen = {}
    for stance in stances:
        own = [each for each in candidates if each.stance == stance]
        if own:
            best = max(own, key=lambda each: (wilson_lower(*each.own), each.lift, each.replies))
            chosen[best.id] = FirstScreenPlace(best.id, Why.STRONGEST, stance)
    return chosen


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
    """Add the thread with the highest lift above 1, if there is one left."""
    bridges = [each for each in candidates if each.id not in chosen and each.lift > 1]
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
