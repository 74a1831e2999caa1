"""Hide the names that look like that of a new author or member of staff, and show them again.

A hidden name stays stored; its owner is shown by their handle, and may choose another name.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from ..models import User
from ..querysets import UserQuerySet
from . import rules
from .claims import with_roles


def hide_lookalikes(person: User, now: datetime | None = None) -> list[User]:
    """Hide the names that clash with `person`, who has a role now, and return whose they were.

    The name of `person` is hidden, if it is reserved or passes for another role-holder or for
    somebody's handle. The caller holds `rules.lock`.
    """
    now = now or timezone.now()
    hidden = [person] if must_give_way(person) else []
    keys = {person.handle_skeleton}
    if person.name_look and not hidden and person.name_hidden_at is None:
        keys.add(person.name_look)
    others = _shown_with(keys - {""}).exclude(pk=person.pk)
    hidden += others.order_by("pk").select_for_update(no_key=True)
    for each in hidden:
        hide(each, now)
    return hidden


def _shown_with(keys: set[str]) -> UserQuerySet:
    """Return those whose shown name is like one of `keys`, with signs or a role besides or not."""
    keys = with_roles(keys)
    shown = User.objects.filter(name_hidden_at__isnull=True).exclude(name="")
    with_signs = shown.exclude(name__regex=r"^[\w ]*$").values_list("pk", "name")
    alike = [pk for pk, name in with_signs.iterator() if keys & rules.looks(name)]
    return shown.filter(Q(name_look__in=keys) | Q(pk__in=alike))


def hide(person: User, now: datetime | None = None) -> None:
    """Show `person` by the handle from now on."""
    _set_hidden(person, now or timezone.now())


def show_again() -> None:
    """Show the hidden names that clash with nobody any more. The caller holds `rules.lock`."""
    hidden = User.objects.filter(name_hidden_at__isnull=False).order_by("pk")
    for person in hidden.select_for_update(no_key=True):
        if not clashes(person):
            _set_hidden(person, None)


def must_give_way(person: User) -> bool:
    """Return whether the name of `person` is shown, and has to be hidden.

    A reader gives way to every role-holder; a role-holder only to another one and to handles.
    """
    if not person.name or person.name_hidden_at is not None:
        return False
    if not person.role_grants.exists():
        return clashes(person)
    key, others = person.name_look, User.objects.public().exclude(pk=person.pk)
    names = rules.role_holders().exclude(pk=person.pk).filter(name_hidden_at__isnull=True)
    alike = names.filter(name_look=key).exists() or others.filter(handle_skeleton=key).exists()
    return rules.is_reserved(person.name) or (bool(key) and alike)


def clashes(person: User) -> bool:
    """Return whether the name of `person`, hidden or not, would be refused now."""
    return bool(person.name) and (
        rules.is_reserved(person.name)
        or any(rules.is_taken(key, person) for key in rules.looks(person.name))
        or rules.is_handle_of_another(person.name, person)
    )


def _set_hidden(person: User, at: datetime | None) -> None:
    person.name_hidden_at = at
    person.save(update_fields=["name_hidden_at"])
