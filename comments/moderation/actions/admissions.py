"""Approve and decline accounts that were made while somebody has to approve each."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import drafts
from accounts.models import Admission, User
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ...locks import lock_person
from ...models.moderation import Action
from .. import permissions, states
from . import log
from .log import Outcome


@retried
def approve_account(person: User, *, by: User, note: str = "") -> Outcome:
    """Let `person` write, and mail it to them with the `note`; a second time changes nothing.

    One that was declined can be approved after all. Raises `ActionRefused` (403) if `by` may not
    decide about them any more.
    """
    person = lock_person(person)
    log.refuse_unless(permissions.can_admit, by, person)
    if person.admission == Admission.ADMITTED:
        return Outcome(log.latest(person=person), is_new=False)
    return _decide(Action.ADMIT, person, Admission.ADMITTED, by, note)


@retried
def decline_account(person: User, *, by: User, note: str) -> Outcome:
    """Leave `person` with reading, and mail them the reason `note`; twice changes nothing.

    Raises `ActionRefused`: 409 if somebody has approved them meanwhile, 403 as `approve_account`.
    """
    person = lock_person(person)
    log.refuse_unless(permissions.can_admit, by, person)
    if person.admission == Admission.DECLINED:
        return Outcome(log.latest(person=person), is_new=False)
    if person.admission == Admission.ADMITTED:
        raise ActionRefused(
            _("Another moderator has approved this account. Nothing was changed."), status=409
        )
    return _decide(Action.DECLINE, person, Admission.DECLINED, by, note)


def _decide(action: Action, person: User, after: Admission, by: User, note: str) -> Outcome:
    now: datetime = timezone.now()
    before = states.of_admission(person)
    person.admission = after
    person.save(update_fields=["admission"])
    decision = log.write(
        action,
        by=by,
        now=now,
        person=person,
        note=note,
        state_before=before,
        state_after=states.of_admission(person),
    )
    if person.email:
        waits_at = drafts.newest_address(person) or "/"
        context = {"note": note, "url": settings.SITE_URL + waits_at, "waits": waits_at != "/"}
        prefix = f"account/email/account_{states.of_admission(person)}"
        get_adapter().send_mail(prefix, person.email, context)
    return Outcome(decision, is_new=True)
