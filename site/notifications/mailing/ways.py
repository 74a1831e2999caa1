"""Decide when a person is sent mail about something: by default, or as they chose.

Choices are stored by scope: of a group of kinds, or of one article or series, whose choice counts
before that of the group.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from accounts.models import User

from ..kinds import Group, Way
from . import scopes
from .models import MailChoice

Choices = Mapping[str, str]


def choices_of(person: User) -> dict[str, str]:
    """Return the ways that `person` chose, by scope."""
    return dict(MailChoice.objects.filter(person=person).values_list("scope", "way"))


def choices_of_all(people: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the ways that each of `people`, by id, chose, by scope."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    chosen = MailChoice.objects.filter(person__in=people)
    for person, scope, way in chosen.values_list("person_id", "scope", "way"):
        found[person][scope] = way
    return found


def way_of(group: Group, about: Iterable[tuple[str, int]], chosen: Choices) -> Way:
    """Return the way of something in `group` that is `about` targets, the nearest first.

    What is decided about oneself has no choice but that of its group.
    """
    if not group.about_oneself:
        for target in about:
            own = chosen.get(scopes.of_target(*target))
            if own in Way.values:
                return Way(own)
    return way_of_group(group, chosen)


def way_of_group(group: Group, chosen: Choices) -> Way:
    """Return the way of `group`."""
    own = chosen.get(scopes.of_groups([group]))
    return Way(own) if own in Way.values else group.mail


def choose(person: User, scope: str, way: Way) -> None:
    """Store that `person` wants mail of `scope` by `way`; a second call changes nothing."""
    MailChoice.objects.update_or_create(person=person, scope=scope, defaults={"way": way})


def forget(person: User, scope: str) -> None:
    """Delete the choice of `person` for `scope`, so that the default counts."""
    MailChoice.objects.filter(person=person, scope=scope).delete()
