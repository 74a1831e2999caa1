"""Settled readers of a discussion, and how many of them had a fair chance to read a comment.

A reader had a fair chance after any action in the discussion since the comment was posted; for a
reply, an action in its thread. Times are seconds since 1970.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from . import constants


class HeldAnswer(NamedTuple):
    """An answer of a reader and its time; None is a withdrawn answer."""

    since: float
    stance: int | None


class Recorded(NamedTuple):
    """A record of a reader's answer history: its time, its answer, and the comment that made it."""

    at: float
    stance: int | None
    comment: int | None = None
    is_correction: bool = False


class Counting(NamedTuple):
    """The answer under which a reader counts, and the time from which they count."""

    stance: int
    since: float


def history(records: Iterable[Recorded]) -> list[HeldAnswer]:
    """Return the answers of one reader; `records` are in order, the oldest first.

    A correction replaces the answer that its own comment gave, and keeps the time of that. A
    correction of a comment that gave no answer, because the reader held it already, is a new one.
    So an answer that moderators took back was never given, and one that they gave again always was.
    """
    answers: list[HeldAnswer] = []
    given_by: int | None = None
    for record in records:
        if record.is_correction and answers and record.comment == given_by:
            answers[-1] = HeldAnswer(answers[-1].since, record.stance)
        else:
            answers.append(HeldAnswer(record.at, record.stance))
            given_by = record.comment
    return _without_repeats(answers)


def _without_repeats(answers: list[HeldAnswer]) -> list[HeldAnswer]:
    """Return `answers` without those that change nothing; none before the first is none."""
    kept: list[HeldAnswer] = []
    for answer in answers:
        if answer.stance != (kept[-1].stance if kept else None):
            kept.append(answer)
    return kept


def settled_answer(
    answers: Sequence[HeldAnswer], reacted_at: float, comment_at: float, now: float
) -> int | None:
    """Return the answer under which a reaction counts, None if it does not count (yet)."""
    found = counts_under(answers, reacted_at, comment_at)
    return found.stance if found and found.since <= now else None


def counts_under(
    answers: Sequence[HeldAnswer], reacted_at: float, comment_at: float
) -> HeldAnswer | None:
    """Return the answer under which a reaction counts, and from when; None without any.

    That is the answer of that time if it was a day old, or the first and older than the comment. A
    reaction within a day of a change counts under the answer before, also if the comment is newer,
    since its writer may have waited for the change. A first answer counts once it is a day old.
    """
    held = [answer for answer in answers if answer.since <= reacted_at]
    while held:
        is_old = _is_old(held, reacted_at, comment_at)
        last = held.pop()
        if is_old:
            return HeldAnswer(-inf, last.stance)
        if not held:
            return HeldAnswer(last.since + constants.SETTLED_AFTER, last.stance)
    return None


def held_counts_from(answers: Sequence[HeldAnswer], at: float, text_at: float) -> float:
    """Return from when a verdict counts, which is given under no other answer than the one held."""
    held = [answer for answer in answers if answer.since <= at]
    if not held or _is_old(held, at, text_at):
        return -inf
    return held[-1].since + constants.SETTLED_AFTER


def _is_old(held: Sequence[HeldAnswer], at: float, text_at: float) -> bool:
    """Return whether the last of the answers `held` is old enough for an act at that time."""
    since = held[-1].since
    return at - since >= constants.SETTLED_AFTER or (len(held) == 1 and since <= text_at)


def settles_at(answers: Sequence[HeldAnswer]) -> float:
    """Return when the first answer of a reader is old enough to count."""
    return answers[0].since + constants.SETTLED_AFTER if answers else inf


def counting(answers: Sequence[HeldAnswer], now: float) -> Counting | None:
    """Return how a reader counts among those with a chance to read, None for not at all."""
    for answer in reversed(answers):
        if now - answer.since >= constants.SETTLED_AFTER:
            return Counting(answer.stance, -inf) if answer.stance else None
    if answers and answers[0].stance:
        return Counting(answers[0].stance, answers[0].since)
    return None


def lasting(answers: Sequence[HeldAnswer]) -> list[HeldAnswer]:
    """Return the answers that count for the badge, in order: no short switches, no withdrawals.

    A reader who is back at an answer within a week never left it.
    """
    kept: list[HeldAnswer] = []
    for answer in answers:
        if answer.stance is None:
            continue
        back = _left_lately(kept, answer)
        if back is None:
            kept.append(answer)
        else:
            del kept[back + 1 :]
    return kept


def _left_lately(kept: Sequence[HeldAnswer], answer: HeldAnswer) -> int | None:
    """Return the place of the same answer in `kept` if it was left within a week before."""
    for place in range(len(kept) - 1, -1, -1):
        if kept[place].stance == answer.stance:
            return place
        if answer.since - kept[place].since > constants.SWITCHED_AFTER:
            return None
    return None


def badge_answer(answers: Sequence[HeldAnswer], reacted_at: float, comment_at: float) -> int | None:
    """Return the answer under which a reaction counts for the badge; None if it never does.

    `answers` are `lasting`. A switch counts once it has stood for a week, whatever the age of the
    comment; the first answer has to be settled when the reader reacts.
    """
    held = [answer for answer in answers if answer.since <= reacted_at]
    for answer in reversed(held[1:]):
        if reacted_at - answer.since >= constants.SWITCHED_AFTER:
            return answer.stance
    for first in held[:1]:
        if first.since <= comment_at or reacted_at - first.since >= constants.SETTLED_AFTER:
            return first.stance
    return None


def badge_counting(
    counts: Counting, answers: Sequence[HeldAnswer], now: float
) -> tuple[Counting, float]:
    """Return how a reader who `counts` does so for the badge, and when that may change.

    `answers` are `lasting`.
    """
    changes_at = inf
    for answer in reversed(answers[1:]):
        if now - answer.since >= constants.SWITCHED_AFTER:
            return counts._replace(stance=answer.stance or counts.stance), changes_at
        changes_at = answer.since + constants.SWITCHED_AFTER
    first = answers[0].stance if answers else None
    return counts._replace(stance=first or counts.stance), changes_at


@dataclass
class Audience:
    """The settled readers of one discussion or one thread, and when each was present.

    A reader is present from the time they count until their last action. The number of readers
    present at a time takes two look-ups in sorted lists.
    """

    last_seen: dict[int, float] = field(default_factory=dict)
    _stays: dict[int, tuple[list[float], list[float]]] = field(default_factory=dict)
    _stay: dict[int, tuple[Counting, float]] = field(default_factory=dict)

    def saw(self, reader: int, at: float) -> None:
        """Add an action of `reader` at a time."""
        if at > self.last_seen.get(reader, -inf):
            self.last_seen[reader] = at

    def settled(self, readers: Mapping[int, Counting]) -> "Audience":
        """Return an audience of the same actions, in which `readers` count otherwise."""
        other = Audience(self.last_seen)
        other.settle(readers)
        return other

    def settle(self, readers: Mapping[int, Counting]) -> None:
        """Set how `readers` count; to be called once, after all actions were added."""
        stays: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for reader, until in self.last_seen.items():
            counts = readers.get(reader)
            if counts is not None and counts.since <= until:
                stays[counts.stance].append((counts.since, until))
                self._stay[reader] = counts, until
        self._stays = {
            stance: (sorted(start for start, _end in each), sorted(end for _start, end in each))
            for stance, each in stays.items()
        }

    def chances(self, stance: int, at: float) -> int:
        """Return how many readers of `stance` had a chance to read a comment of that time."""
        starts, ends = self._stays.get(stance, ((), ()))
        return bisect_right(starts, at) - bisect_left(ends, at)

    def answer_of(self, reader: int, at: float) -> int | None:
        """Return the answer under which `reader` had a chance to read, None for no chance."""
        counts, until = self._stay.get(reader, (None, -inf))
        return counts.stance if counts and counts.since <= at <= until else None
