"""The first threads of a discussion: the best of every answer, a bridge, and one not yet heard.

No large group of readers is left without a comment of theirs: of n readers who pressed anything, n
fifths who approve of one comment find one they approve of among the first five. That is justified
representation, and the way there is GreedyCC (Revel et al., ICML 2025, arXiv 2503.18962). With as
many answers as places the answers go first, and who is not served by them comes after the fifth.
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
    """Why a thread is among the first."""

    STRONGEST = "strongest"
    BRIDGE = "bridge"
    SERVES = "serves"
    UNHEARD = "unheard"


@dataclass(frozen=True)
class Candidate:
    """A thread that may come first: `own` is the side of its own answer, `readers` all chances."""

    id: int
    stance: int | None
    lift: float = 1.0
    own: StanceReactions = NOBODY
    readers: int = 0
    replies: int = 0
    approvers: frozenset[int] = field(default_factory=frozenset)


class FirstScreenPlace(NamedTuple):
    """A place on the first screen: the thread, and why it is there, for which answer."""

    id: int
    why: Why
    stance: int | None = None


def first_screen(
    candidates: Sequence[Candidate], stances: Sequence[int], seed: int
) -> list[FirstScreenPlace]:
    """Return the first places among `candidates`, which come in the order of rank.

    `seed` decides the draw of the one not yet heard: the same one, the same draw.
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
    """Return the strongest case for each answer, as those see it who share it."""
    chosen: _Chosen = {}
    for stance in stances:
        theirs = [each for each in candidates if each.stance == stance]
        if theirs:
            best = max(theirs, key=lambda each: (wilson_lower(*each.own), each.lift, each.replies))
            chosen[best.id] = FirstScreenPlace(best.id, Why.STRONGEST, stance)
    return chosen


def _serve(chosen: _Chosen, candidates: Sequence[Candidate]) -> None:
    """Add what serves the largest groups of readers that none of the chosen serves."""
    everyone = set().union(*(each.approvers for each in candidates))
    while everyone:
        served = set().union(*(each.approvers for each in candidates if each.id in chosen))
        best = max(candidates, key=lambda each: len(each.approvers - served))
        if len(best.approvers - served) * constants.FIRST_SCREEN < len(everyone):
            return
        chosen[best.id] = FirstScreenPlace(best.id, Why.SERVES)


def _add_bridge(chosen: _Chosen, candidates: Sequence[Candidate]) -> None:
    """Add the best bridge that is not there yet, if readers have said so of any."""
    bridges = [each for each in candidates if each.id not in chosen and each.lift > 1]
    if bridges:
        best = max(bridges, key=lambda each: each.lift)
        chosen[best.id] = FirstScreenPlace(best.id, Why.BRIDGE)


def _add_unheard(chosen: _Chosen, candidates: Sequence[Candidate], seed: int) -> None:
    """Draw one more; who has had few readers is drawn more often (Polis)."""
    others = [each for each in candidates if each.id not in chosen]
    if others:
        weights = [unheard_weight(each.readers) for each in others]
        drawn = Random(seed).choices(others, weights)[0]  # noqa: S311  (a draw, no secret)
        chosen[drawn.id] = FirstScreenPlace(drawn.id, Why.UNHEARD)


def unheard_weight(readers: int) -> float:
    """Return the weight in the draw of a comment that so many readers had a chance to read."""
    return 1 + constants.UNHEARD_WEIGHT * exp(-log(2) * readers / constants.UNHEARD_HALVES_AFTER)
