"""Compute the sides of every comment of a discussion from comments and reactions. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from . import constants
from .audience import Audience, Counting, HeldAnswer, clusters, counting, settled_answer, settles_at
from .lift import Rates, Sides, StanceReactions, base_rate


class Written(NamedTuple):
    """A readable comment: its thread, its writer, its answer, and when it was published.

    A steelman has the answer that it argues for, which its writer does not give.
    """

    id: int
    thread: int
    writer: int
    stance: int | None
    at: float
    replies: int = 0
    is_steelman: bool = False

    @property
    def is_root(self) -> bool:
        """Whether it starts its thread."""
        return self.id == self.thread


class Pressed(NamedTuple):
    """A reaction "well argued" of a reader to a comment."""

    comment: int
    reader: int
    at: float


class RankingReader(NamedTuple):
    """The answers of a reader and the ages of the account, which decide whether they count.

    `counts_from` is when the account is old enough; infinite for one that never counts.
    """

    answers: Sequence[HeldAnswer]
    joined_at: float
    counts_from: float


STRANGER = RankingReader((), inf, inf)


@dataclass
class Weighed:
    """The sides of each comment, the usual rate of each answer, and the approvers of each comment.

    `doubtful` are the comments of which some side's approval comes mostly from young accounts.
    `due_at` is when the next reader begins to count.
    """

    sides: dict[int, Sides] = field(default_factory=dict)
    rates: Rates = field(default_factory=dict)
    approvers: dict[int, set[int]] = field(default_factory=dict)
    doubtful: set[int] = field(default_factory=set)
    due_at: float = inf


def weigh(
    comments: Sequence[Written],
    reactions: Sequence[Pressed],
    readers: Mapping[int, RankingReader],
    stances: Sequence[int],
    now: float,
) -> Weighed:
    """Return the sides of `comments` by `stances`; `reactions` are in order, the oldest first."""
    return _Scales(comments, reactions, readers, stances, now).weigh()


class _Scales:
    """The computation for one discussion. Accounts of one cluster count as one reader."""

    def __init__(
        self,
        comments: Sequence[Written],
        reactions: Sequence[Pressed],
        readers: Mapping[int, RankingReader],
        stances: Sequence[int],
        now: float,
    ) -> None:
        self.comments, self.readers, self.stances, self.now = comments, readers, stances, now
        self.by_id = {comment.id: comment for comment in comments}
        self.reactions = [each for each in reactions if each.comment in self.by_id]
        self.one_of = clusters(self._pressed_by_each())
        self.approvals: dict[int, dict[int, int]] = defaultdict(dict)  # reader to answer
        self.result = Weighed()

    def weigh(self) -> Weighed:
        self._count_approvals()
        whole, threads = self._audiences()
        totals = dict.fromkeys(self.stances, StanceReactions(0, 0))
        for comment in self.comments:
            audience = whole if comment.is_root else threads[comment.thread]
            sides = self._sides(comment, audience)
            self.result.sides[comment.id] = sides
            for stance, side in sides.items():
                totals[stance] = StanceReactions(*map(sum, zip(totals[stance], side, strict=True)))
        self.result.rates = {stance: base_rate(*total) for stance, total in totals.items()}
        return self.result

    def _pressed_by_each(self) -> dict[int, set[int]]:
        pressed: dict[int, set[int]] = defaultdict(set)
        for each in self.reactions:
            pressed[each.reader].add(each.comment)
        return pressed

    def _unit(self, reader: int) -> int:
        return self.one_of.get(reader, reader)

    def _count_approvals(self) -> None:
        """Find the reactions that count, and the answer of each."""
        spent: dict[tuple[int, int], int] = defaultdict(int)
        young: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for pressed in self.reactions:
            comment, reader = self.by_id[pressed.comment], self._unit(pressed.reader)
            person = self.readers.get(pressed.reader, STRANGER)
            stance = self._stance_of(person, pressed, comment)
            writer = self._unit(comment.writer)
            if stance is None or reader == writer or reader in self.approvals[comment.id]:
                continue
            spent[reader, writer] += 1
            if spent[reader, writer] > constants.REACTIONS_PER_WRITER:
                continue
            self.approvals[comment.id][reader] = stance
            if self.now - person.joined_at < constants.YOUNG_ACCOUNT:
                young[comment.id][stance] += 1
        self.result.approvers = {pk: set(who) for pk, who in self.approvals.items() if who}
        for pk, counts in young.items():
            if any(self._is_doubtful(pk, stance, count) for stance, count in counts.items()):
                self.result.doubtful.add(pk)

    def _stance_of(self, person: RankingReader, pressed: Pressed, comment: Written) -> int | None:
        """Return the answer of a reaction, None if it does not count; note when it will."""
        if person.counts_from > self.now:
            self._due(person.counts_from)
            return None
        stance = settled_answer(person.answers, pressed.at, comment.at, self.now)
        if stance is None:
            self._due(settles_at(person.answers))
        return stance if stance in self.stances else None

    def _due(self, at: float) -> None:
        if self.now < at < self.result.due_at:
            self.result.due_at = at

    def _is_doubtful(self, pk: int, stance: int, young: int) -> bool:
        theirs = sum(1 for each in self.approvals[pk].values() if each == stance)
        enough = theirs >= constants.BADGE_APPROVALS
        return enough and young > constants.YOUNG_SHARE * theirs

    def _audiences(self) -> tuple[Audience, dict[int, Audience]]:
        whole = Audience()
        threads: dict[int, Audience] = defaultdict(Audience)
        for comment in self.comments:
            reader = self._unit(comment.writer)
            whole.saw(reader, comment.at)
            threads[comment.thread].saw(reader, comment.at)
        for pressed in self.reactions:
            reader = self._unit(pressed.reader)
            whole.saw(reader, pressed.at)
            threads[self.by_id[pressed.comment].thread].saw(reader, pressed.at)
        counts = dict(self._counting(whole.last_seen))
        for audience in (whole, *threads.values()):
            audience.settle(counts)
        return whole, threads

    def _counting(self, there: Iterable[int]) -> Iterable[tuple[int, Counting]]:
        for reader in there:
            person = self.readers.get(reader, STRANGER)
            counts = counting(person.answers, self.now) if person.counts_from <= self.now else None
            if counts is not None:
                yield reader, counts

    def _sides(self, comment: Written, audience: Audience) -> dict[int, StanceReactions]:
        chances = {stance: audience.chances(stance, comment.at) for stance in self.stances}
        approvals = dict.fromkeys(self.stances, 0)
        own = audience.answer_of(self._unit(comment.writer), comment.at)
        if own in chances:
            chances[own] -= 1
        for reader, stance in self.approvals.get(comment.id, {}).items():
            approvals[stance] += 1
            there_as = audience.answer_of(reader, comment.at)
            if there_as != stance:
                chances[stance] += 1
                if there_as in chances:
                    chances[there_as] -= 1
        return {
            stance: StanceReactions(approvals[stance], chances[stance]) for stance in self.stances
        }
