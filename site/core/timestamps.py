"""Format times for cards, too many for Django's template filters.

A stamp is a time in UTC as the database writes it as text: "2026-11-28 01:32:22.675366", to which
PostgreSQL adds "+00".
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.timezone import get_current_timezone, get_current_timezone_name, localtime
from django.utils.translation import override

# The one way in which times are written, in Django's letters.
DAY = "j F Y"
MINUTE = "j F Y, H:i"
MONTH = "F Y"
# Formatted minutes cached in a process: those of some forty pages.
MINUTES = 1_000


class Minute(NamedTuple):
    """A minute in ISO 8601 and in words. Neither contains characters that HTML reserves."""

    iso: SafeString
    words: SafeString


def present_zone() -> tzinfo:
    """Return the active time zone; for UTC always the object `datetime.UTC`."""
    return UTC if get_current_timezone_name() == "UTC" else get_current_timezone()


def in_present_zone(label: Any) -> Any:
    """Return the lazy text `label` with the name of the active time zone in place of "{zone}"."""
    return format_lazy(label, zone=lazy(get_current_timezone_name, str)())


def minute(stamp: str, zone: tzinfo, language: str) -> Minute:
    """Return the minute of `stamp` in `zone`, in words like `MINUTE` in `language`."""
    return _in_utc(stamp[:16], language) if zone is UTC else _in_zone(stamp, zone, language)


@lru_cache(maxsize=MINUTES)
def _in_utc(stamp: str, language: str) -> Minute:
    date, time = stamp[:10], stamp[11:]
    month = _months(language)[date[5:7]]
    words = f"{int(date[8:])} {month} {date[:4]}, {time}"
    return Minute(SafeString(f"{date}T{time}Z"), SafeString(words))


def day_of(time: datetime) -> str:
    """Return the day of an aware `time` in the present zone and language: "3 May 2026"."""
    return date_format(localtime(time), DAY)


def moment_of(time: datetime) -> str:
    """Return an aware `time` in the present zone and language: "3 May 2026, 14:05 (Europe/Rome)".

    For deadlines, for which the zone matters.
    """
    return f"{date_format(localtime(time), MINUTE)} ({get_current_timezone_name()})"


def _in_zone(stamp: str, zone: tzinfo, language: str) -> Minute:
    local = read_stamp(stamp).astimezone(zone)
    words = minute(write_stamp(local.replace(tzinfo=UTC)), UTC, language).words
    return Minute(SafeString(local.isoformat(timespec="minutes")), words)


def read_stamp(stamp: str) -> datetime:
    """Return the time of `stamp`, in UTC."""
    return datetime.fromisoformat(stamp if stamp.endswith("+00") else f"{stamp}+00")


def write_stamp(time: datetime) -> str:
    """Return an aware `time` as a stamp."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


@lru_cache
def _months(language: str) -> dict[str, str]:
    with override(language):
        return {f"{number:02}": str(name) for number, name in MONTHS.items()}
