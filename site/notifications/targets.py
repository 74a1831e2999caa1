"""The types of what can be followed: each app registers its own, with what loads their titles."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser

from accounts.models import User


class Key(NamedTuple):
    """Which row of a type is followed; `detail` is a part of it, as the key of an answer."""

    id: int
    detail: str = ""


@dataclass(frozen=True)
class Target:
    """Something that can be followed: its title and its address.

    `over` says why there is nothing to wait for any more, if so: a promise was kept.
    """

    title: str
    url: str
    over: str = ""


# Loads the targets with these keys that a reader may see, in a fixed number of queries. The others
# are left out. An address without an account sees what is public.
Loader = Callable[["User | AnonymousUser", Collection[Key]], Mapping[Key, Target]]


@dataclass(frozen=True)
class TargetType:
    """A type of what can be followed. `name` stands in addresses and in the table, for ever.

    `label` is the heading of a list of them, `press` what the button says, `told` the sentence of
    what followers are told. A type whose followers get new articles has `brings_articles`: it
    returns the keys of all that can be followed, and lists of subscribers are of these types.
    """

    name: str
    label: Any
    press: Any
    told: Any
    load: Loader
    brings_articles: Callable[[], Collection[Key]] | None = None


_types: dict[str, TargetType] = {}


def register(*types: TargetType) -> None:
    """Add `types`, in the order in which lists show them."""
    _types.update({each.name: each for each in types})


def registered() -> list[TargetType]:
    """Return all types."""
    return list(_types.values())


def type_of(name: str) -> TargetType | None:
    """Return the type called `name`; None for one of a newer release, or of an older one."""
    return _types.get(name)


def find(name: str, key: Key, reader: User | AnonymousUser) -> Target | None:
    """Return the target of the type `name` with `key`, None if `reader` may not see it."""
    known = type_of(name)
    return known.load(reader, [key]).get(key) if known else None
