"""Remove and restore a reader's change of mind.

The reader's answer stays changed: a moderator does not decide about people's answers.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.actions import News, notify
from notifications.kinds import NotificationKind

from ...actions import changes_of_mind
from ...models import ChangeOfMind
from ...models.moderation import Action, Decision
from ...notifications import CREDIT_REMOVED, CREDIT_RESTORED
from .. import permissions, states
from . import log
from .log import Outcome


@retried
def remove_change(
    change: ChangeOfMind, *, by: User, reason: str, note: str = "", now: datetime | None = None
) -> Outcome:
    """Remove `change` with a reason and notify its giver.

    Raises `ActionRefused` (409) if it was revoked or another moderator decided first.
    """
    now = now or timezone.now()
    change = _locked(change, by)
    if change.removed_at is not None:
        first = log.latest(change=change)
        if first is not None and first.by_id == by.pk:
            return Outcome(first, is_new=False)
        raise log.conflict(first, now)
    change.removed_at, change.removed_reason = now, reason
    change.save(update_fields=["removed_at", "removed_reason"])
    decision = log.write(
        Action.REMOVE_CHANGE,
        by=by,
        now=now,
        change=change,
        note=note,
        reason=reason,
        state_before=states.SHOWN,
        state_after=states.REMOVED,
    )
    _tell_giver(CREDIT_REMOVED, change, decision, by)
    changes_of_mind.follow(change)
    return Outcome(decision, is_new=True)


@retried
def restore_change(
    change: ChangeOfMind, *, by: User, seen: int | None = None, now: datetime | None = None
) -> Outcome:
    """Restore `change`; a second time changes nothing.

    `seen` is the id of the decision that removed it. Raises `ActionRefused` (409) if it was revoked
    or somebody has removed it again since.
    """
    now = now or timezone.now()
    change = _locked(change, by)
    if change.removed_at is None:
        return Outcome(log.latest(change=change), is_new=False)
    log.refuse_if_another(log.latest(change=change, action=Action.REMOVE_CHANGE), seen, now)
    change.removed_at, change.removed_reason = None, ""
    change.save(update_fields=["removed_at", "removed_reason"])
    decision = log.write(
        Action.RESTORE_CHANGE,
        by=by,
        now=now,
        change=change,
        state_before=states.REMOVED,
        state_after=states.SHOWN,
    )
    _tell_giver(CREDIT_RESTORED, change, decision, by)
    changes_of_mind.follow(change)
    return Outcome(decision, is_new=True)


def _tell_giver(kind: NotificationKind, change: ChangeOfMind, decision: Decision, by: User) -> None:
    notify(kind, News(change.giver_id, subject=decision.pk, target=change.pk), cause=by)


def _locked(change: ChangeOfMind, by: User) -> ChangeOfMind:
    """Return `change`, reloaded and locked.

    Raises `ActionRefused`: 409 if it was revoked, 403 if `by` may not decide about it any more.
    """
    change = changes_of_mind.locked(change)
    log.refuse_unless(permissions.can_judge_change, by, change)
    if change.revoked_at is not None:
        raise ActionRefused(_("Its writer has removed it."), status=409)
    return change
