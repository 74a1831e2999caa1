"""Decide when a person is sent mail about something: by default, or as they chose.

Choices are stored by scope: of a group of kinds, or of one article or series, whose choice counts
before that of the group.
"""

from collections.abc import Iterable, Mapping

from accounts.models import User

from ..kinds import Group, Way
from . import scopes
from .models import MailChoice

Choices = Mapping[str, str]


def choices_of(person: User) -> dict[str, str]:
    """Return the ways that `person` chose, by scope."""
    return dict(MailChoice.objects.filter(person=person).values_list("scope", "way"))


def chosen_way_of(group: Group, about: Iterable[tuple[str, int]], chosen: Choices) -> Way | None:
    """Return the way that was chosen for something in `group` that is `about` targets, if any.

    The nearest target is the first. What is decided about oneself has no choice but that of its
    group.
    """
    targets = [] if group.about_oneself else [scopes.of_target(*target) for target in about]
    own = (chosen.get(scope) for scope in [*targets, scopes.of_groups([group])])
    return next((Way(each) for each in own if each in Way.values), None)


def way_of_group(group: Group, chosen: Choices) -> Way:
    """Return the way of `group`: as chosen, or its default."""
    return chosen_way_of(group, (), chosen) or Way(group.mail)


def choose(person: User, scope: str, way: Way) -> None:
    """Store that `person` wants mail of `scope` by `way`; a second call changes nothing."""
    MailChoice.objects.update_or_create(person=person, scope=scope, defaults={"way": way})


def forget(person: User, scope: str) -> None:
    """Delete the choice of `person` for `scope`, so that the default counts."""
    MailChoice.objects.filter(person=person, scope=scope).delete()
