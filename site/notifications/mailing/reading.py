"""Load what rows of the outbox say, now, as far as their receiver may read it."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser

from .. import reading
from ..kinds import kind_of
from ..models import Notification
from ..reading import InboxRow
from .models import Outgoing
from .receivers import Receiver


def contents_of(receiver: Receiver, rows: Sequence[Outgoing]) -> dict[int, InboxRow]:
    """Return what `rows` say, by their ids, in a fixed number of queries.

    What can no longer be read is left out, and so is what a person is no longer notified of.
    """
    issues = [row for row in rows if row.issue is not None]
    others = [row for row in rows if row.issue is None]
    said = contents_of_issues(issues) if issues else {}
    return said | (_contents_of_others(receiver, others) if others else {})


def _contents_of_others(receiver: Receiver, rows: Sequence[Outgoing]) -> dict[int, InboxRow]:
    told = _notifications(receiver, rows)
    found = reading.read(receiver.reader, told.values())
    by_notification = {row.notification.pk: row for row in found}
    return {
        pk: by_notification[notification.pk]
        for pk, notification in told.items()
        if notification.pk in by_notification
    }


def _notifications(receiver: Receiver, rows: Sequence[Outgoing]) -> dict[int, Notification]:
    """Return the notification of each of `rows`, by the row's id; an address has none stored."""
    if receiver.person is None:
        return {
            row.pk: Notification.of_event(row, pk=row.pk, created_at=row.created_at)
            for row in rows
            if kind_of(row.kind)
        }
    mine = Notification.objects.filter(
        recipient=receiver.person,
        kind__in={row.kind for row in rows},
        subject_id__in={row.subject_id for row in rows},
    )
    by_event = {(each.kind, each.subject_id): each for each in mine}
    found = {row.pk: by_event.get((row.kind, row.subject_id)) for row in rows}
    return {pk: each for pk, each in found.items() if each is not None}


def contents_of_issues(rows: Sequence[Outgoing]) -> dict[int, InboxRow]:
    """Return what issues say, by the ids of `rows`, in a fixed number of queries.

    An issue says to each receiver what everybody may read. What is gone is left out, and so is what
    a person is no longer notified of; of a person it counts whether they have read it.
    """
    events = {(row.kind, row.subject_id, row.issue): row for row in rows if kind_of(row.kind)}
    told = [
        Notification.of_event(row, pk=number, created_at=row.created_at)
        for number, row in enumerate(events.values())
    ]
    found = {each.notification.pk: each for each in reading.read(AnonymousUser(), told)}
    by_event = {event: found[number] for number, event in enumerate(events) if number in found}
    notified = _notified(rows)
    return {
        row.pk: replace(said, notification=notified.get(key, said.notification))
        for row in rows
        if (said := by_event.get((row.kind, row.subject_id, row.issue)))
        and ((key := (row.person_id, row.target, row.target_id)) in notified or not row.person_id)
    }


def _notified(rows: Sequence[Outgoing]) -> dict[tuple[int | None, str, int | None], Notification]:
    """Return the notifications of people about the targets of `rows`, by person and target."""
    about = {row.target: {each.target_id for each in rows} for row in rows}
    people = {row.person_id for row in rows if row.person_id}
    found = Notification.objects.filter(recipient__in=people)
    mine = [
        each
        for target in about
        for each in found.filter(target=target, target_id__in=about[target])
    ]
    return {(each.recipient_id, each.target, each.target_id): each for each in mine}
