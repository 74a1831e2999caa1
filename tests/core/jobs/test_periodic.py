"""Test which worker calls a periodic function, and when."""

import pytest
from django.apps import apps
from django.core.cache import cache

from core.jobs import periodic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register nothing but what the test registers, in an hour that nobody has taken."""
    monkeypatch.setattr(periodic, "_functions", {})
    cache.clear()


def test_what_runs_each_hour_runs_once_in_it() -> None:
    calls: list[str] = []

    @periodic.every_hour
    def look() -> None:
        calls.append("look")

    @periodic.every_minute
    def count() -> None:
        calls.append("count")

    for _worker in range(3):
        periodic.run_all()
    assert calls == ["look", "count", "count", "count"]
    cache.clear()  # as an hour does
    periodic.run_all()
    assert calls.count("look") == 2


def test_what_failed_is_tried_again_in_a_minute() -> None:
    failing = [True]
    calls: list[str] = []

    @periodic.every_hour
    def look() -> None:
        calls.append("look")
        if failing:
            failing.clear()
            raise OSError("no such folder")

    for _minute in range(3):
        periodic.run_all()
    assert calls == ["look", "look"]


def test_the_pictures_are_looked_through_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    scans: list[float] = []

    def written_before(when: float) -> list[str]:
        scans.append(when)
        return []

    monkeypatch.setattr("pictures.files.written_before", written_before)
    apps.get_app_config("pictures").ready()
    for _worker_and_minute in range(4):
        periodic.run_all()
    assert len(scans) == 1
