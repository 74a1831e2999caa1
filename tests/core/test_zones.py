"""Test the list of time zones: by city, with offsets, without old names."""

import re
from datetime import UTC, datetime

import pytest

from core.forms import ZoneField
from core.zones import names, zone_label, zone_options

JULY = datetime(2026, 7, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 30, tzinfo=UTC)


def test_one_zone_is_selected_and_none_where_none_is_chosen() -> None:
    options = zone_options("Asia/Tokyo")
    assert options.count(" selected") == 1
    assert '<option value="Asia/Tokyo" selected>Tokyo (UTC+09:00)</option>' in options
    for no_zone in ("", '"', "Europe", "Europe/Nowhere"):
        assert " selected" not in zone_options(no_zone)
    assert '<option value="UTC" selected>' in zone_options("UTC")


def test_each_zone_is_listed_once_in_the_order_of_its_city() -> None:
    labels = re.findall(r"<option value=\"[^\"]+\">([^<]+)<", zone_options(""))
    assert len(set(labels)) == len(labels) > 400
    assert all(re.fullmatch(r"UTC|.+ \(UTC[+-]\d\d:\d\d\)", label) for label in labels)
    for group in re.findall(r"<optgroup label=\"[^\"]+\">(.+?)</optgroup>", zone_options("")):
        cities = re.findall(">([^<]+)</option>", group)
        assert cities == sorted(cities) != []


def test_no_old_name_is_offered_and_a_chosen_one_stays() -> None:
    listed = zone_options("Europe/Dublin")
    for old in ("Australia/ACT", "US/Pacific", "Etc/GMT+5", "EST", "Asia/Calcutta", "GB"):
        assert f'"{old}"' not in listed
        assert zone_options(old).startswith(f'<option value="{old}" selected>')
        assert ZoneField().clean(old) == old
    assert ">ACT, Australia (UTC+" in zone_options("Australia/ACT")


@pytest.mark.parametrize(
    ("zone", "at", "label"),
    [
        ("Europe/Berlin", JULY, "Berlin (UTC+02:00)"),
        ("Europe/Berlin", NOVEMBER, "Berlin (UTC+01:00)"),
        ("America/Indiana/Knox", NOVEMBER, "Knox, Indiana (UTC-06:00)"),
        ("America/St_Johns", NOVEMBER, "St Johns (UTC-03:30)"),
        ("Arctic/Longyearbyen", NOVEMBER, "Longyearbyen (UTC+01:00)"),
        ("Africa/Abidjan", NOVEMBER, "Abidjan (UTC+00:00)"),
        ("UTC", NOVEMBER, "UTC"),
        ("Europe/Nowhere", NOVEMBER, "Europe/Nowhere"),
    ],
)
def test_a_label_is_the_city_with_its_offset(zone: str, at: datetime, label: str) -> None:
    assert zone_label(zone, at) == label


def test_without_the_table_of_cities_the_names_of_cities_are_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names.offered_zones.cache_clear()
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    try:
        offered = names.offered_zones()
    finally:
        names.offered_zones.cache_clear()
    assert "Europe/Berlin" in offered
    assert not {"UTC", "EST", "US/Pacific", "Etc/GMT+5"} & offered
