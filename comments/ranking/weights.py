"""Compute the sides of every comment of a discussion from comments and reactions. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from . import constants
from .audience import (
    Audience,
    Counting,
    HeldAnswer,
    badge_answer,
    badge_counting,
    counting,
    lasting,
    settled_answer,
    settles_at,
)
from .clusters import clusters
from .lift import Rates, Sides, StanceReactions, base_rate, live


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

    `totals` are the sides of all comments together. `badge_sides` are those of the comments for
    which fewer reactions count for the badge, or under other answers. `doubtful` are the comments
    of which a live side's approval comes mostly from young accounts: of the reactions that count
    for the badge, and in `suspect` of all that count. `due_at` is when any of it changes by itself.
    """

    sides: dict[int, Sides] = field(default_factory=dict)
    badge_sides: dict[int, Sides] = field(default_factory=dict)
    totals: Sides = field(default_factory=dict)
    rates: Rates = field(default_factory=dict)
    approvers: dict[int, set[int]] = field(default_factory=dict)
    doubtful: set[int] = field(default_factory=set)
    suspect: set[int] = field(default_factory=set)
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


_Answers = dict[int, int | None]  # by reader; None for a reader who is left out


class _Audiences(NamedTuple):
    """The audience of a whole discussion, and those of its threads."""

    whole: Audience
    threads: Mapping[int, Audience]

    def of(self, comment: Written) -> Audience:
        return self.whole if comment.is_root else self.threads[comment.thread]


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
        self.approvals: dict[int, _Answers] = defaultdict(dict)
        self.badge_approvals: dict[int, _Answers] = defaultdict(dict)
        self.young: dict[int, dict[int, float]] = defaultdict(dict)  # when they were made
        self.lasting: dict[int, list[HeldAnswer]] = {}
        self.result = Weighed()

    def weigh(self) -> Weighed:
        self._count_approvals()
        self.audiences, for_badge = self._audiences()
        totals = dict.fromkeys(self.stances, StanceReactions(0, 0))
        for comment in self.comments:
            counted = self.approvals.get(comment.id, {})
            sides = self._sides(comment, self.audiences.of(comment), counted)
            self.result.sides[comment.id] = sides
            self._weigh_for_badge(comment, for_badge, counted, sides)
            for stance, side in sides.items():
                totals[stance] = StanceReactions(*map(sum, zip(totals[stance], side, strict=True)))
        self.result.totals = totals
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
            self.badge_approvals[comment.id][reader] = self._badge_stance_of(
                person, pressed, comment
            )
            if self.now - person.joined_at < constants.YOUNG_ACCOUNT:
                self.young[comment.id][reader] = person.joined_at
        self.result.approvers = {pk: set(who) for pk, who in self.approvals.items() if who}

    def _stance_of(self, person: RankingReader, pressed: Pressed, comment: Written) -> int | None:
        """Return the answer of a reaction, None if it does not count; note when it will."""
        if person.counts_from > self.now:
            self._due(person.counts_from)
            return None
        stance = settled_answer(person.answers, pressed.at, comment.at, self.now)
        if stance is None:
            self._due(settles_at(person.answers))
        return stance if stance in self.stances else None

    def _badge_stance_of(
        self, person: RankingReader, pressed: Pressed, comment: Written
    ) -> int | None:
        """Return the answer of a reaction for the badge, None if its reader was not settled."""
        if person.counts_from > pressed.at:
            return None
        stance = badge_answer(self._lasting(pressed.reader), pressed.at, comment.at)
        return stance if stance in self.stances else None

    def _lasting(self, reader: int) -> list[HeldAnswer]:
        if reader not in self.lasting:
            self.lasting[reader] = lasting(self.readers.get(reader, STRANGER).answers)
        return self.lasting[reader]

    def _due(self, at: float) -> None:
        if self.now < at < self.result.due_at:
            self.result.due_at = at

    def _weigh_for_badge(
        self, comment: Written, audiences: _Audiences | None, counted: _Answers, sides: Sides
    ) -> None:
        """Note the sides of a comment for the badge, where they differ, and any doubt."""
        badge_counted, badge_sides = self.badge_approvals.get(comment.id, {}), sides
        if audiences or badge_counted != counted:
            there = (audiences or self.audiences).of(comment)
            badge_sides = self._sides(comment, there, badge_counted)
        if badge_sides != sides:
            self.result.badge_sides[comment.id] = badge_sides
        young = self.young.get(comment.id)
        if not young:
            return
        if self._are_mostly(young, badge_counted, badge_sides):
            self.result.doubtful.add(comment.id)
            self._due(min(young.values()) + constants.YOUNG_ACCOUNT)
        if self._are_mostly(young, counted, sides):
            self.result.suspect.add(comment.id)

    @staticmethod
    def _are_mostly(young: Iterable[int], counted: _Answers, sides: Sides) -> bool:
        """Return whether `young` are most of the approvals of a live side that has enough."""
        theirs = Counter(counted[reader] for reader in young)
        return any(
            sides[key].approvals >= constants.BADGE_APPROVALS
            and theirs[key] > constants.YOUNG_SHARE * sides[key].approvals
            for key in live(sides)
        )

    def _audiences(self) -> tuple[_Audiences, _Audiences | None]:
        """Return the audiences, and those for the badge if anybody counts otherwise for it."""
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
        otherwise = self._counting_for_badge(counts)
        if not otherwise:
            return _Audiences(whole, threads), None
        counts |= otherwise
        apart = {thread: audience.settled(counts) for thread, audience in threads.items()}
        return _Audiences(whole, threads), _Audiences(whole.settled(counts), apart)

    def _counting(self, there: Iterable[int]) -> Iterable[tuple[int, Counting]]:
        for reader in there:
            person = self.readers.get(reader, STRANGER)
            counts = counting(person.answers, self.now) if person.counts_from <= self.now else None
            if counts is not None:
                yield reader, counts

    def _counting_for_badge(self, readers: Mapping[int, Counting]) -> dict[int, Counting]:
        """Return those of `readers` who count otherwise for the badge; note when that ends."""
        otherwise = {}
        for reader, counts in readers.items():
            if len(self.readers[reader].answers) > 1:
                found, until = badge_counting(counts, self._lasting(reader), self.now)
                self._due(until)
                if found != counts:
                    otherwise[reader] = found
        return otherwise

    def _sides(
        self, comment: Written, audience: Audience, counted: _Answers
    ) -> dict[int, StanceReactions]:
        """Return the sides of a comment by the answers of reactions that are `counted`.

        A reader without an answer there is left out: their reaction is none, and no refusal either.
        """
        chances = {stance: audience.chances(stance, comment.at) for stance in self.stances}
        approvals = dict.fromkeys(self.stances, 0)
        own = audience.answer_of(self._unit(comment.writer), comment.at)
        if own in chances:
            chances[own] -= 1
        for reader, stance in counted.items():
            there_as = audience.answer_of(reader, comment.at)
            if stance is not None:
                approvals[stance] += 1
            if there_as != stance:
                if stance is not None:
                    chances[stance] += 1
                if there_as in chances:
                    chances[there_as] -= 1
        return {
            stance: StanceReactions(approvals[stance], chances[stance]) for stance in self.stances
        }
