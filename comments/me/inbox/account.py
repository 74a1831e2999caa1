"""Load notifications about the account: suspensions, roles, a hidden name."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from accounts.models import Role, User
from notifications.kinds import Content, loads
from notifications.models import Notification

from ...models.moderation import Decision
from ...moderation import sentences, states
from ...notifications import NAME_HIDDEN, ROLE_GRANTED, SUSPENDED, SUSPENSION_ENDED


@loads(SUSPENDED, SUSPENSION_ENDED, ROLE_GRANTED)
def decisions(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return what moderators and admins decided about `person`."""
    made = Decision.objects.filter(person=person).select_related("note")
    decided = made.in_bulk([row.subject_id for row in rows])
    return {
        row.pk: Content(
            url=_leads_to(person, row.kind),
            facts={
                "suspension": _suspension(person, decision),
                "is_over": decision.state_after == states.FREE,
                "suspension_now": sentences.of_suspension(person),
                "roles": states.changed_roles(decision.state_before, decision.state_after),
                "note": str(getattr(decision, "note", "")),
            },
        )
        for row in rows
        if (decision := decided.get(row.subject_id))
    }


@loads(NAME_HIDDEN)
def hidden_names(person: User, rows: Sequence[Notification]) -> Mapping[int, Content]:
    """Return that the name of `person` is not shown, or was not."""
    url = reverse("people:handle")
    return {row.pk: Content(url=url, facts={"person": person}) for row in rows}


def _suspension(person: User, decision: Decision) -> str:
    """Return the sentence about the suspension of `decision`, or that it is over."""
    if decision.until is None or person.is_suspended():
        return sentences.suspension_sentence(decision.reason, decision.until)
    return sentences.past_suspension_sentence(decision.until)


def _leads_to(person: User, kind: str) -> str:
    """Return the address of what `person` can do now, by the name of the kind."""
    if kind == SUSPENDED.name:
        return reverse("posts:rules")
    if kind == SUSPENSION_ENDED.name:
        return reverse("posts:home")
    if Role.MODERATOR in person.roles or Role.ADMIN in person.roles:
        return reverse("comments:moderation")
    return reverse("posts:studio" if person.is_author else "people:account")
