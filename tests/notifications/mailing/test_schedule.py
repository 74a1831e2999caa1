"""Test when daily and weekly mails are due, on the days on which clocks change, too."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from core import limits
from notifications.mailing.schedule import next_daily, next_weekly

BERLIN, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)


def moments(zone: ZoneInfo, start: datetime, days: int) -> list[datetime]:
    """Return each moment of a daily mail, as somebody meets them who asks every minute or so."""
    found: list[datetime] = []
    now = start
    while now < start + timedelta(days=days):
        found.append(now := next_daily(now, zone))
        assert next_daily(now - MINUTE, zone) == now
    return found


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8, 23])
@pytest.mark.parametrize(
    ("zone", "start"),
    [
        (BERLIN, datetime(2027, 3, 26, tzinfo=UTC)),  # an hour is skipped
        (BERLIN, datetime(2027, 10, 29, tzinfo=UTC)),  # an hour comes twice
        (LORD_HOWE, datetime(2027, 4, 1, tzinfo=UTC)),  # half an hour comes twice
        (ZoneInfo("Asia/Kathmandu"), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_every_day_has_one_moment(zone: ZoneInfo, start: datetime, hour: int) -> None:
    with patch.object(limits, "MAIL_HOUR", hour):
        local = [moment.astimezone(zone) for moment in moments(zone, start, 6)]
    days = [moment.date() for moment in local]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    skipped = {moment.hour - hour for moment in local}
    assert skipped <= {0, 1}


def test_an_hour_that_is_skipped_counts_as_the_moment_after_it() -> None:
    with patch.object(limits, "MAIL_HOUR", 2):
        due = next_daily(datetime(2027, 3, 27, 12, tzinfo=UTC), BERLIN)
    assert due == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert due.astimezone(BERLIN).hour == 3


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    with patch.object(limits, "MAIL_HOUR", 2):
        due = next_daily(datetime(2027, 10, 30, 12, tzinfo=UTC), BERLIN)
        assert due == datetime(2027, 10, 31, 0, tzinfo=UTC)
        between = due + timedelta(minutes=61)  # it is two o'clock again
        assert next_daily(between, BERLIN).astimezone(BERLIN).date() == date(2027, 11, 1)


def test_a_day_that_a_country_left_out_has_no_mail_of_its_own() -> None:
    due = moments(APIA, datetime(2011, 12, 28, 12, tzinfo=UTC), 4)
    assert len(set(due)) == len(due)
    assert date(2011, 12, 30) not in {moment.astimezone(APIA).date() for moment in due}


def test_weekly_mail_comes_on_mondays() -> None:
    now = datetime(2027, 3, 1, 7, tzinfo=UTC)  # a Monday, at eight in Berlin
    assert next_weekly(now - MINUTE, BERLIN) == now
    for _week in range(60):
        later = next_weekly(now, BERLIN)
        local = later.astimezone(BERLIN)
        assert (local.weekday(), local.hour) == (0, limits.MAIL_HOUR)
        assert timedelta(days=6) < later - now < timedelta(days=8)
        now = later
