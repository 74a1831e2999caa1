"""Decide when a person is sent mail about something: by default, or as they chose.

Choices are stored by scope: of a group of kinds, of one of its kinds, which counts before that, or
of one article or series, which counts before both.
"""

from collections.abc import Iterable, Mapping

from accounts.models import User

from ..kinds import Group, NotificationKind, Way
from . import scopes
from .models import MailChoice

Choices = Mapping[str, str]


def choices_of(person: User) -> dict[str, str]:
    """Return the ways that `person` chose, by scope."""
    return dict(MailChoice.objects.filter(person=person).values_list("scope", "way"))


def chosen_way_of(
    kind: NotificationKind, about: Iterable[tuple[str, int]], chosen: Choices
) -> Way | None:
    """Return the way that was chosen for something of `kind` that is `about` targets, if any.

    The nearest target is the first. What is decided about oneself has no choice but that of its
    group.
    """
    nearest_first = [scopes.of_groups([kind.group])]
    if not kind.group.about_oneself:
        targets = [scopes.of_target(*target) for target in about]
        nearest_first = [*targets, scopes.of_kinds([kind]), *nearest_first]
    found = (_chosen(scope, chosen) for scope in nearest_first)
    return next((way for way in found if way), None)


def way_of_group(group: Group, chosen: Choices) -> Way:
    """Return the way of `group`: as chosen, or its default."""
    return _chosen(scopes.of_groups([group]), chosen) or Way(group.mail)


def way_of_kind(kind: NotificationKind, chosen: Choices) -> Way:
    """Return the way of `kind`: as chosen, or that of its group."""
    return chosen_way_of(kind, (), chosen) or Way(kind.group.mail)


def has_own(kind: NotificationKind, chosen: Choices) -> bool:
    """Return whether a way was chosen for `kind` by itself."""
    return _chosen(scopes.of_kinds([kind]), chosen) is not None


def _chosen(scope: str, chosen: Choices) -> Way | None:
    own = chosen.get(scope)
    return Way(own) if own in Way.values else None


def choose(person: User, scope: str, way: Way) -> None:
    """Store that `person` wants mail of `scope` by `way`; a second call changes nothing."""
    MailChoice.objects.update_or_create(person=person, scope=scope, defaults={"way": way})


def forget(person: User, scope: str) -> None:
    """Delete the choice of `person` for `scope`, so that the default counts."""
    MailChoice.objects.filter(person=person, scope=scope).delete()
