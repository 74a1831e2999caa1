"""Load what rows of the outbox say, now, as far as their receiver may read it."""

from collections.abc import Sequence

from django.db.models import Q

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
    found |= _of_issues(receiver, [row for row in rows if row.issue is not None])
    return {pk: each for pk, each in found.items() if each is not None}


def _of_issues(receiver: Receiver, rows: Sequence[Outgoing]) -> dict[int, Notification]:
    """Return the notification about each issue: a stronger one may have taken its place."""
    if not rows:
        return {}
    about = Q()
    for row in rows:
        about |= Q(target=row.target, target_id=row.target_id)
    mine = Notification.objects.filter(about, recipient=receiver.person)
    by_target = {(each.target, each.target_id): each for each in mine}
    found = {row.pk: by_target.get((row.target, row.target_id)) for row in rows}
    return {pk: each for pk, each in found.items() if each is not None}
