"""Name the time zones of the system, and those that are offered.

Each zone has one name of a city. Other names, such as "US/Pacific" or "Australia/ACT", are old ones
for the same zones: they are not offered, and stay valid where one is stored.
"""

import zoneinfo
from functools import cache
from pathlib import Path

# The table of the time zone database that has a line for each country and zone, with the name of a
# city in the third column.
_TABLE = "zone.tab"
# The regions in which zones are named after cities.
CITY_REGIONS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()
)


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones; asking the system for them reads hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


@cache
def offered_zones() -> frozenset[str]:
    """Return the names of the zones that are offered, without UTC.

    A system without the table offers all zones of `CITY_REGIONS`, old names among them.
    """
    tables = (Path(folder, _TABLE) for folder in zoneinfo.TZPATH)
    table = next((each for each in tables if each.is_file()), None)
    named = zone_names() if table is None else _cities(table.read_text(encoding="utf-8"))
    return frozenset(name for name in named & zone_names() if region_of(name) in CITY_REGIONS)


def region_of(name: str) -> str:
    """Return the region with which the name of a zone begins, or an empty string."""
    region, slash, _place = name.partition("/")
    return region if slash else ""


def _cities(table: str) -> frozenset[str]:
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return frozenset(columns[2] for columns in lines if len(columns) > 2)
