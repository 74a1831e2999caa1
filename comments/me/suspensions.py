"""Why a person may not write, for their own pages."""

from typing import Any

from accounts import drafts
from accounts.models import Admission, User
from accounts.permissions import WHY_NOT

from ..models.moderation import Action, Decision


def suspension_context(person: User) -> dict[str, Any]:
    """Return the context of a person who may not write: `suspension` and `suspension_note`.

    Somebody suspended has only the note: `templates/base.html` says the rest on every page.
    """
    if person.admission:
        decision = _latest(person, Action.DECLINE)
        note = getattr(decision, "note", "") if person.admission == Admission.DECLINED else ""
        why, waits_at = WHY_NOT[person.admission], drafts.newest_address(person)
        return {"suspension": why, "suspension_note": note, "waits_at": waits_at}
    if not person.is_suspended():
        return {}
    # Not the last of these decisions, if that was undone.
    in_force = person.suspensions.filter(lifted_at__isnull=True).order_by("-pk").first()
    began = {"decided_at": in_force.started_at} if in_force else {}
    decision = _latest(person, Action.SUSPEND, Action.BAN, **began)
    return {"suspension_note": getattr(decision, "note", "") if decision else ""}


def _latest(person: User, *actions: Action, **which: Any) -> Decision | None:
    """Return the newest decision about `person` of these `actions`, with its note, or None."""
    about = Decision.objects.filter(person=person, action__in=actions, **which)
    about = about.select_related("note")
    return about.order_by("-id").first()
