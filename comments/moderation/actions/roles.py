"""Grant and revoke roles, and hide the names that would pass for those of the new role-holder."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.backends import person_now
from accounts.models import Admission, Role, RoleGrant, User
from accounts.naming import hiding, rules
from accounts.second_factor import requirement
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.actions import News, notify, notify_all, withdraw_all

from ...locks import lock_person
from ...models.moderation import Action, Decision
from ...notifications import NAME_HIDDEN, ROLE_GRANTED
from .. import permissions, states
from . import log
from .log import Outcome

# A staff role that was revoked and is granted again within this time gives no new time of grace.
GRACE_AGAIN = timedelta(days=90)


@retried
def grant_role(person: User, *, by: User | None, role: str, now: datetime | None = None) -> Outcome:
    """Grant `person` a role; a second time changes nothing. `by` is None for the command line.

    A person whose name looks like theirs is shown by the handle from then on, and notified. Raises
    `ActionRefused` (403) if `by` may not change them any more, or the account was erased.
    """
    now = now or timezone.now()
    rules.lock()
    person = lock_person(person)
    log.refuse_unless(permissions.can_change_roles, by, person)
    before = states.of_roles(person)
    _grant, is_new = RoleGrant.objects.get_or_create(
        user=person,
        role=role,
        defaults={"granted_by": by, "granted_at": now, "grace_from": _grace_from(person, now)},
    )
    if not is_new:
        return Outcome(log.latest(person=person), is_new=False)
    # A role for somebody whose account waits is an approval.
    User.objects.filter(pk=person.pk).update(admission=Admission.ADMITTED)
    decision = _record(person, by=by, now=now, before=before)
    notify(ROLE_GRANTED, News(person.pk, decision.pk, target=decision.pk), cause=by)
    return Outcome(decision, is_new=True)


def _grace_from(person: User, now: datetime) -> datetime:
    """Return from when `person` has time to add a second factor, now that a role is granted.

    Of another staff role it goes on, and one that was revoked and is granted again within
    `GRACE_AGAIN` gives no new time: else two admins could go without for ever.
    """
    staff = person.role_grants.filter(role__in=requirement.STAFF).order_by("grace_from")
    held = staff.first()
    if held is not None:
        return held.grace_from
    grants = Decision.objects.filter(
        person=person, action=Action.GRANT, decided_at__gt=now - GRACE_AGAIN
    ).order_by("decided_at")
    for state, at in grants.values_list("state_after", "decided_at"):
        if requirement.STAFF & set(states.roles_of(state)):
            return at
    return now


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
    hidden = hiding.hide_lookalikes(person, now)
    news = (News(each.pk, subject=decision.pk, target=each.pk) for each in hidden)
    notify_all(NAME_HIDDEN, news, cause=None)
    return decision


@retried
def revoke_role(
    person: User, *, by: User | None, role: str, now: datetime | None = None
) -> Outcome:
    """Revoke a role of `person`, and show the names again that were hidden for its sake.

    Raises `ActionRefused`: 409 for the last admin, 403 if `by` may not change them any more.
    """
    now = now or timezone.now()
    rules.lock()
    person = lock_person(person)
    log.refuse_unless(permissions.can_change_roles, by, person)
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
    _withdraw_grants(person, role)
    return Outcome(decision, is_new=True)


def _withdraw_grants(person: User, role: str) -> None:
    """Delete the notifications that `person` has the `role`."""
    grants = Decision.objects.filter(person=person, action=Action.GRANT)
    granted = [
        pk
        for pk, before, after in grants.values_list("pk", "state_before", "state_after")
        if role in set(states.roles_of(after)) - set(states.roles_of(before))
    ]
    withdraw_all([ROLE_GRANTED], [person.pk], granted)


def refuse_if_last_admin(person: User) -> None:
    """Raise `ActionRefused` (409) if `person` is an admin and no other one could act.

    One who is suspended, or lacks a second factor after the time for it, could not. Locks the
    grants of all admins, so that two admins cannot lose the role at the same time.
    """
    grants = RoleGrant.objects.filter(
        role=Role.ADMIN,
        user__is_active=True,
        user__erased_at__isnull=True,
        user__banned_at__isnull=True,
    )
    locked = grants.select_for_update(of=("self",), no_key=True).order_by("pk")
    admins = {grant.user_id for grant in locked}
    if person.pk in admins and not any(map(_acts_as_admin, admins - {person.pk})):
        raise ActionRefused(
            _(
                "This is the only admin who can act. Make somebody else an admin first. An "
                "admin who is suspended, or has no second factor yet, cannot act."
            ),
            status=409,
        )


def _acts_as_admin(pk: int) -> bool:
    person = person_now(pk)
    return person is not None and Role.ADMIN in person.roles and not person.is_suspended()
