"""Draw the list of time zones: "Berlin (UTC+01:00)", in a group for each region."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .names import offered_zones, region_of, zone_names

# The groups, by the regions of the names.
_GROUPS = {
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
# Of one town, in Norway.
_JOINED = {"Arctic": "Europe"}
# Cities that the database writes as one word.
_SPELLED = {"DumontDUrville": "Dumont d’Urville"}
# Lists cached in a process: a language each, on the day and the day before.
_LISTS = 8


def zone_label(name: str, at: datetime | None = None) -> str:
    """Return the zone `name` as its city with the offset `at` a time, now by default.

    What a city is in follows it where a country has several, and in old names: "Knox, Indiana",
    "ACT, Australia".
    """
    if name == "UTC" or name not in zone_names():
        return name
    return f"{_city(name)} ({_offset(name, at or datetime.now(UTC))})"


def zone_options(chosen: str) -> SafeString:
    """Return an `option` for each zone that is offered, in HTML; the one `chosen` is selected.

    A chosen zone that is not offered, as it has an old name, comes first. Templates, and widgets
    even more, take 15 to 80 ms to draw hundreds of them.
    """
    options = _options(get_language() or "", datetime.now(UTC).date())
    if chosen not in zone_names():
        return options
    if chosen != "UTC" and chosen not in offered_zones():
        options = _joined([(chosen, zone_label(chosen))]) + options
    return SafeString(options.replace(f'"{chosen}"', f'"{chosen}" selected', 1))


@lru_cache(maxsize=_LISTS)
def _options(_language: str, day: date) -> SafeString:
    """Return the list with the offsets at noon of `day`; the day keeps a process up to date."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in _GROUPS}
    for name in offered_zones():
        region = region_of(name)
        groups[_JOINED.get(region, region)].append((name, zone_label(name, at)))
    return _joined([("UTC", "UTC")]) + format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (label, _joined(sorted(groups[region], key=lambda choice: choice[1])))
            for region, label in _GROUPS.items()
        ),
    )


def _joined(choices: Iterable[tuple[str, Any]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', choices)


def _city(name: str) -> str:
    places = name.split("/")[1:] if name in offered_zones() else name.split("/")
    named = [_SPELLED.get(place, place).replace("_", " ") for place in places]
    return ", ".join(reversed(named))


def _offset(name: str, at: datetime) -> str:
    minutes = round((at.astimezone(ZoneInfo(name)).utcoffset() or at - at).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
