"""Decide what becomes of the due rows of a receiver: sent, postponed, or dropped.

Rows about one article go in one mail, so that its discussion is one conversation; an issue goes
alone. Daily and weekly mails have all that is due. Beyond the limit of a day, rows wait for the
daily mail.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Q

from core import limits
from core.db.transactions import retried

from ..kinds import Way
from ..reading import InboxRow
from . import outbox, schedule, scopes, ways
from .models import DropReason, Outgoing, OutgoingState
from .reading import contents_of, contents_of_issues
from .receivers import (
    Receiver,
    ReceiverKey,
    key_of,
    lock,
    lock_all,
    receiver_of,
    receivers_of,
)

# Receivers planned in one go, and rows of one receiver: the rest follow in the next. As many issues
# as a job sends.
RECEIVERS, ROWS, ISSUES = 50, 500, 50
_NEW_ISSUE = Q(issue__isnull=False, way="")
_DAY = timedelta(days=1)


@dataclass
class MailPlan:
    """What becomes of rows: dropped for a reason, postponed to a time, or sent together."""

    dropped: dict[int, DropReason] = field(default_factory=dict)
    postponed: dict[tuple[Way, datetime], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    mails: dict[tuple[Way, Any], list[Outgoing]] = field(default_factory=lambda: defaultdict(list))


def plan_due(now: datetime) -> int:
    """Plan the rows that are due, of up to `RECEIVERS` receivers; return of how many."""
    waiting = _waiting(now).exclude(_NEW_ISSUE)
    columns = waiting.values_list("person_id", "address")[: RECEIVERS * 10]
    keys = list(dict.fromkeys(ReceiverKey(*row) for row in columns))[:RECEIVERS]
    return plan_issues(now) + sum(plan_for(key, now) for key in keys)


@retried
def plan_issues(now: datetime) -> int:
    """Plan up to `ISSUES` issues that are looked at for the first time; return of how many.

    They have many receivers and nothing to go with, so all are planned in a few statements.
    """
    found = list(_waiting(now).filter(_NEW_ISSUE)[:ISSUES])
    locked = lock_all({key_of(row) for row in found})
    ids = [row.pk for row in found if key_of(row) in locked]
    # Read again: another worker may have planned them before they were locked.
    rows = list(_waiting(now).filter(_NEW_ISSUE, pk__in=ids))
    _store(_plan_issues(rows, now), now)
    return len(rows)


def _plan_issues(rows: list[Outgoing], now: datetime) -> MailPlan:
    made, contents = MailPlan(), contents_of_issues(rows)
    receivers = receivers_of({key_of(row) for row in rows})
    rooms = _rooms([key.person for key in receivers if key.person is not None], now)
    for row in rows:
        key, before = key_of(row), len(made.mails)
        room = rooms.get(key.person or 0, limits.MAILS_PER_DAY)
        _plan(made, receivers[key], [row], contents, now, room)
        if key.person is not None:
            rooms[key.person] = room - (len(made.mails) - before)
    return made


@retried
def plan_for(key: ReceiverKey, now: datetime) -> bool:
    """Plan the due rows of one receiver; return False if another worker does."""
    if not lock(key):
        return False
    mine = _waiting(now).exclude(_NEW_ISSUE).filter(person_id=key.person, address=key.address)
    rows = list(mine[:ROWS])
    receiver = receiver_of(key)
    _store(plan(receiver, rows, contents_of(receiver, rows), now), now)
    return True


def _waiting(now: datetime) -> Any:
    return outbox.due(OutgoingState.WAITING, now)


def plan(
    receiver: Receiver, rows: Iterable[Outgoing], contents: dict[int, InboxRow], now: datetime
) -> MailPlan:
    """Return what becomes of `rows`, which say `contents`."""
    made = MailPlan()
    people = [receiver.person.pk] if receiver.person else []
    room = _rooms(people, now).get(people[0] if people else 0, limits.MAILS_PER_DAY)
    _plan(made, receiver, rows, contents, now, room)
    return made


def _plan(
    made: MailPlan,
    receiver: Receiver,
    rows: Iterable[Outgoing],
    contents: dict[int, InboxRow],
    now: datetime,
    room: int,
) -> None:
    """Add to `made` what becomes of `rows` of one receiver, who may get `room` mails more today."""
    for row in rows:
        content = contents.get(row.pk)
        reason = why_dropped(receiver, row, content)
        if reason is not None or content is None:
            made.dropped[row.pk] = reason or DropReason.GONE
            continue
        way, due_at = _when(receiver, row, content, now)
        together = _together_with(row, content) if way == Way.SOON else None
        bundle = (way, (receiver.key, together))
        is_counted = not content.kind.group.about_oneself
        if due_at > now:
            made.postponed[way, due_at].append(row.pk)
        elif is_counted and way == Way.SOON and _is_new(made, bundle) and room <= 0:
            at = schedule.next_daily(now, receiver.zone)
            made.postponed[Way.DAILY, at].append(row.pk)
        else:
            room -= int(is_counted and way == Way.SOON and _is_new(made, bundle))
            made.mails[bundle].append(row)


def why_dropped(receiver: Receiver, row: Outgoing, content: InboxRow | None) -> DropReason | None:
    """Return why `row` is not sent, None if it is or will be."""
    if receiver.closed is not None:
        return receiver.closed
    person = receiver.person
    followed = scopes.subscription_of(row.scope)
    if followed is not None and followed not in receiver.subscriptions:
        return DropReason.NOT_WANTED
    if content is None:
        return DropReason.GONE
    if not content.is_unread:
        return DropReason.READ
    if way_of(receiver, content) == Way.NONE:
        return DropReason.NOT_WANTED
    is_banned = person is not None and person.is_banned
    return DropReason.BANNED if is_banned and not content.kind.group.about_oneself else None


def way_of(receiver: Receiver, content: InboxRow) -> Way:
    """Return how the receiver wants what `content` says; an address wants it at once."""
    if receiver.person is None:
        return Way.SOON
    place = content.content.place
    about = place.targets if place else ()
    return ways.way_of(content.kind.group, about, receiver.choices or {})


def _when(
    receiver: Receiver, row: Outgoing, content: InboxRow, now: datetime
) -> tuple[Way, datetime]:
    """Return by which way `row` is sent and when, at once for one whose time has come.

    Somebody suspended gets what is not about themselves in the first daily mail afterwards.
    """
    until = receiver.suspended_until(now)
    if until is not None and not content.kind.group.about_oneself:
        return Way.DAILY, schedule.next_daily(until, receiver.zone)
    way = Way(row.way) if row.way else way_of(receiver, content)
    if row.way or way == Way.SOON:
        return way, now
    later = schedule.next_daily if way == Way.DAILY else schedule.next_weekly
    return way, later(now, receiver.zone)


def _rooms(people: Collection[int], now: datetime) -> dict[int, int]:
    """Return how many more mails each of `people` may get today, beside daily and weekly ones."""
    rows = Outgoing.objects.filter(person__in=people, way=Way.SOON, counts=True)
    sent = rows.filter(state=OutgoingState.SENT, done_at__gt=now - _DAY)
    ready = rows.filter(state=OutgoingState.READY)
    columns = ("person_id", "mail")
    got = Counter(
        person
        for person, _mail in sent.values(*columns)
        .union(ready.values(*columns))
        .values_list(*columns)
    )
    return {person: limits.MAILS_PER_DAY - 2 - got[person] for person in people}


def _is_new(made: MailPlan, bundle: tuple[Way, Any]) -> bool:
    """Return whether a counted row would be the first of its mail."""
    return not any(row.counts for row in made.mails.get(bundle, ()))


def _together_with(row: Outgoing, content: InboxRow) -> Any:
    """Return what rows of one mail have in common: their article, or that they are one issue."""
    if row.issue is not None:
        return "issue", row.issue
    return content.content.place and content.content.place.key


def _store(made: MailPlan, now: datetime) -> None:
    """Write the plan, in a few statements and one for each mail."""
    outbox.drop(made.dropped, now)
    for (way, due_at), ids in made.postponed.items():
        Outgoing.objects.filter(pk__in=ids).update(way=way, due_at=due_at)
    for (way, _place), rows in made.mails.items():
        ready = Outgoing.objects.filter(pk__in=[row.pk for row in rows])
        ready.update(way=way, mail=uuid4(), state=OutgoingState.READY, due_at=now)
