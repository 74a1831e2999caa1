"""Compute when daily and weekly mails are due: at a fixed hour of the clock where a person is.

An hour that the clock skips counts as the moment it skips it, one that it repeats as the first of
the two. So every day has exactly one moment, and every week too.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import limits

_MONDAY = 0
_DAY = timedelta(days=1)


def next_daily(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after `now` at which a daily mail is due in `zone`."""
    day = now.astimezone(zone).date()
    return _first_after(now, zone, [day - _DAY, day, day + _DAY, day + 2 * _DAY])


def next_weekly(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after `now` at which a weekly mail is due in `zone`: on a Monday."""
    day = now.astimezone(zone).date()
    monday = day - timedelta(days=(day.weekday() - _MONDAY) % 7)
    return _first_after(now, zone, [monday, monday + timedelta(days=7), monday + 2 * _DAY * 7])


def _first_after(now: datetime, zone: ZoneInfo, days: list[date]) -> datetime:
    return min(moment for day in days if (moment := _moment(day, zone)) > now)


def _moment(day: date, zone: ZoneInfo) -> datetime:
    """Return when the hour of mails begins on `day` in `zone`.

    `fold=0` takes the first of two equal hours, and reads one in a gap as before the change.
    """
    return datetime.combine(day, time(limits.MAIL_HOUR), tzinfo=zone).astimezone(UTC)
