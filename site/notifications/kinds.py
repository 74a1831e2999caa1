"""The kinds of notifications: each app registers its own, with what loads their contents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:
    from .models import Notification

# Characters of the column that stores the name of a kind.
NAME_LENGTH = 16


class Way(TextChoices):
    """When a person is sent mail of a notification, which is in the inbox in any case."""

    SOON = "soon", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NONE = "none", _("Only here")


@dataclass(frozen=True)
class Group:
    """Kinds that the menu of the inbox offers together; `name` stands in its address.

    A person chooses the way of mail for a group, or for one of its kinds; `mail` counts until then.
    What is decided about oneself counts for no limit of mails and is never postponed; what is for
    admins is offered to them alone. `reason` is the sentence at the end of a mail that says why it
    comes, `count` what several of them are called (as `ngettext_lazy` returns it), and `act` the
    button that leads to them.
    """

    name: str
    label: Any
    mail: Way = Way.NONE
    about_oneself: bool = False
    for_admins: bool = False
    hint: Any = field(default="", compare=False)
    reason: Any = field(default="", compare=False)
    count: Any = field(default=None, compare=False)
    act: Any = field(default=_("See it"), compare=False)


@dataclass(frozen=True)
class NotificationKind:
    """A kind of notification. Its words are in the template `notifications/<name>.html`.

    `target` is the type of what a notification is about. One person has one notification about a
    target: that of the greatest `strength`, and of two that are equally strong the newer one.
    `is_article` says that it brings an article by mail, as an issue: each receiver gets it once, by
    whichever kind, not gathered with others. It waits while articles are paused.
    `label` is what it is called where people choose how it is sent; empty where they choose for its
    group alone. `act` is the button of a mail about one of it; that of its group where it is empty.
    """

    name: str
    group: Group
    target: str
    strength: int = 0
    is_article: bool = False
    label: Any = field(default="", compare=False)
    act: Any = field(default="", compare=False)

    @property
    def template(self) -> str:
        """The template of a row of the inbox with a notification of this kind."""
        return f"notifications/{self.name}.html"


@dataclass(frozen=True)
class Place:
    """What notifications are gathered by, such as an article: a title and an address.

    Both are empty for an article that the recipient cannot open at the moment. `targets` are the
    types and ids that people choose mail for, the nearest first.
    """

    key: Any
    title: str
    url: str
    targets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Content:
    """What a notification says, as far as its recipient may read it.

    `url` is the address it leads to, `person` the one whose act it tells of if that is named: while
    that person is suspended it is not mailed.
    `facts` are what the template of its kind says besides; `is_own_quote` among them says that the
    recipient wrote what is quoted, and not `person`.
    """

    url: str
    place: Place | None = None
    quote: str = ""
    person: User | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


# Loads the contents of notifications of one person, by their ids, in a fixed number of queries.
# What the person cannot read any more is left out. For kinds that are told to addresses without an
# account, the person may be an `AnonymousUser`.
Loader = Callable[[Any, "Sequence[Notification]"], Mapping[int, Content]]

_kinds: dict[str, NotificationKind] = {}
_loaders: dict[str, Loader] = {}


def register(*kinds: NotificationKind) -> None:
    """Add `kinds`, in the order in which the menu shows their groups."""
    for kind in kinds:
        assert len(kind.name) <= NAME_LENGTH, kind
        _kinds[kind.name] = kind


def loads(*kinds: NotificationKind) -> Callable[[Loader], Loader]:
    """Return the decorator of the function that loads the contents of `kinds`."""

    def add(loader: Loader) -> Loader:
        _loaders.update({kind.name: loader for kind in kinds})
        return loader

    return add


def registered() -> list[NotificationKind]:
    """Return all kinds."""
    return list(_kinds.values())


def kind_of(name: str) -> NotificationKind | None:
    """Return the kind called `name`; None for one of a newer release, or of an older one."""
    return _kinds.get(name)


def loader_of(kind: NotificationKind) -> Loader:
    """Return the function that loads the contents of `kind`."""
    return _loaders[kind.name]


def groups() -> list[Group]:
    """Return the groups of all kinds."""
    return list(dict.fromkeys(kind.group for kind in _kinds.values()))


def groups_for(person: User) -> list[Group]:
    """Return the groups that `person` can be notified by, those for admins last."""
    found = [group for group in groups() if person.is_admin or not group.for_admins]
    return sorted(found, key=lambda group: group.for_admins)


def article_kinds() -> list[str]:
    """Return the names of the kinds that bring an article by mail."""
    return [kind.name for kind in _kinds.values() if kind.is_article]


def kinds_in(group: Group) -> list[NotificationKind]:
    """Return the kinds in `group`."""
    return [kind for kind in _kinds.values() if kind.group == group]


def names_in(group: Group) -> list[str]:
    """Return the names of the kinds in `group`."""
    return [kind.name for kind in kinds_in(group)]


def replaced_by(kind: NotificationKind) -> Iterable[str]:
    """Return the names of the kinds whose notification about a target one of `kind` replaces."""
    same = (other for other in _kinds.values() if other.target == kind.target)
    return [other.name for other in same if other.strength <= kind.strength]
