"""Test the points of the trend: the ends of weeks, and the last answer."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from comments.analytics.trend import trend
from comments.ranking.audience import HeldAnswer

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ANSWERS = [SimpleNamespace(pk=1), SimpleNamespace(pk=2)]


def counts(last: timedelta) -> list[tuple[datetime, tuple[int, ...]]]:
    """Return the trend of 20 readers at the start, one of whom moves `last` after it."""
    since = START.timestamp()
    journeys = [[HeldAnswer(since, 1)] for _reader in range(20)]
    journeys[0].append(HeldAnswer((START + last).timestamp(), 2))
    return [(point.at, point.counts) for point in trend(ANSWERS, journeys)]


@pytest.mark.parametrize(
    ("last", "days"),
    [
        # The end of a week on the day of the last answer is the same point, before it or after it.
        (timedelta(days=28, hours=3), [7, 14, 21, 28]),
        (timedelta(days=28), [7, 14, 21, 28]),
        (timedelta(days=28, hours=-3), [7, 14, 21, 28]),
        (timedelta(days=29), [7, 14, 21, 28, 29]),
    ],
)
def test_every_day_has_one_point_its_last(last: timedelta, days: list[int]) -> None:
    points = counts(last)
    assert [at.date() for at, _counts in points] == [
        (START + timedelta(days=day)).date() for day in days
    ]
    assert points[-1] == (START + last, (19, 1))
    assert {told for _at, told in points[:-1]} == {(20, 0)}


def test_days_are_those_of_the_site() -> None:
    with timezone.override("Pacific/Kiritimati"):  # 14 hours ahead: its days begin at 10
        assert len(counts(timedelta(days=28, hours=3))) == 5
