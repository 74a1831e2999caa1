"""Grant and revoke roles, and hide the names that would pass for those of the new role-holder."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, RoleGrant, User
from accounts.naming import hiding, rules
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.actions import notify
from notifications.models import Notification

from ...locks import lock_person
from ...models.moderation import Action, Decision
from .. import states
from . import log
from .log import Outcome


@retried
def grant_role(person: User, *, by: User | None, role: str, now: datetime | None = None) -> Outcome:
    """Grant `person` a role; a second time changes nothing. `by` is None for the command line.

    A person whose name looks like theirs is shown by the handle from then on, and notified.
    """
    now = now or timezone.now()
    rules.lock()
    person = lock_person(person)
    before = states.of_roles(person)
    _grant, is_new = RoleGrant.objects.get_or_create(
        user=person, role=role, defaults={"granted_by": by, "granted_at": now}
    )
    if not is_new:
        return Outcome(log.latest(person=person), is_new=False)
    return Outcome(_record(person, by=by, now=now, before=before), is_new=True)


def record_grant(person: User, role: str, **_kwargs: Any) -> None:
    """Log the role that `createsuperuser` has granted to `person`, and hide names like theirs."""
    rules.lock()
    _record(person, by=None, now=timezone.now(), before=states.NO_ROLE)


def _record(person: User, *, by: User | None, now: datetime, before: str) -> Decision:
    """Write the log row of a grant, hide the names that clash, and notify their owners."""
    decision = log.write(
        Action.GRANT,
        by=by,
        now=now,
        person=person,
        state_before=before,
        state_after=states.of_roles(person),
    )
    for hidden in hiding.hide_lookalikes(person, now):
        notify(hidden.pk, Notification.Kind.NAME_HIDDEN, decision.pk)
    return decision


@retried
def revoke_role(
    person: User, *, by: User | None, role: str, now: datetime | None = None
) -> Outcome:
    """Revoke a role of `person`, and show the names again that were hidden for its sake.

    Raises `ActionRefused` (409) for the last admin.
    """
    now = now or timezone.now()
    rules.lock()
    person = lock_person(person)
    if role == Role.ADMIN:
        refuse_if_last_admin(person)
    before = states.of_roles(person)
    deleted, _rows = RoleGrant.objects.filter(user=person, role=role).delete()
    if not deleted:
        return Outcome(log.latest(person=person), is_new=False)
    decision = log.write(
        Action.REVOKE,
        by=by,
        now=now,
        person=person,
        state_before=before,
        state_after=states.of_roles(person),
    )
    hiding.show_again()
    return Outcome(decision, is_new=True)


def refuse_if_last_admin(person: User) -> None:
    """Raise `ActionRefused` (409) if `person` is the only admin.

    Locks the grants of all admins, so that two admins cannot lose the role at the same time.
    """
    grants = RoleGrant.objects.filter(
        role=Role.ADMIN,
        user__is_active=True,
        user__erased_at__isnull=True,
        user__banned_at__isnull=True,
    )
    locked = grants.select_for_update(of=("self",), no_key=True).order_by("pk")
    admins = {grant.user_id for grant in locked}
    if admins == {person.pk}:
        raise ActionRefused(
            _("This is the only admin. Make somebody else an admin first."), status=409
        )
