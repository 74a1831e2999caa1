"""Moments as pages print them, where there are too many for the template's own filters.

A stamp is a moment as the database writes it as text: "2026-11-28 01:32:22.675366", to which
PostgreSQL adds "+00"; both mean UTC.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, get_current_timezone_name
from django.utils.translation import override

# Minutes that a process remembers: those of some forty pages.
MINUTES = 1_000


class Minute(NamedTuple):
    """A minute for machines (ISO 8601) and in words; neither has a sign that HTML reserves."""

    iso: SafeString
    words: SafeString


def present_zone() -> tzinfo:
    """Return the zone that pages show moments in; for UTC that is always `datetime.UTC`."""
    return UTC if get_current_timezone_name() == "UTC" else get_current_timezone()


def minute(stamp: str, zone: tzinfo, language: str) -> Minute:
    """Return the minute of `stamp` in `zone`, in words as `date:"j F Y, H:i"` does."""
    return _in_utc(stamp[:16], language) if zone is UTC else _in_zone(stamp, zone, language)


@lru_cache(maxsize=MINUTES)
def _in_utc(stamp: str, language: str) -> Minute:
    date, time = stamp[:10], stamp[11:]
    month = _months(language)[date[5:7]]
    words = f"{int(date[8:])} {month} {date[:4]}, {time}"
    return Minute(SafeString(f"{date}T{time}Z"), SafeString(words))


def _in_zone(stamp: str, zone: tzinfo, language: str) -> Minute:
    local = read_stamp(stamp).astimezone(zone)
    words = minute(write_stamp(local.replace(tzinfo=UTC)), UTC, language).words
    return Minute(SafeString(local.isoformat(timespec="minutes")), words)


def read_stamp(stamp: str) -> datetime:
    """Return the moment that `stamp` says."""
    return datetime.fromisoformat(stamp if stamp.endswith("+00") else f"{stamp}+00")


def write_stamp(moment: datetime) -> str:
    """Return `moment` as a stamp."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


@lru_cache
def _months(language: str) -> dict[str, str]:
    with override(language):
        return {f"{number:02}": str(name) for number, name in MONTHS.items()}
