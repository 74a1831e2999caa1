"""Find accounts that press alike beyond chance; they count as one reader. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import ceil, prod

from . import constants

_Comments = frozenset[int]
_Alike = dict[_Comments, dict[_Comments, None]]


def clusters(reactions: Mapping[int, set[int]]) -> dict[int, int]:
    """Return the first reader of the cluster of each reader with many reactions.

    `reactions` are the comments that each reader pressed. In a cluster everybody presses alike with
    everybody else (complete linkage): readers between two others do not join them.
    """
    often = {
        who: frozenset(what)
        for who, what in reactions.items()
        if len(what) >= constants.CLUSTER_REACTIONS
    }
    chance = _Chance(reactions, len(often) * (len(often) - 1) // 2)
    same: dict[_Comments, list[int]] = defaultdict(list)
    for who in sorted(often):
        same[often[who]].append(who)
    apart = {what for what, who in same.items() if len(who) > 1 and not chance.excludes(what, what)}
    alike = _alike([what for what in same if what not in apart], chance)
    first_of: dict[int, int] = {who: who for who in often}
    for cluster in _cliques(alike):
        readers = [who for what in cluster for who in same[what]]
        first_of |= dict.fromkeys(readers, min(readers))
    return first_of


def _alike(sets: list[_Comments], chance: "_Chance") -> _Alike:
    """Return the sets that are like each of `sets`, beyond chance, in the order they are found."""
    alike: _Alike = {what: {} for what in sets}
    for one, other in _near(sets):
        if chance.excludes(one, other):
            alike[one][other] = alike[other][one] = None
    return alike


def _near(sets: list[_Comments]) -> Iterator[tuple[_Comments, _Comments]]:
    """Yield the pairs of `sets` that agree to four fifths.

    They share one of their rarest elements, so only those are compared (prefix filtering,
    Chaudhuri 2006).
    """
    times = Counter(comment for what in sets for comment in what)
    seen_with: dict[int, list[_Comments]] = defaultdict(list)
    for what in sets:
        rarest_first = sorted(what, key=lambda comment: (times[comment], comment))
        prefix = rarest_first[: len(what) - ceil(constants.CLUSTER_AGREEMENT * len(what)) + 1]
        for other in dict.fromkeys(other for comment in prefix for other in seen_with[comment]):
            if _agree(what, other):
                yield what, other
        for comment in prefix:
            seen_with[comment].append(what)


def _agree(one: _Comments, other: _Comments) -> bool:
    shared = len(one & other)
    return shared >= constants.CLUSTER_AGREEMENT * (len(one) + len(other) - shared)


def _cliques(alike: _Alike) -> list[list[_Comments]]:
    """Return groups in which all are alike with all others; each joins the first that fits."""
    group_of: dict[_Comments, list[_Comments]] = {}
    for what, others in alike.items():
        near = (group_of[other] for other in others if other in group_of)
        fitting = next((group for group in near if others.keys() >= set(group)), [])
        fitting.append(what)
        group_of[what] = fitting
    return [group for what, group in group_of.items() if group[0] == what]


class _Chance:
    """How likely two readers press alike by chance, who press independently what is popular."""

    def __init__(self, reactions: Mapping[int, set[int]], pairs: int) -> None:
        self.times = Counter(comment for what in reactions.values() for comment in what)
        self.presses = sum(self.times.values())
        self.pairs = pairs

    def excludes(self, one: _Comments, other: _Comments) -> bool:
        """Return whether chance hardly explains the agreement, given either set."""
        return all(
            self.pairs * self._tail(given, pressed) < constants.CLUSTER_CHANCE
            for given, pressed in ((one, other), (other, one))
        )

    def _tail(self, given: _Comments, pressed: _Comments) -> float:
        """Return the chance that a reader of as many presses as `pressed` shares so many.

        A Poisson-binomial tail: each comment of `given` is pressed with a chance of its own, which
        is its share of the presses of all other readers. Without any, nothing is known: 1.
        """
        others = self.presses - len(given) - len(pressed)
        if others <= 0:
            return 1.0
        chances = [
            min(
                constants.CLUSTER_CHANCE_MOST,
                len(pressed) * (self.times[comment] - 1 - (comment in pressed)) / others,
            )
            for comment in given
        ]
        return _at_least(len(given & pressed), chances)


def _at_least(number: int, chances: list[float]) -> float:
    """Return the chance that so many of independent events with these `chances` happen."""
    if number == len(chances):
        return prod(chances)
    exactly = [1.0]
    for chance in chances:
        shorter = [*exactly, 0.0]
        exactly = [
            here * (1 - chance) + before * chance
            for here, before in zip(shorter, [0.0, *exactly], strict=True)
        ]
    return sum(exactly[number:])
