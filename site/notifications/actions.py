"""Notify people: once of each event, and of each target by its strongest reason.

To be called in the transaction of the event.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.db.prepared import Prepared, PreparedInsert

from . import unsent
from .kinds import NotificationKind, replaced_by
from .mailing import outbox
from .models import Notification, NotificationQuerySet, UnsentReason


class News(NamedTuple):
    """What `recipient` is to know: `subject` is the row that tells it, `target` what it is about.

    All are ids; the table of `subject` is decided by the kind, the type of `target` too. `scope` is
    what a link in a mail ends (`mailing.scopes`), by default the group of the kind.
    """

    recipient: int
    subject: int
    target: int
    scope: str = ""


def notify(kind: NotificationKind, news: News, *, cause: User | None) -> None:
    """Notify of `news`; a second call changes nothing.

    `cause` is the person whose act it is: nobody is notified of their own, nor of one by somebody
    suspended. None is an act of the site itself. An erased account is notified of nothing. What is
    left out is recorded with its reason (`unsent`).
    """
    for told in _to_be_told(kind, [news], cause):
        if _NEW.run(_row(kind, told)):
            outbox.queue(kind, *told)
        else:
            _take_places(kind, [told])


@transaction.atomic
def notify_all(
    kind: NotificationKind, news: Iterable[News], *, cause: User | None, by_mail: bool = True
) -> None:
    """Notify of many `news`, as `notify` does of one: in a fixed number of statements.

    Without `by_mail` the inbox alone says it.
    """
    _take_places(kind, _to_be_told(kind, news, cause), by_mail=by_mail)


def withdraw(kinds: Iterable[NotificationKind], recipient: User, target: int) -> None:
    """Delete the notifications of `kinds` that asked `recipient` for what they have done since."""
    withdraw_all(kinds, [recipient.pk], [target])


def withdraw_all(
    kinds: Iterable[NotificationKind], recipients: Iterable[int], targets: Iterable[int]
) -> None:
    """Delete the notifications of `kinds` about `targets`, all ids, whose reason is gone."""
    rows = Notification.objects.filter(recipient__in=recipients, target_id__in=targets)
    rows.filter(kind__in=[kind.name for kind in kinds]).delete()


def _to_be_told(kind: NotificationKind, news: Iterable[News], cause: User | None) -> list[News]:
    """Return the `news` whose recipients may be told of an act of `cause`, always in one order."""
    others = {each for each in news if cause is None or each.recipient != cause.pk}
    if not others:
        return []
    erased = _erased({each.recipient for each in others})
    told = sorted(each for each in others if each.recipient not in erased)
    if cause is not None and cause.is_suspended():
        unsent.record(UnsentReason.CAUSE, (_row(kind, each) for each in told))
        return []
    return told


def _erased(people: set[int]) -> set[int]:
    """Return those of `people` whose accounts were erased."""
    if len(people) == 1:
        return {pk for person in people for (pk,) in _ERASED.rows(pk=person)}
    found = User.objects.filter(pk__in=people, erased_at__isnull=False)
    return set(found.values_list("pk", flat=True))


def _take_places(kind: NotificationKind, told: list[News], *, by_mail: bool = True) -> None:
    """Insert the notifications of `kind` in place of those that are not stronger.

    Again if another transaction has inserted one of these between the statements.
    """
    about = _about(kind, told)
    weaker = about.filter(kind__in=replaced_by(kind)).exclude(
        kind=kind.name, subject_id__in={each.subject for each in told}
    )
    while True:
        weaker.delete()
        rows = [_row(kind, each) for each in told]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        if not weaker.exists():
            break
    stronger = about.exclude(kind__in=replaced_by(kind)).values_list("recipient", "target_id")
    outdone = set(stronger)
    unsent.record(
        UnsentReason.STRONGER, (row for row in rows if (row.recipient_id, row.target_id) in outdone)
    )
    if not by_mail:
        return
    now = timezone.now()
    outbox.queue_all(
        outbox.row_for(kind, each.recipient, each.subject, each.target, now, each.scope)
        for each in told
        if (each.recipient, each.target) not in outdone
    )


def _about(kind: NotificationKind, news: list[News]) -> NotificationQuerySet:
    """Return the notifications of the recipients of `news` about the same targets."""
    return Notification.objects.filter(
        recipient__in={each.recipient for each in news},
        target=kind.target,
        target_id__in={each.target for each in news},
    )


def _add(kind: NotificationKind, news: News) -> bool:
    """Add a notification, and what is mailed of it; return False if one is there."""
    if not _NEW.run(_row(kind, news)):
        return False
    outbox.queue(kind, *news)
    return True


def _row(kind: NotificationKind, news: News) -> Notification:
    return Notification(
        recipient_id=news.recipient,
        kind=kind.name,
        subject_id=news.subject,
        target=kind.target,
        target_id=news.target,
    )


_NEW = PreparedInsert(Notification, ignore_conflicts=True)
# A reply notifies one person: this is a part of every one.
_ERASED = Prepared(
    lambda pk: User.objects.filter(pk=pk, erased_at__isnull=False).values_list("pk"), pk=int
)
