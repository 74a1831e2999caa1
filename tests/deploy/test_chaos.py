"""Test faults of the fleet under load: no comment lost, no wrong page, recovery without help."""

from bench.chaos.__main__ import rehearse, report
from bench.chaos.faults import FAULTS
from deploy.fleet.machine import Fleet

SHORT = ("host killed", "Redis killed", "replica 5 s late", "primary killed")
WATCHED = 5.0  # seconds; `python -m bench.chaos` takes its time
SETTLED = 90.0  # seconds until all is right again; a busy machine takes long


def test_nothing_that_dies_makes_the_site_lie(fleet: Fleet) -> None:
    """The rules hold through the faults that the product names."""
    rows, broken = rehearse(fleet, [f for f in FAULTS if f.name in SHORT], WATCHED, SETTLED)
    assert [row.fault for row in rows] == list(SHORT)
    assert not broken, report(rows)
