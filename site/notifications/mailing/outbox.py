"""Write the outbox: queue rows, and claim, record and delete them.

Each change is one UPDATE that depends on the state before, so workers may run side by side.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core import limits
from core.db.prepared import PreparedInsert
from core.jobs import retries

from .. import unsent
from ..deliverability import pausing
from ..kinds import NotificationKind, Way
from ..models import Notification, Subscription, UnsentReason
from . import scopes
from .models import DropReason, Outgoing, OutgoingState

# Rows deleted in one statement, so that the lock is short.
PRUNE_BATCH = 1000
# Reasons that their receivers read in the list of what was not sent. They know the others: they
# read it before, or never asked for mail about it. What is gone is listed, although it is gone from
# their notifications, too: else a suspended cause would be the only reason with its sentence.
_UNSENT = {
    DropReason.GONE: UnsentReason.GONE,
    DropReason.NOT_WANTED: UnsentReason.MUTED,
    DropReason.STOPPED: UnsentReason.ADDRESS,
    DropReason.REFUSED: UnsentReason.ADDRESS,
    DropReason.BANNED: UnsentReason.ACCOUNT,
}

# Another notification took the place of a row's, which is about the same target.
_HAS_ANOTHER = Exists(
    Notification.objects.filter(
        recipient=OuterRef("person"), target=OuterRef("target"), target_id=OuterRef("target_id")
    ).exclude(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"))
)


def queue(
    kind: NotificationKind, recipient: int, subject: int, target: int, scope: str = ""
) -> None:
    """Add what a person is to be sent of one event; a second call changes nothing.

    To be called in the transaction of the event, of which this is one INSERT.
    """
    _NEW.run(row_for(kind, recipient, subject, target, timezone.now(), scope))


def queue_all(rows: Iterable[Outgoing]) -> None:
    """Add many rows, as `queue` adds one."""
    Outgoing.objects.bulk_create(rows, ignore_conflicts=True)


def row_for(
    kind: NotificationKind,
    recipient: int,
    subject: int,
    target: int,
    now: datetime,
    scope: str = "",
) -> Outgoing:
    """Return the row of one event for a person; it waits for others to go with it.

    `scope` is what a link in the mail ends, by default the group of `kind`.
    """
    row = _row(kind, subject, target, now)
    row.person_id, row.scope = recipient, scope or scopes.of_groups([kind.group])
    row.counts = not kind.group.about_oneself
    return row


def row_for_address(
    kind: NotificationKind, follower: Subscription, subject: int, target: int, now: datetime
) -> Outgoing:
    """Return the row of one event for an address that follows it without an account."""
    row = _row(kind, subject, target, now)
    row.subscription, row.scope = follower, scopes.of_subscription(follower.pk)
    row.address = follower.address
    return row


def _row(kind: NotificationKind, subject: int, target: int, now: datetime) -> Outgoing:
    wait = 0 if kind.is_article else limits.MAIL_GATHERED
    return Outgoing(
        kind=kind.name,
        subject_id=subject,
        target=kind.target,
        target_id=target,
        issue=target if kind.is_article else None,
        created_at=now,
        due_at=now + timedelta(seconds=wait),
    )


def due(state: OutgoingState, now: datetime, held: Collection[str] = ()) -> Any:
    """Return the rows in `state` that are due, the oldest first, without the kinds `held`."""
    rows = Outgoing.objects.filter(done_at__isnull=True, state=state, due_at__lte=now)
    return _not_held(rows, held).order_by("due_at", "pk")


def is_due(now: datetime) -> bool:
    """Return whether there is anything to do."""
    either = Q(state=OutgoingState.WAITING) | Q(state=OutgoingState.READY)
    rows = Outgoing.objects.filter(either, done_at__isnull=True, due_at__lte=now)
    return bool(_not_held(rows, pausing.held_kinds()).exists())


def _not_held(rows: Any, held: Collection[str]) -> Any:
    return rows.exclude(kind__in=held) if held else rows


def claim(mail: UUID, now: datetime) -> bool:
    """Take a mail that is due for `MAIL_LEASE` seconds; False if another worker has it."""
    rows = Outgoing.objects.filter(mail=mail, state=OutgoingState.READY, due_at__lte=now)
    return bool(rows.update(due_at=now + timedelta(seconds=limits.MAIL_LEASE)))


def record_sent(mail: UUID, dropped: dict[int, DropReason], now: datetime) -> bool:
    """Record that `mail` was sent, but not the rows `dropped`, by id; False if it was before."""
    drop(dropped, now)
    return bool(_ready(mail).update(state=OutgoingState.SENT, done_at=now))


def drop(reasons: dict[int, DropReason], now: datetime) -> None:
    """Record of rows, by id, why they are not sent."""
    for reason in set(reasons.values()):
        ids = [pk for pk, why in reasons.items() if why == reason]
        _drop(Outgoing.objects.filter(pk__in=ids, done_at__isnull=True), reason, now)


def drop_mail(mail: UUID, reason: DropReason, now: datetime) -> None:
    """Record why `mail` is not sent."""
    _drop(_ready(mail), reason, now)


def _drop(rows: Any, reason: DropReason, now: datetime) -> None:
    """Drop `rows`, and say in the lists of their receivers why there was no mail."""
    if reason in _UNSENT:
        _say_why(_UNSENT[reason], rows)
    rows.update(state=OutgoingState.DROPPED, reason=reason, done_at=now)


def postpone(ids: list[int], way: Way, due_at: datetime, why: UnsentReason | None = None) -> None:
    """Let rows, by id, go by `way` at `due_at`; their receivers are told `why`, if it says so."""
    rows = Outgoing.objects.filter(pk__in=ids, state=OutgoingState.WAITING)
    if why is not None:
        _say_why(why, rows)
    rows.update(way=way, due_at=due_at)


def _say_why(reason: UnsentReason, rows: Any) -> None:
    """Add `rows` to the lists of what was not sent; an address without an account has none."""
    people = rows.filter(person__isnull=False)
    if reason == UnsentReason.GONE:
        unsent.record(UnsentReason.STRONGER, _as_told(people.filter(_HAS_ANOTHER)))
    unsent.record(reason, _as_told(people))


def _as_told(rows: Any) -> Iterator[Notification]:
    return (Notification.of_event(row, recipient_id=row.person_id) for row in rows)


def set_aside(mail: UUID, kinds: Collection[str], now: datetime) -> None:
    """Take the rows of `kinds` out of a claimed mail: they are planned again when they may go."""
    if not kinds:
        return
    rows = _ready(mail).filter(kind__in=kinds)
    rows.update(state=OutgoingState.WAITING, mail=None, due_at=now)


def try_later(mail: UUID, attempts: int, now: datetime) -> bool:
    """Let `mail` wait longer after each attempt; return False after the last."""
    if attempts + 1 >= limits.JOB_ATTEMPTS:
        return False
    wait = retries.delay(attempts + 1, chance=0.5)
    return bool(_ready(mail).update(attempts=attempts + 1, due_at=now + wait))


def release(mail: UUID, now: datetime) -> None:
    """Give a claimed mail back at once: the failure was not its own."""
    _ready(mail).update(due_at=now)


def bring_forward(person: int, due_at: datetime) -> None:
    """Let the rows of `person` that wait for a later daily mail go with that of `due_at`."""
    rows = Outgoing.objects.filter(person_id=person, state=OutgoingState.WAITING, way=Way.DAILY)
    rows.filter(due_at__gt=due_at).update(due_at=due_at)


def prune(now: datetime | None = None) -> int:
    """Delete rows that were done `MAIL_RECORD_DAYS` ago, a batch at a time; return how many.

    Until then they keep an event from being sent a second time.
    """
    before = (now or timezone.now()) - timedelta(days=limits.MAIL_RECORD_DAYS)
    rows = Outgoing.objects.filter(done_at__lt=before)
    ids = list(rows.order_by("done_at").values_list("pk", flat=True)[:PRUNE_BATCH])
    return Outgoing.objects.filter(pk__in=ids).delete()[0]


def _ready(mail: UUID) -> Any:
    return Outgoing.objects.filter(mail=mail, state=OutgoingState.READY)


_NEW = PreparedInsert(Outgoing, ignore_conflicts=True)
