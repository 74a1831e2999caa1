"""Decisions about people: suspensions by moderators, roles by admins."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts.models import Role, RoleGrant, Suspension, User
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ...actions import changes_of_mind, reactions, stances, steelmen
from ...closings import judging
from ...locks import lock_person
from ...models.moderation import Action
from . import log
from .log import Outcome

SUSPENDED = "suspended"
BANNED = "banned"
FREE = "free"


@retried
def suspend(
    person: User,
    *,
    by: User,
    days: int | None,
    reason: str,
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Suspend `person` for `days`; None is a ban, without an end.

    `seen` is the id of the last log row about the person that `by` has seen, 0 for none. Raises
    `ActionRefused` (409) if somebody else decided since.
    """
    now = now or timezone.now()
    person = lock_person(person)
    last = log.latest(person=person)
    if last is not None and seen is not None and last.pk != seen:
        action = Action.BAN if days is None else Action.SUSPEND
        if last.by_id == by.pk and last.action == action and person.is_suspended(now):
            return Outcome(last, is_new=False)
        raise log.conflict(last, now)
    before = state_of(person, now)
    _end_suspensions(person, by, now)
    until = None if days is None else now + timedelta(days=days)
    Suspension.objects.create(user=person, by=by, reason=reason, started_at=now, ends_at=until)
    _set(person, until=until, banned_at=now if days is None else None)
    decision = log.write(
        Action.BAN if days is None else Action.SUSPEND,
        by=by,
        now=now,
        person=person,
        note=note,
        reason=reason,
        until=until,
        state_before=before,
        state_after=state_of(person, now),
    )
    return Outcome(decision, is_new=True)


@retried
def lift_suspension(person: User, *, by: User, now: datetime | None = None) -> Outcome:
    """End the suspension or ban of `person`; without one nothing changes."""
    now = now or timezone.now()
    person = lock_person(person)
    before = state_of(person, now)
    if before == FREE:
        return Outcome(log.latest(person=person), is_new=False)
    _end_suspensions(person, by, now)
    _set(person, until=None, banned_at=None)
    decision = log.write(
        Action.LIFT, by=by, now=now, person=person, state_before=before, state_after=FREE
    )
    return Outcome(decision, is_new=True)


@retried
def grant_role(person: User, *, by: User, role: str, now: datetime | None = None) -> Outcome:
    """Grant `person` a role; a second time changes nothing."""
    now = now or timezone.now()
    lock_person(person)
    _grant, is_new = RoleGrant.objects.get_or_create(
        user=person, role=role, defaults={"granted_by": by, "granted_at": now}
    )
    if not is_new:
        return Outcome(log.latest(person=person), is_new=False)
    return Outcome(
        log.write(Action.GRANT, by=by, now=now, person=person, state_after=role), is_new=True
    )


@retried
def revoke_role(person: User, *, by: User, role: str, now: datetime | None = None) -> Outcome:
    """Revoke a role of `person`. Raises `ActionRefused` (409) for the last admin."""
    now = now or timezone.now()
    lock_person(person)
    if role == Role.ADMIN:
        refuse_if_last_admin(person)
    deleted, _rows = RoleGrant.objects.filter(user=person, role=role).delete()
    if not deleted:
        return Outcome(log.latest(person=person), is_new=False)
    return Outcome(
        log.write(Action.REVOKE, by=by, now=now, person=person, state_before=role), is_new=True
    )


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


def next_suspension_days(person: User) -> int:
    """Return the length in days of the next suspension of `person`, by `SUSPENSION_LADDER`."""
    before = Suspension.objects.filter(user=person).count()
    return limits.SUSPENSION_LADDER[min(before, len(limits.SUSPENSION_LADDER) - 1)]


def state_of(person: User, now: datetime) -> str:
    """Return the code in the log for whether `person` is free, suspended or banned."""
    if person.is_banned:
        return BANNED
    return SUSPENDED if person.is_suspended(now) else FREE


def _end_suspensions(person: User, by: User, now: datetime) -> None:
    """End the suspensions in force, so that there is at most one."""
    in_force = Suspension.objects.filter(user=person, lifted_at__isnull=True)
    in_force = in_force.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    in_force.update(lifted_at=now, lifted_by=by)


def _set(person: User, *, until: datetime | None, banned_at: datetime | None) -> None:
    """Store suspension and ban; recount figures if `person` begins or stops to count."""
    counted = person.counts_in_totals
    person.suspended_until = until
    person.banned_at = banned_at
    person.save(update_fields=["suspended_until", "banned_at"])
    if person.counts_in_totals != counted:
        stances.recount_reader(person)
        recount_reactions.enqueue(person.pk)


@task()
def recount_reactions(pk: int) -> None:
    """Recount every figure that includes the person; as a job, as these may be thousands."""
    person = User.objects.get(pk=pk)
    reactions.recount_reader(person)
    changes_of_mind.recount_reader(person)
    steelmen.recount_reader(person)
    judging.recount_reader(person)
