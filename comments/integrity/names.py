"""Checks and repairs of display names: nobody passes for an author or for staff."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import RoleGrant, User
from accounts.naming import hiding, rules
from core.text import look

from .faults import Fault, Repair
from .queries import Window


@transaction.atomic
def _compute_name_keys(ids: Sequence[int]) -> list[str]:
    """Compute the look-alike keys of names again."""
    rules.lock()
    lines: list[str] = []
    for person in _locked(ids):
        person.save(update_fields=["name"])
        lines.append(f"user {person.pk}: the look-alike key of the name is computed again")
    return lines


@transaction.atomic
def _hide_names(ids: Sequence[int]) -> list[str]:
    """Hide the names that clash, the first of two role-holders being the one to give way."""
    rules.lock()
    lines: list[str] = []
    for person in _locked(ids):
        if hiding.must_give_way(person):
            hiding.hide(person)
            lines.append(f"user {person.pk}: shown by the handle {person.handle} now")
    return lines


def _locked(ids: Sequence[Any]) -> list[User]:
    """Return the accounts `ids`, locked in order of id."""
    people = User.objects.filter(pk__in=ids).order_by("pk")
    return list(people.select_for_update(no_key=True))


NAMES = Repair("be computed again from the name", _compute_name_keys)
HIDDEN_NAMES = Repair("be hidden, so that the handle is shown", _hide_names)


def outdated_name_keys(window: Window) -> Iterator[Fault]:
    """Yield the users whose stored look-alike key does not match their name."""
    for pk, name, key in window.read(User.objects.all(), "pk", "name", "name_look"):
        if key != look(name):
            yield Fault(f"user {pk}: the look-alike key of the name is {key!r}", NAMES, pk)


def clashing_names(window: Window) -> Iterator[Fault]:
    """Yield the users whose name is shown and passes for that of an author or of staff."""
    holders = rules.role_holders().exclude(pk=OuterRef("pk"))
    alike = Q(handle_skeleton=OuterRef("name_look")) | Q(
        name_look=OuterRef("name_look"), name_hidden_at__isnull=True
    )
    shown = User.objects.exclude(name="").filter(name_hidden_at__isnull=True)
    doubtful = shown.annotate(
        has_role=Exists(RoleGrant.objects.filter(user=OuterRef("pk"))),
        is_alike=Exists(holders.filter(alike)),
    )
    for pk, name, *signs in window.read(doubtful, "pk", "name", "has_role", "is_alike"):
        if not (any(signs) or rules.is_reserved(name)):
            continue
        if hiding.must_give_way(User.objects.get(pk=pk)):
            message = f"user {pk}: the name passes for somebody else's, or is reserved"
            yield Fault(message, HIDDEN_NAMES, pk)
