"""Run the fleet that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from bench.chaos.__main__ import FREELY
from deploy.fleet.machine import Fleet
from deploy.fleet.machine import fleet as running_fleet


@pytest.fixture(scope="session")
def fleet() -> Iterator[Fleet]:
    """Run the whole set-up with nginx's limits, until the last test has ended."""
    with running_fleet(settings=FREELY) as one:
        yield one
