"""Decide what becomes of the due rows of a receiver: sent, postponed, or dropped.

Rows about one article go in one mail, so that its discussion is one conversation; daily and weekly
mails have all that is due. Beyond the limit of a day, rows wait for the daily mail.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import User
from core import limits
from core.db.transactions import retried

from ..deliverability import pausing
from ..kinds import Way
from ..models import UnsentReason
from ..reading import InboxRow
from . import outbox, schedule, ways
from .models import DropReason, Outgoing, OutgoingState
from .reading import contents_of
from .receivers import Receiver, ReceiverKey, lock, receiver_of, zone_of

# Receivers planned in one go, and rows of one receiver: the rest follow in the next.
RECEIVERS, ROWS = 50, 500
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
    waiting = outbox.due(OutgoingState.WAITING, now, held)
    columns = waiting.values_list("person_id", "address")[: RECEIVERS * 10]
    keys = list(dict.fromkeys(ReceiverKey(*row) for row in columns))[:RECEIVERS]
    return sum(plan_for(key, now, held) for key in keys)


@retried
def plan_for(key: ReceiverKey, now: datetime, held: Collection[str] = ()) -> bool:
    """Plan the due rows of one receiver, without the kinds `held`; False if another worker does."""
    if not lock(key):
        return False
    mine = outbox.due(OutgoingState.WAITING, now, held).filter(
        person_id=key.person, address=key.address
    )
    rows = list(mine[:ROWS])
    receiver = receiver_of(key)
    _store(plan(receiver, rows, contents_of(receiver, rows), now), now)
    return True


def plan(
    receiver: Receiver, rows: Iterable[Outgoing], contents: dict[int, InboxRow], now: datetime
) -> MailPlan:
    """Return what becomes of `rows`, which say `contents`."""
    made = MailPlan()
    room = _room(receiver, now)
    for row in rows:
        content = contents.get(row.pk)
        reason = why_dropped(receiver, row, content)
        if reason is not None or content is None:
            made.dropped[row.pk] = reason or DropReason.GONE
            continue
        way, due_at = _when(receiver, row, content, now)
        bundle = (way, _place_of(content) if way == Way.SOON else None)
        is_counted = not content.kind.group.about_oneself
        if due_at > now:
            made.postponed[way, due_at, None].append(row.pk)
        elif is_counted and way == Way.SOON and _is_new(made, bundle) and room <= 0:
            at = schedule.next_daily(now, receiver.zone)
            made.postponed[Way.DAILY, at, UnsentReason.DAILY_LIMIT].append(row.pk)
        else:
            room -= int(is_counted and way == Way.SOON and _is_new(made, bundle))
            made.mails[bundle].append(row)
    return made


def why_dropped(receiver: Receiver, row: Outgoing, content: InboxRow | None) -> DropReason | None:
    """Return why `row` is not sent, None if it is or will be."""
    if receiver.closed is not None:
        return receiver.closed
    person = receiver.person
    if person is None and row.subscription_id not in receiver.subscriptions:
        return DropReason.NOT_WANTED
    if content is None:
        return DropReason.GONE
    if not content.is_unread:
        return DropReason.READ
    if way_of(receiver, content) == Way.NONE:
        is_chosen = chosen_way_of(receiver, content) is not None
        return DropReason.NOT_WANTED if is_chosen else DropReason.NOT_ASKED
    is_banned = person is not None and person.is_banned
    return DropReason.BANNED if is_banned and not content.kind.group.about_oneself else None


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


def _room(receiver: Receiver, now: datetime) -> int:
    """Return how many more mails the receiver may get today, beside a daily and a weekly one."""
    key = receiver.key
    mine = Outgoing.objects.filter(person_id=key.person, address=key.address)
    rows = mine.filter(way=Way.SOON, counts=True)
    sent = rows.filter(state=OutgoingState.SENT, done_at__gt=now - _DAY).values("mail")
    ready = rows.filter(state=OutgoingState.READY).values("mail")
    return limits.MAILS_PER_DAY - 2 - sent.union(ready).count()


def _is_new(made: MailPlan, bundle: tuple[Way, Any]) -> bool:
    """Return whether a counted row would be the first of its mail."""
    return not any(row.counts for row in made.mails.get(bundle, ()))


def _place_of(content: InboxRow) -> Any:
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
