"""How often a person may write, change an answer, press "well argued", and look up names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import ngettext

from accounts.models import User
from core import limits
from core.caching.lru import Memory
from core.db.prepared import Prepared
from core.exceptions import ActionRefused
from core.timestamps import read_stamp

from ..models import Comment, Reaction, StanceRecord, TakenBack

# Answers in so many seconds. It stops a script from filling a history that nobody may shorten.
RATE_ANSWERS = ((10, 10 * 60),)


@dataclass(frozen=True)
class Lookups:
    """The times at which somebody looked up names lately, the newest first."""

    times: list[datetime]

    @property
    def size(self) -> int:
        """The number of bytes: some 60 for a time, and for the list."""
        return 60 * (len(self.times) + 2)


# Those of the last three hundred people, of 4 kB each at most.
lookups: Memory[Lookups] = Memory(1_200_000)


def check_comment_rate(person: User, *, newcomer: bool, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before the next comment."""
    rates = limits.RATE_NEWCOMER if newcomer else limits.RATE_READER
    rows = _written(_longest(rates)).objects(author=person.pk, now=now)
    _check([row.created_at for row in rows], rates, now)


@cache
def _written(count: int) -> Prepared:
    """Return the query for the times of the newest `count` comments of a writer.

    A time in the future was written before the clock was set back, and does not count.
    """
    return Prepared(
        lambda author, now: (
            Comment.objects.filter(author=author, created_at__lte=now)
            .order_by("-created_at")
            .only("created_at")[:count]
        ),
        author=int,
        now=datetime,
    )


def check_answer_rate(person: User, *, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before changing an answer again."""
    recorded = StanceRecord.objects.filter(reader=person, recorded_at__lte=now)
    times = recorded.values_list("recorded_at", flat=True)
    _check(list(times.order_by("-id")[: _longest(RATE_ANSWERS)]), RATE_ANSWERS, now)


def check_reaction_rate(person: User, *, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before pressing "well argued" again.

    One query. Presses at the very same time may pass together: a lock would cost more.
    """
    longest = max(seconds for _count, seconds in limits.RATE_REACTIONS)
    since = now - timedelta(seconds=longest)
    rows = _PRESSED.rows(reader=person.pk, since=since, now=now)
    times = sorted((read_stamp(at) for (at,) in rows), reverse=True)
    seconds = _wait(times, limits.RATE_REACTIONS, now)
    if seconds:
        raise _pressed_a_lot(seconds)


def check_lookup_rate(person: User, *, now: datetime) -> None:
    """Raise `ActionRefused` (429) if the person has to wait before looking up another name.

    Each process counts for itself, since reading a page writes to no database.
    """
    kept = lookups.get(person.pk)
    times, rates = kept.times if kept else [], limits.RATE_LOOKUPS
    _check(times, rates, now)
    lookups.put(person.pk, Lookups([now, *times][: _longest(rates)]))


def _pressed(reader: int, since: datetime, now: datetime) -> Any:
    """Return the query for the times at which a reader pressed, also of presses taken back."""
    kept = Reaction.objects.filter(reader=reader, created_at__gt=since, created_at__lte=now)
    gone = TakenBack.objects.filter(reader=reader, pressed_at__gt=since, pressed_at__lte=now)
    texts = (
        rows.order_by().values_list(Cast(column, TextField()))
        for rows, column in ((kept, "created_at"), (gone, "pressed_at"))
    )
    return next(texts).union(*texts, all=True)


_PRESSED = Prepared(_pressed, reader=int, since=datetime, now=datetime)


def _pressed_a_lot(seconds: int) -> ActionRefused:
    minutes = (seconds + 59) // 60
    text = ngettext(
        "That was a lot of marks in a short time. Please wait %(n)d minute and try again.",
        "That was a lot of marks in a short time. Please wait %(n)d minutes and try again.",
        minutes,
    ) % {"n": minutes}
    return ActionRefused(text, status=429, retry_after=seconds)


def _check(times: list[datetime], rates: tuple[tuple[int, int], ...], now: datetime) -> None:
    """Refuse if the newest `count` of `times` lie within `seconds`, for any of `rates`."""
    seconds = _wait(times, rates, now)
    if seconds:
        raise too_fast(seconds)


def _wait(times: list[datetime], rates: tuple[tuple[int, int], ...], now: datetime) -> int:
    """Return how many seconds to wait until all rates are kept, 0 for none."""
    for count, seconds in rates:
        if len(times) >= count:
            wait = (times[count - 1] + timedelta(seconds=seconds) - now).total_seconds()
            if wait > 0:
                return int(wait) + 1
    return 0


def too_fast(seconds: int) -> ActionRefused:
    """Return the refusal of a writer with so many seconds to wait."""
    if seconds < 120:
        text = ngettext(
            "That was quick. Please wait %(n)d second and send it again.",
            "That was quick. Please wait %(n)d seconds and send it again.",
            seconds,
        ) % {"n": seconds}
    else:
        minutes = (seconds + 59) // 60
        text = ngettext(
            "You have written a lot. Please wait %(n)d minute and send it again.",
            "You have written a lot. Please wait %(n)d minutes and send it again.",
            minutes,
        ) % {"n": minutes}
    return ActionRefused(text, status=429, retry_after=seconds)


def _longest(rates: tuple[tuple[int, int], ...]) -> int:
    return max(count for count, _seconds in rates)
