"""Decide from when the acts of a reader, reactions and verdicts, count in public figures.

An act counts once the answer it was given under is old enough, and its reader's account too. For a
settled reader that is at once. For others `settled_at` stays null until a round of the worker lets
the act count, recounts the figures it changes, and renews the page.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from core.db.prepared import Prepared

from ..models import (
    ClosingVerdict,
    CurrentStance,
    Reaction,
    StanceRecord,
    SteelmanVerdict,
)
from ..models.counted import Counted
from ..models.verdict import Verdict
from ..ranking import accounts, constants
from ..ranking.answer_history import answers_by_reader
from ..ranking.audience import HeldAnswer, counts_under, held_counts_from

# How long after its time an act waits for a round at most.
_ROUND = timedelta(minutes=1)


class Settling(NamedTuple):
    """The columns of an act: the id of the answer it counts under, from when, and since when."""

    stance_id: int | None
    counts_from: datetime
    settled_at: datetime | None


def of_reaction(
    reader: User, current: CurrentStance | None, *, now: datetime, text_at: datetime
) -> Settling:
    """Return the columns of a reaction of now, to a text of `text_at`.

    `current` is the answer of `reader`, None for a reader without one.
    """
    if current is None or _has_stood(current, now, text_at):
        return _settling(reader, current.stance_id if current else None, now, now)
    under = counts_under(_answers(reader, current), now.timestamp(), text_at.timestamp())
    if under is None:
        return _settling(reader, current.stance_id, now, now)
    return _settling(reader, under.stance, _moment(under.since, now), now)


def of_verdict(
    reader: User, current: CurrentStance, *, now: datetime, text_at: datetime
) -> Settling:
    """Return the columns of a verdict of now, by a reader whose answer is `current`."""
    if _has_stood(current, now, text_at):
        return _settling(reader, current.stance_id, now, now)
    since = held_counts_from(_answers(reader, current), now.timestamp(), text_at.timestamp())
    return _settling(reader, current.stance_id, _moment(since, now), now)


def waits_until(act: Counted | None, reader: Any, now: datetime) -> datetime | None:
    """Return from when an act of `reader` will count, never a time in the past.

    None for no act, if it counts already, and for a verdict for an answer that `reader` has left.
    """
    if act is None or act.settled_at or act.counts_from is None or is_left(act):
        return None
    times = [act.counts_from, account_counts_from(reader.pk, reader.joined_at, now), _back(act)]
    return max(now + _ROUND, *(at for at in times if at))


def is_left(act: Counted | None) -> bool:
    """Whether `act` is a verdict for an answer that its reader does not give now."""
    return isinstance(act, Verdict) and act.settled_at is None and _given(act) is None


def _back(act: Counted) -> datetime | None:
    """Return from when a verdict counts whose reader came back to its answer; None for others."""
    current = _given(act) if isinstance(act, Verdict) else None
    if current is None or current.record.recorded_at <= act.judged_at:  # type: ignore[attr-defined]
        return None
    return current.record.recorded_at + timedelta(seconds=constants.SETTLED_AFTER)


def _given(verdict: Verdict) -> CurrentStance | None:
    held = CurrentStance.objects.filter(reader=verdict.reader_id, stance=verdict.stance_id)
    return held.select_related("record").first()


def account_counts_from(reader: int, joined_at: datetime, now: datetime) -> datetime | None:
    """Return when the account with the id `reader` will be old enough; None if it counts."""
    old_enough = joined_at + timedelta(seconds=constants.ACCOUNT_AGE)
    return None if old_enough <= now or _PUBLISHED.rows(reader=reader) else old_enough


_PUBLISHED = Prepared(
    lambda reader: accounts.published(reader).order_by().values_list("pk")[:1], reader=int
)


def _settling(reader: User, stance: int | None, counts_from: datetime, now: datetime) -> Settling:
    counts = counts_from <= now and account_counts_from(reader.pk, reader.joined_at, now) is None
    return Settling(stance, counts_from, now if counts else None)


def _has_stood(current: CurrentStance, now: datetime, text_at: datetime) -> bool:
    """Whether the newest record alone tells that the answer is old enough."""
    newest = current.record
    is_first = newest.supersedes_id is None
    stood = now - newest.recorded_at >= timedelta(seconds=constants.SETTLED_AFTER)
    return stood or (is_first and newest.recorded_at <= text_at)


def _answers(reader: User, current: CurrentStance) -> list[HeldAnswer]:
    records = StanceRecord.objects.filter(reader=reader, question=current.question_id)
    return answers_by_reader(records)[reader.pk]


def _moment(since: float, at: datetime) -> datetime:
    return at if since == -inf else datetime.fromtimestamp(since, UTC)


@dataclass(frozen=True)
class Acts:
    """One kind of act: its model, and the columns of its time, of its text's time, of its post."""

    model: type[Counted]
    at: str
    text_at: str
    post: str

    def all(self) -> "QuerySet[Any]":
        """Return all acts of this kind."""
        return self.model._default_manager.all()

    def waiting(self, now: datetime) -> "QuerySet[Any]":
        """Return the acts that begin to count by `now`, and those not decided about yet."""
        rows = self.all().filter(settled_at=None)
        return rows.filter(Q(counts_from=None) | self._due(now))

    def settle(self, acts: "QuerySet[Any]", now: datetime) -> None:
        """Let those of `acts` count from now on that are due; their texts have to be locked."""
        self._decide(acts.filter(counts_from=None))
        acts.filter(self._due(now), settled_at=None).update(settled_at=now)

    def _due(self, now: datetime) -> Q:
        return Q(counts_from__lte=now) & accounts.readers_count(now)

    def _decide(self, acts: "QuerySet[Any]") -> None:
        """Store from when `acts` count, which the release before wrote."""
        times = {"at": F(self.at), "text_at": Coalesce(self.text_at, self.at)}
        found = list(acts.annotate(**times, post_pk=F(self.post)))
        by_post = defaultdict(list)
        for act in found:
            by_post[act.post_pk].append(act)
        for post, some in by_post.items():
            readers = {act.reader_id for act in some}
            records = StanceRecord.objects.filter(question__post=post, reader__in=readers)
            answers = answers_by_reader(records)
            for act in some:
                since = self._since(act, answers.get(act.reader_id, []))
                act.counts_from = _moment(since, act.at)
        self.all().bulk_update(found, ["counts_from"], batch_size=500)

    def _since(self, act: Any, answers: Sequence[HeldAnswer]) -> float:
        under = counts_under(answers, act.at.timestamp(), act.text_at.timestamp())
        return under.since if under else -inf


class Verdicts(Acts):
    """Acts that count only while their reader gives the answer that they were given under.

    One of a reader who left it and came back counts again once the answer has stood for a day.
    """

    def left(self) -> "QuerySet[Any]":
        """Return the acts that count although their reader has left the answer."""
        return self.all().filter(~Q(_held()), settled_at__isnull=False)

    def left_by(self, readers: Collection[int]) -> "QuerySet[Any]":
        """Return those of `readers`."""
        return self.left().filter(reader__in=readers)

    def settle(self, acts: "QuerySet[Any]", now: datetime) -> None:
        """Let those of `acts` count that are due, and the others of readers who left no more."""
        acts.filter(~Q(_held()), settled_at__isnull=False).update(settled_at=None)
        super().settle(acts, now)

    def _due(self, now: datetime) -> Q:
        day_ago = now - timedelta(seconds=constants.SETTLED_AFTER)
        stayed = Q(record__recorded_at__lte=OuterRef("judged_at"))
        return super()._due(now) & Q(_held(stayed | Q(record__recorded_at__lte=day_ago)))

    def _since(self, act: Any, answers: Sequence[HeldAnswer]) -> float:
        return held_counts_from(answers, act.at.timestamp(), act.text_at.timestamp())


def _held(*which: Q) -> Exists:
    """Return the condition for verdicts whose reader now gives the answer they judged for."""
    held = CurrentStance.objects.filter(reader=OuterRef("reader"), stance=OuterRef("stance"))
    return Exists(held.filter(*which))


REACTIONS = Acts(Reaction, "created_at", "comment__published_at", "comment__post")
STEELMAN_VERDICTS = Verdicts(SteelmanVerdict, "judged_at", "comment__published_at", "comment__post")
CLOSING_VERDICTS = Verdicts(ClosingVerdict, "judged_at", "closing__written_at", "closing__post")
