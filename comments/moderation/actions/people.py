"""Suspend people, and lift suspensions."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts.models import Suspension, User
from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.actions import News, notify
from notifications.mailing import planning

from ...actions import changes_of_mind, reactions, stances, steelmen
from ...closings import judging
from ...locks import lock_person
from ...models.moderation import Action, Decision, EndReason
from ...notifications import SUSPENDED, SUSPENSION_ENDED
from .. import permissions, states
from . import log
from .log import Outcome


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
    `ActionRefused`: 409 if somebody else decided since, 403 if `by` may not suspend them any more.
    """
    now = now or timezone.now()
    person = lock_person(person)
    log.refuse_unless(permissions.can_suspend, by, person)
    last = log.latest(person=person)
    if last is not None and seen is not None and last.pk != seen:
        action = Action.BAN if days is None else Action.SUSPEND
        if last.by_id == by.pk and last.action == action and person.is_suspended(now):
            return Outcome(last, is_new=False)
        raise log.conflict(last, now)
    before = states.of_person(person, now)
    if before == states.BANNED and days is None:
        return Outcome(last, is_new=False)
    _end_suspensions(person, by, now)
    until = None if days is None else now + timedelta(days=days)
    Suspension.objects.create(user=person, by=by, reason=reason, started_at=now, ends_at=until)
    _set(person, until=until, banned_at=now if days is None else None, now=now)
    decision = log.write(
        Action.BAN if days is None else Action.SUSPEND,
        by=by,
        now=now,
        person=person,
        note=note,
        reason=reason,
        until=until,
        state_before=before,
        state_after=states.of_person(person, now),
    )
    notify(SUSPENDED, News(person.pk, decision.pk, target=person.pk), cause=by)
    return Outcome(decision, is_new=True)


@retried
def lift_suspension(
    person: User,
    *,
    by: User,
    reason: str,
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> Outcome:
    """End the suspension or ban of `person`; without one nothing changes.

    `seen` is the id of the decision to suspend or ban. The reason `EndReason.UNDONE` undoes it
    within `UNDO_OFFER` seconds: it never counted, and one that it had ended is in force again.
    Raises `ActionRefused`: 409 for a later undo, or if somebody has suspended or banned them again
    since, 403 if `by` may not decide about them any more.
    """
    now = now or timezone.now()
    person = lock_person(person)
    log.refuse_unless(permissions.can_suspend, by, person)
    before = states.of_person(person, now)
    if before == states.FREE:
        return Outcome(log.latest(person=person), is_new=False)
    begun = log.latest(person=person, action__in=[Action.SUSPEND, Action.BAN])
    log.refuse_if_another(begun, seen, now)
    ended = log.latest(person=person, action=Action.LIFT)
    if reason == EndReason.UNDONE and begun and ended and ended.pk > begun.pk:
        return Outcome(ended, is_new=False)
    if begun is not None and reason == EndReason.UNDONE:
        _refuse_if_late(begun, now)
        _undo(person, begun, now)
    else:
        _end_suspensions(person, by, now)
        _set(person, until=None, banned_at=None, now=now)
    decision = log.write(
        Action.LIFT,
        by=by,
        now=now,
        person=person,
        reason=reason,
        note=note,
        state_before=before,
        state_after=states.of_person(person, now),
    )
    notify(SUSPENSION_ENDED, News(person.pk, decision.pk, target=person.pk), cause=by)
    return Outcome(decision, is_new=True)


def _refuse_if_late(begun: Decision, now: datetime) -> None:
    """Raise `ActionRefused` (409) if undoing the decision `begun` is no longer offered.

    What was in force for longer has to count for the length of the next one.
    """
    if (now - begun.decided_at).total_seconds() > limits.UNDO_OFFER:
        raise ActionRefused(
            _(
                "It is too late to undo this suspension. You can still end it with a reason, on "
                "the page about it. Nothing was changed."
            ),
            status=409,
        )


def _undo(person: User, begun: Decision, now: datetime) -> None:
    """Delete the suspension that the decision `begun` made; renew the one that it had ended."""
    Suspension.objects.filter(user=person, started_at=begun.decided_at).delete()
    ended = Suspension.objects.filter(user=person, lifted_at=begun.decided_at)
    ended.update(lifted_at=None, lifted_by=None)
    in_force = _in_force(person, now).order_by("pk").last()
    is_ban = in_force is not None and in_force.ends_at is None
    _set(
        person,
        until=in_force.ends_at if in_force else None,
        banned_at=in_force.started_at if in_force and is_ban else None,
        now=now,
    )


def next_suspension_days(person: User) -> int:
    """Return the length in days of the next suspension of `person`, by `SUSPENSION_LADDER`."""
    before = Suspension.objects.filter(user=person).count()
    return limits.SUSPENSION_LADDER[min(before, len(limits.SUSPENSION_LADDER) - 1)]


def _end_suspensions(person: User, by: User, now: datetime) -> None:
    """End the suspensions in force, so that there is at most one."""
    _in_force(person, now).update(lifted_at=now, lifted_by=by)


def _in_force(person: User, now: datetime) -> "QuerySet[Suspension]":
    """Return the suspensions of `person` that are in force: at most one."""
    own = Suspension.objects.filter(user=person, lifted_at__isnull=True)
    return own.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def _set(
    person: User, *, until: datetime | None, banned_at: datetime | None, now: datetime
) -> None:
    """Store suspension and ban; recount figures if `person` begins or stops to count.

    Mail that waits for the end of a suspension comes sooner if that does.
    """
    counted = person.counts_in_totals
    person.suspended_until = until
    person.banned_at = banned_at
    person.save(update_fields=["suspended_until", "banned_at"])
    planning.bring_forward(person, now)
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
