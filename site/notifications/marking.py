"""Mark notifications as read, and undo it: at once the newest, in a job the others.

A statement changes `BATCH` rows, however many there are: a page would wait six seconds for 100,000
on PostgreSQL, which writes every index of a row anew. All rows of one marking have the same
`read_at`, by which undoing finds them.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django_tasks import task

from core.db.transactions import retried

from .models import Notification, NotificationQuerySet

# Rows of one statement: a tenth of a second on PostgreSQL, and fifty screens of the inbox.
BATCH = 1_000
# Rows that a marking remembers to see whether it has been undone; one of them may be replaced.
WITNESSES = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Marked(NamedTuple):
    """A marking: its time in microseconds, and whether a job marks older ones yet."""

    at: int
    goes_on: bool


@retried
def mark_read(
    person: int, *, up_to: int, kinds: Collection[str] | None = None, now: datetime | None = None
) -> Marked:
    """Mark the unread notifications of `person` up to the id `up_to`, of `kinds` if given."""
    at = in_microseconds(now or timezone.now())
    found = list(_unread(person, up_to, kinds).values_list("pk", flat=True)[:BATCH])
    _change(found, read_at=_time(at))
    goes_on = len(found) == BATCH
    if goes_on:
        named = None if kinds is None else sorted(kinds)
        mark_rest.enqueue(person, up_to, named, at, found[:WITNESSES])
    return Marked(at, goes_on)


def mark_one(person: int, pk: int) -> Marked:
    """Mark the notification `pk` of `person`."""
    at = in_microseconds(timezone.now())
    Notification.objects.filter(recipient=person, pk=pk).unread().update(read_at=_time(at))
    return Marked(at, goes_on=False)


@task()
def mark_rest(
    person: int, up_to: int, kinds: list[str] | None, at: int, witnesses: list[int]
) -> None:
    """Mark what a marking has left, in batches, until there is none or the marking is undone."""

    @retried
    def mark() -> int:
        marked = Notification.objects.filter(pk__in=witnesses, read_at=_time(at))
        if not marked.select_for_update().order_by("pk"):
            return 0
        found = list(_unread(person, up_to, kinds).values_list("pk", flat=True)[:BATCH])
        return _change(found, read_at=_time(at))

    _to_the_end(mark)


def mark_unread(person: int, at: int, kinds: Collection[str] | None = None) -> None:
    """Undo the marking of the time `at`, of `kinds` if given."""
    if _undo(person, at, kinds) == BATCH:
        unmark_rest.enqueue(person, at, None if kinds is None else sorted(kinds))


@task()
def unmark_rest(person: int, at: int, kinds: list[str] | None) -> None:
    """Undo what is left of the marking of the time `at`, in batches."""
    _to_the_end(lambda: _undo(person, at, kinds))


@retried
def _undo(person: int, at: int, kinds: Collection[str] | None) -> int:
    marked = _of(person, kinds).filter(read_at=_time(at))
    return _change(list(marked.values_list("pk", flat=True)[:BATCH]), read_at=None)


def in_microseconds(when: datetime) -> int:
    """Return the microseconds since 1970 of `when`."""
    return (when - _EPOCH) // _MICROSECOND


def _time(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND


def _of(person: int, kinds: Collection[str] | None) -> NotificationQuerySet:
    """Return the notifications of `person` in the order of the inbox, which its indexes have."""
    rows = Notification.objects.filter(recipient=person).order_by("-created_at", "-id")
    return rows if kinds is None else rows.filter(kind__in=kinds)


def _unread(person: int, up_to: int, kinds: Collection[str] | None) -> NotificationQuerySet:
    return _of(person, kinds).unread().filter(pk__lte=up_to)


def _change(ids: list[int], *, read_at: datetime | None) -> int:
    """Set the time of the notifications with `ids`, and return how many there were."""
    return Notification.objects.filter(pk__in=ids).update(read_at=read_at) if ids else 0


def _to_the_end(batch: Callable[[], int]) -> None:
    """Call `batch`, a transaction each, until it changes fewer rows than fit."""
    while batch() == BATCH:
        pass
