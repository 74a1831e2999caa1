"""Read and save on one page by which way a person wants mail of what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.db.transactions import retried
from core.numbers import number
from core.zones import zone_label, zone_names

from .. import targets
from ..kinds import Group, Way, groups_for, kinds_in
from ..models import Subscription
from . import scopes, ways

# The types of what has a choice of its own; the places of notifications name them.
OF_THEIR_OWN = ("post", "series")
# Things of their own that the page lists, and rows that a form may send.
LISTED = 50
_ROWS = 200
USUAL = ""
# What no choice of its own is called, where it is not "as usual"; a group always has a way.
_USUAL: dict[str, Any] = {scopes.GROUP: "", scopes.KIND: _("As above")}
# The name of the choice of a time zone, as a scope.
ZONE = "zone"


@dataclass(frozen=True)
class WayRow:
    """One choice: its scope and what it is called, and the way chosen, empty for the usual one.

    `kinds` are the choices of the kinds of a group, each by itself.
    """

    scope: str
    label: Any
    way: str
    hint: Any = ""
    url: str = ""
    kinds: tuple["WayRow", ...] = ()

    @property
    def has_own(self) -> bool:
        """Whether one of its kinds has a way of its own."""
        return any(kind.way != USUAL for kind in self.kinds)

    @property
    def options(self) -> list[tuple[str, Any]]:
        """The ways to choose from."""
        usual = _USUAL.get(scopes.parts_of(self.scope)[0], _("As usual"))
        return [*([(USUAL, usual)] if usual else []), *Way.choices]


@dataclass(frozen=True)
class Changed:
    """A choice that was saved: what it is called, the way before and now, and that in words."""

    scope: str
    label: Any
    before: str
    now: str
    says: Any


def rows_of_groups(person: User) -> list[WayRow]:
    """Return the choices of the groups of kinds."""
    chosen = ways.choices_of(person)
    return [
        WayRow(
            scopes.of_groups([group]),
            group.label,
            ways.way_of_group(group, chosen),
            group.hint,
            kinds=_rows_of_kinds(group, chosen),
        )
        for group in groups_for(person)
    ]


def _rows_of_kinds(group: Group, chosen: ways.Choices) -> tuple[WayRow, ...]:
    """Return the choices of the kinds in `group` that have a label; of one alone there is none."""
    labelled = [kind for kind in kinds_in(group) if kind.label]
    rows = (
        WayRow(scope, kind.label, chosen.get(scope, USUAL))
        for kind in labelled
        for scope in [scopes.of_kinds([kind])]
    )
    return tuple(rows) if len(labelled) > 1 else ()


def all_rows(person: User, asked: str = "") -> dict[str, WayRow]:
    """Return every choice of the page by its scope, that of the target `asked` among them."""
    groups_of = rows_of_groups(person)
    nested = [kind for row in groups_of for kind in row.kinds]
    return {row.scope: row for row in [*groups_of, *nested, *rows_of_their_own(person, asked)]}


def rows_of_their_own(person: User, asked: str = "") -> list[WayRow]:
    """Return the choices of articles and series: those made, those followed, and the one `asked`.

    What the person cannot see is left out.
    """
    chosen = ways.choices_of(person)
    followed = Subscription.objects.of(person).active().filter(target__in=OF_THEIR_OWN, detail="")
    known = [asked, *chosen, *(scopes.of_target(each.target, each.target_id) for each in followed)]
    return [
        WayRow(scope, target.title, chosen.get(scope, USUAL), type_.label, target.url)
        for scope, type_, target in _targets(person, list(dict.fromkeys(known)))
    ][:LISTED]


def _targets(
    person: User, known: list[str]
) -> Iterator[tuple[str, targets.TargetType, targets.Target]]:
    """Yield those of the scopes `known` that `person` can see, in a query for each type."""
    for name in OF_THEIR_OWN:
        type_ = targets.type_of(name)
        ids = {
            found: scope
            for scope in known
            if scopes.parts_of(scope)[0] == name
            and (found := number(scopes.parts_of(scope)[1])) is not None
        }
        if type_ is not None and ids:
            seen = type_.load(person, [targets.Key(each) for each in ids])
            for key, target in seen.items():
                yield ids[key.id], type_, target


def sent_rows(form: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the scope, the way before and the way now of each row of a sent form."""
    found = []
    for place in range(_ROWS):
        if f"mail-{place}-scope" not in form:
            break
        names = (f"mail-{place}-{name}" for name in ("scope", "was", "way"))
        scope, was, way = (form.get(name, "") for name in names)
        found.append((scope, was, way))
    return found


@retried
def save(person: User, sent: list[tuple[str, str, str]]) -> list[Changed]:
    """Save the choices that were changed on the page, and return them.

    Another tab may have changed others, so a row whose way is as it was leaves them alone. Raises
    ValueError for a scope or a way that is none.
    """
    changed = [(scope, way) for scope, was, way in sent if way != was]
    asked = {scope: all_rows(person, scope).get(scope) for scope, _way in changed}
    return [_save_one(person, asked[scope], way) for scope, way in changed]


def _save_one(person: User, row: WayRow | None, way: str) -> Changed:
    if row is None or way not in dict(row.options):
        raise ValueError(way)
    if way == USUAL:
        ways.forget(person, row.scope)
    else:
        ways.choose(person, row.scope, Way(way))
    return Changed(row.scope, row.label, row.way, way, says=dict(row.options)[way])


def save_zone(person: User, zone: str) -> Changed | None:
    """Save the time zone of `person`, empty for that of the site; None if it is as it was.

    Raises ValueError for a name that is none.
    """
    if zone and zone not in zone_names():
        raise ValueError(zone)
    if zone == person.time_zone:
        return None
    before, person.time_zone = person.time_zone, zone
    person.save(update_fields=["time_zone"])
    return _changed_zone(person, before)


def _changed_zone(person: User, before: str) -> Changed:
    now = person.time_zone
    says = zone_label(now) if now else _("As the site")
    return Changed(ZONE, _("Time zone"), before, now, says)


def changed_since(person: User, before: Iterable[tuple[str, str]]) -> list[Changed]:
    """Return the choices that differ now from `before`, pairs of scope and way.

    A scope or a way that is none is left out.
    """
    found = []
    for scope, was in before:
        if scope == ZONE:
            found.append(_changed_zone(person, was))
            continue
        row = all_rows(person, scope).get(scope)
        if row is not None and was in dict(row.options):
            found.append(Changed(scope, row.label, was, row.way, dict(row.options)[row.way]))
    return [each for each in found if each.before != each.now]


def label_of(person: User | None, scope: str) -> Any:
    """Return what a scope is called, empty for one that `person` cannot see."""
    found = [group.label for group in scopes.groups_of(scope)]
    found += [kind.label or kind.group.label for kind in scopes.kinds_of(scope)]
    if found:
        return ", ".join(dict.fromkeys(map(str, found)))
    seen = list(_targets(person, [scope])) if person else []
    return seen[0][2].title if seen else ""
