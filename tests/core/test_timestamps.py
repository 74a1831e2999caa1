"""Test times as cards print them, compared with Django's own filter."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template.defaultfilters import date
from django.utils.timezone import override

from core.timestamps import (
    minute,
    moment_of,
    present_zone,
    read_stamp,
    write_stamp,
)

ROOT = settings.BASE_DIR
MOMENT = datetime(2026, 3, 1, 23, 5, 59, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-9, minutes=-30))]
)
def test_a_minute_reads_as_the_filter_writes_it(zone: tzinfo) -> None:
    local = MOMENT.astimezone(zone)
    shown = minute(write_stamp(MOMENT), zone, "en")
    assert shown.words == date(local, "j F Y, H:i")
    assert datetime.fromisoformat(shown.iso) == local.replace(second=0, microsecond=0)


@pytest.mark.parametrize("stamp", ["2026-03-01 23:05:59.000007", "2026-03-01 23:05:59.000007+00"])
def test_stamps_of_both_databases_are_read(stamp: str) -> None:
    assert read_stamp(stamp) == MOMENT
    assert minute(stamp, UTC, "en").iso == "2026-03-01T23:05Z"


def test_a_stamp_without_parts_of_a_second_is_read() -> None:
    assert read_stamp("2026-03-01 23:05:59") == MOMENT.replace(microsecond=0)


def test_utc_is_told_from_other_zones() -> None:
    assert present_zone() is UTC
    with override(ZoneInfo("Europe/Berlin")):
        assert present_zone() == ZoneInfo("Europe/Berlin")


def test_a_moment_names_its_zone() -> None:
    with override(ZoneInfo("Europe/Berlin")):
        assert moment_of(MOMENT) == "2 March 2026, 00:05 (Europe/Berlin)"


def test_templates_write_times_by_one_tag() -> None:
    """Search them for Django's filters and tag; those left do not write a time in full."""
    left = {"_trend.html": "the axis of a chart"}
    other = re.compile(r"\|(date|time|timesince|timeuntil|naturaltime|naturalday)\b|{% now\b|<time")
    found = {path.name for path in ROOT.glob("templates/**/*.*") if other.search(path.read_text())}
    assert found - {"_comment_head.html"} == set(left)  # a slot, filled by `minute`


def test_no_other_module_has_a_format_of_its_own_for_moments() -> None:
    """Search the sources for Django's named formats, which look different on each page."""
    sources = [
        *ROOT.glob("site/**/*.py"),
        *ROOT.glob("posts/**/*.py"),
        *ROOT.glob("comments/**/*.py"),
    ]
    named = re.compile(r"(DATE|DATETIME|TIME|SHORT_\w+)_FORMAT|\|(date|time)[ }]")
    assert [path.name for path in sources if named.search(path.read_text())] == []
    templates = ROOT.glob("templates/**/*.*")
    assert [path.name for path in templates if named.search(path.read_text())] == []
