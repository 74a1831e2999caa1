"""Import a file of addresses: a trial that is stored, a press, a job in batches.

Each batch is one transaction, and enqueues the next in it: a worker that dies repeats nothing and
forgets nothing. What becomes of a row is judged again then, since people act in the meantime.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils import timezone
from django_tasks import task

from accounts.models import User
from core.db.transactions import retried

from ..following import by_mail, joining
from ..models import Subscription
from ..targets import Key
from .judging import AT_ONCE, judge
from .models import ImportRow, ImportState, LeftOut, RowOutcome, StatedConsent, SubscriberImport
from .offered import Offered, find
from .reading import ReadFile, ReadRow

# Rows of one transaction: one that is asked takes 20 ms of a processor, mostly to write its mail,
# and on SQLite others wait for the whole batch.
BATCH = 20
# Below that of all other jobs.
PRIORITY = -10
# How long rows are kept, with the addresses in them: to read the report, and to decide.
REPORT_KEPT, TRIAL_KEPT = timedelta(days=30), timedelta(days=1)
# Imports deleted in a minute.
DELETED = 5


@retried
def try_out(
    file: ReadFile, offered: Offered, *, form_key: UUID, by: User, now: datetime
) -> SubscriberImport:
    """Store the rows of `file` with what would become of them; return the trial, import nothing.

    The same `form_key` again returns what is stored under it.
    """
    made, is_new = SubscriberImport.objects.get_or_create(
        form_key=form_key,
        defaults={
            "made_by": by,
            "target": offered.type.name,
            "target_id": offered.key.id,
            "detail": offered.key.detail,
            "columns": json.dumps(file.columns),
            "made_at": now,
        },
    )
    if is_new:
        for start in range(0, len(file.rows), AT_ONCE):
            _store(made, file.rows[start : start + AT_ONCE], now)
    return made


def _store(made: SubscriberImport, rows: Sequence[ReadRow], now: datetime) -> None:
    stored = [
        ImportRow(
            of=made,
            line=row.line,
            address=row.address,
            consent_on=row.consent_on,
            consent_place=row.consent_place,
            reason=row.reason or "",
        )
        for row in rows
    ]
    _decide(stored, made, now)
    ImportRow.objects.bulk_create(stored)


def _decide(rows: Sequence[ImportRow], made: SubscriberImport, now: datetime) -> None:
    """Set what becomes of `rows` now; what is wrong with a row itself stays so."""
    fit = [row for row in rows if row.reason not in _OF_THE_FILE]
    reasons = judge([row.address for row in fit], made.target, key_of(made), now)
    for row in fit:
        row.reason = reasons.get(row.address, "")
    for row in rows:
        agreed = RowOutcome.ACTIVE if row.states_consent else RowOutcome.ASKED
        row.outcome = RowOutcome.LEFT if row.reason else agreed


_OF_THE_FILE = {LeftOut.ADDRESS, LeftOut.DOUBLE, LeftOut.DATE, LeftOut.CELLS, LeftOut.OUT}


def key_of(made: SubscriberImport) -> Key:
    """Return the key of what the addresses of an import are to follow."""
    return Key(made.target_id, made.detail)


@retried
def start(pk: int, *, now: datetime | None = None) -> bool:
    """Begin the import of the trial `pk`; return False if it has begun before."""
    trial = SubscriberImport.objects.filter(pk=pk, state=ImportState.TRIAL)
    if not trial.update(state=ImportState.RUNNING, started_at=now or timezone.now()):
        return False
    import_some.enqueue(pk)
    return True


@retried
def discard(pk: int) -> bool:
    """Delete the trial `pk` with its rows; return False for one that has begun, or is gone."""
    trial = SubscriberImport.objects.filter(pk=pk, state=ImportState.TRIAL)
    return bool(trial.delete()[0])


@task(priority=PRIORITY)
def import_some(pk: int) -> None:
    """Import a batch of the rows of the import `pk`, and enqueue the next batch."""
    _import_some(pk)


@retried
def _import_some(pk: int) -> None:
    running = SubscriberImport.objects.select_for_update().filter(state=ImportState.RUNNING)
    made, now = running.filter(pk=pk).first(), timezone.now()
    if made is None:
        return
    batch = list(made.rows.filter(done=False).order_by("line")[:BATCH])
    if not batch:
        made.state, made.done_at = ImportState.DONE, now
        made.save(update_fields=["state", "done_at"])
        return
    followed = find(made.target, key_of(made))
    if followed is not None:
        _decide(batch, made, now)
        for row in batch:
            _import(row, made, followed.target.title, now)
    else:  # what they were to follow is no longer there
        for row in batch:
            row.outcome, row.reason = RowOutcome.LEFT, row.reason or LeftOut.GONE
    for row in batch:
        row.done = True
    ImportRow.objects.bulk_update(batch, ["outcome", "reason", "done"])
    import_some.enqueue(pk)


def _import(row: ImportRow, made: SubscriberImport, title: str, now: datetime) -> None:
    if row.outcome == RowOutcome.ACTIVE:
        _follow(row, made, now)
    elif row.outcome == RowOutcome.ASKED:
        by_mail.invite(row.address, made.target, key_of(made), title, now=now)


def _follow(row: ImportRow, made: SubscriberImport, now: datetime) -> None:
    """Let the address follow, with the consent that is stated; an account takes it over."""
    key = key_of(made)
    followed, is_new = Subscription.objects.get_or_create(
        address=row.address,
        target=made.target,
        target_id=key.id,
        detail=key.detail,
        defaults={"confirmed_at": now, "created_at": now},
    )
    if not is_new:
        waiting = Subscription.objects.waiting().filter(pk=followed.pk)
        if not waiting.update(confirmed_at=now):
            return
    assert row.consent_on is not None
    stated = {
        "given_on": row.consent_on,
        "place": row.consent_place,
        "stated_by": made.made_by,
        "stated_at": now,
    }
    StatedConsent.objects.update_or_create(subscription=followed, defaults=stated)
    account = EmailAddress.objects.filter(email=row.address, verified=True).first()
    if account is not None:
        joining.join(account.user, row.address)


def purge(now: datetime | None = None) -> int:
    """Delete outdated imports with the addresses in them; a periodic task. Return how many."""
    now = now or timezone.now()
    done = SubscriberImport.objects.filter(done_at__lt=now - REPORT_KEPT)
    tried = SubscriberImport.objects.filter(state=ImportState.TRIAL, made_at__lt=now - TRIAL_KEPT)
    old = [
        *done.values_list("pk", flat=True)[:DELETED],
        *tried.values_list("pk", flat=True)[:DELETED],
    ]
    SubscriberImport.objects.filter(pk__in=old).delete()
    return len(old)
