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

from accounts.models import User
from core import limits
from core.db.transactions import retried

from ..deliverability import pausing
from ..kinds import Way
from ..models import UnsentReason
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
    zone_of,
)

# Receivers planned in one go, and rows of one receiver: the rest follow in the next. As many issues
# as a job sends.
RECEIVERS, ROWS, ISSUES = 50, 500, 50
_NEW_ISSUE = Q(issue__isnull=False, way="")
_DAY = timedelta(days=1)


@dataclass
class MailPlan:
    """What becomes of rows: dropped for a reason, postponed to a time, or sent together.

    Some are postponed because of a limit, which their receivers are told.
    """

    dropped: dict[int, DropReason] = field(default_factory=dict)
    postponed: dict[tuple[Way, datetime, UnsentReason | None], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    mails: dict[tuple[Way, Any], list[Outgoing]] = field(default_factory=lambda: defaultdict(list))


def plan_due(now: datetime) -> int:
    """Plan the rows that are due, of up to `RECEIVERS` receivers; return of how many."""
    held = pausing.held_kinds()
    waiting = _waiting(now, held).exclude(_NEW_ISSUE)
    columns = waiting.values_list("person_id", "address")[: RECEIVERS * 10]
    keys = list(dict.fromkeys(ReceiverKey(*row) for row in columns))[:RECEIVERS]
    return plan_issues(now, held) + sum(plan_for(key, now, held) for key in keys)


@retried
def plan_issues(now: datetime, held: Collection[str] = ()) -> int:
    """Plan up to `ISSUES` issues that are looked at for the first time; return of how many.

    They have many receivers and nothing to go with, so all are planned in a few statements.
    """
    new = _waiting(now, held).filter(_NEW_ISSUE)
    found = list(new[:ISSUES])
    locked = lock_all({key_of(row) for row in found})
    ids = [row.pk for row in found if key_of(row) in locked]
    # Read again: another worker may have planned them before they were locked.
    rows = list(new.filter(pk__in=ids))
    _store(_plan_issues(rows, now), now)
    return len(rows)


def _plan_issues(rows: list[Outgoing], now: datetime) -> MailPlan:
    made, contents = MailPlan(), contents_of_issues(rows)
    receivers = receivers_of({key_of(row) for row in rows})
    rooms = _rooms(receivers, now)
    for row in rows:
        key, before = key_of(row), len(made.mails)
        _plan(made, receivers[key], [row], contents, now, rooms[key])
        rooms[key] -= len(made.mails) - before
    return made


@retried
def plan_for(key: ReceiverKey, now: datetime, held: Collection[str] = ()) -> bool:
    """Plan the due rows of one receiver, without the kinds `held`; False if another worker does."""
    if not lock(key):
        return False
    new = _waiting(now, held).exclude(_NEW_ISSUE)
    mine = new.filter(person_id=key.person, address=key.address)
    rows = list(mine[:ROWS])
    receiver = receiver_of(key)
    _store(plan(receiver, rows, contents_of(receiver, rows), now), now)
    return True


def _waiting(now: datetime, held: Collection[str]) -> Any:
    return outbox.due(OutgoingState.WAITING, now, held)


def plan(
    receiver: Receiver, rows: Iterable[Outgoing], contents: dict[int, InboxRow], now: datetime
) -> MailPlan:
    """Return what becomes of `rows`, which say `contents`."""
    made = MailPlan()
    room = _rooms([receiver.key], now)[receiver.key]
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
            made.postponed[way, due_at, None].append(row.pk)
        elif is_counted and way == Way.SOON and _is_new(made, bundle) and room <= 0:
            at = schedule.next_daily(now, receiver.zone)
            made.postponed[Way.DAILY, at, UnsentReason.DAILY_LIMIT].append(row.pk)
        else:
            room -= int(is_counted and way == Way.SOON and _is_new(made, bundle))
            made.mails[bundle].append(row)


def why_dropped(receiver: Receiver, row: Outgoing, content: InboxRow | None) -> DropReason | None:
    """Return why `row` is not sent, None if it is or will be."""
    if receiver.closed is not None:
        return receiver.closed
    person = receiver.person
    if not receiver.subscriptions.issuperset(scopes.subscriptions_of(row.scope)):
        return DropReason.NOT_WANTED
    if content is None or _is_by_somebody_suspended(content):
        return DropReason.GONE
    if not content.is_unread:
        return DropReason.READ
    if way_of(receiver, content) == Way.NONE:
        is_chosen = chosen_way_of(receiver, content) is not None
        return DropReason.NOT_WANTED if is_chosen else DropReason.NOT_ASKED
    is_banned = person is not None and person.is_banned
    return DropReason.BANNED if is_banned and not content.kind.group.about_oneself else None


def _is_by_somebody_suspended(content: InboxRow) -> bool:
    """Return whether the person whose act it tells of is suspended; a reason that nobody reads."""
    person = content.content.person
    return person is not None and person.is_suspended()


def way_of(receiver: Receiver, content: InboxRow) -> Way:
    """Return how the receiver wants what `content` says; an address wants it at once."""
    if receiver.person is None:
        return Way.SOON
    return chosen_way_of(receiver, content) or Way(content.kind.group.mail)


def chosen_way_of(receiver: Receiver, content: InboxRow) -> Way | None:
    """Return how a person chose to get what `content` says, None where a default counts."""
    place = content.content.place
    about = place.targets if place else ()
    return ways.chosen_way_of(content.kind, about, receiver.choices or {})


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


def bring_forward(person: User, now: datetime) -> None:
    """Send what waits for the end of a suspension after its end of today, which may be earlier.

    To be called in the transaction that changes the suspension of `person`, whose row it has
    locked. No other row waits longer for a daily mail.
    """
    ends = max(person.suspended_until or now, now)
    outbox.bring_forward(person.pk, schedule.next_daily(ends, zone_of(person)))


def _rooms(keys: Collection[ReceiverKey], now: datetime) -> dict[ReceiverKey, int]:
    """Return how many more mails each receiver may get today, beside a daily and a weekly one."""
    people = [key.person for key in keys if key.person is not None]
    addresses = [key.address for key in keys if key.person is None]
    theirs = Q(person__in=people) | Q(address__in=addresses)
    rows = Outgoing.objects.filter(theirs, way=Way.SOON, counts=True)
    columns = ("person_id", "address", "mail")
    sent = rows.filter(state=OutgoingState.SENT, done_at__gt=now - _DAY).values_list(*columns)
    ready = rows.filter(state=OutgoingState.READY).values_list(*columns)
    got = Counter(ReceiverKey(*each[:2]) for each in sent.union(ready))
    return {key: limits.MAILS_PER_DAY - 2 - got[key] for key in keys}


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
    for (way, due_at, why), ids in made.postponed.items():
        outbox.postpone(ids, way, due_at, why)
    waiting = Outgoing.objects.filter(state=OutgoingState.WAITING)
    for (way, _place), rows in made.mails.items():
        ready = waiting.filter(pk__in=[row.pk for row in rows])
        ready.update(way=way, mail=uuid4(), state=OutgoingState.READY, due_at=now)
