"""Test the routing of reads: to the primary, unless the replica has the same rows."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.db import replicas
from core.db.replicas import (
    LAG_MAX,
    WROTE,
    ReplicaLag,
    Router,
    read_from_replica,
    reading_from_replica,
)
from posts.models import Post

router = Router()


def test_without_permission_everything_is_read_from_the_primary() -> None:
    assert router.db_for_read(Post) == "default"


@pytest.mark.django_db(transaction=True)
def test_with_permission_only_what_is_replicated_for_reading() -> None:
    """Read sessions and the cache from the primary, where they are written."""
    with reading_from_replica():
        assert router.db_for_read(Post) == "replica"
        assert router.db_for_read(Session) == "default"
    assert router.db_for_read(Post) == "default"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_reads_its_own_writes() -> None:
    with reading_from_replica(), transaction.atomic():
        assert router.db_for_read(Post) == "default"


@pytest.mark.django_db(transaction=True)
def test_after_a_write_the_rest_of_the_request_stays_with_the_primary() -> None:
    with reading_from_replica():
        assert router.db_for_write(Post) == "default"
        assert router.db_for_read(Post) == "default"
    with reading_from_replica():
        assert router.db_for_read(Post) == "replica"


def test_tables_are_made_on_the_primary_and_rows_of_both_go_together() -> None:
    assert router.allow_migrate("default", "posts")
    assert not router.allow_migrate("replica", "posts")
    assert router.allow_relation(Post(), Post())


class Positions:
    """Stands in for both databases and the clock: where their logs are, and what time it is."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.at: dict[str, Any] = {"default": 100, "replica": 100}
        self.asked = 0

    def time(self) -> float:
        """Return the seconds that the clock shows."""
        return self.now

    def ask(self, alias: str, _question: str) -> int:
        """Answer as the database would."""
        self.asked += 1
        if isinstance(self.at[alias], Exception):
            raise self.at[alias]
        return int(self.at[alias])


@pytest.fixture
def positions() -> Iterator[Positions]:
    """Set both databases to one position."""
    stand_in = Positions()
    with (
        mock.patch.object(replicas, "_position", stand_in.ask),
        mock.patch("core.db.replicas.time.monotonic", stand_in.time),
        mock.patch.object(replicas, "connections", mock.MagicMock()),
    ):
        yield stand_in


def test_a_replica_that_has_everything_is_fresh(positions: Positions) -> None:
    assert ReplicaLag().is_fresh()


def test_one_that_follows_closely_is_fresh_though_never_level(positions: Positions) -> None:
    """Accept a replica that is always a little behind, as on a busy site."""
    lag = ReplicaLag()
    for _ in range(20):
        positions.now += 0.2
        positions.at["replica"] = positions.at["default"]
        positions.at["default"] += 50
        lag.is_fresh()
    assert lag.is_fresh()


def test_one_that_lags_is_not_and_is_again_when_it_has_caught_up(positions: Positions) -> None:
    lag = ReplicaLag()
    assert lag.is_fresh()
    positions.at["default"] = 200
    for passed, fresh in ((0.3, True), (0.3, False), (5.0, False)):
        positions.now += passed
        assert lag.is_fresh() is fresh
    positions.at["replica"] = 200
    positions.now += 0.3
    assert lag.is_fresh()


def test_age_counts_from_when_the_primary_was_asked(positions: Positions) -> None:
    """What is committed after that is not known to be there."""
    lag = ReplicaLag()
    assert lag.is_fresh()
    positions.at["replica"] = OperationalError("away")
    positions.now += LAG_MAX - 0.01
    lag._next_check = float("inf")
    assert lag.is_fresh()
    positions.now += 0.02
    assert not lag.is_fresh()


@pytest.mark.parametrize("which", ["default", "replica"])
def test_one_that_cannot_be_compared_is_not_fresh(positions: Positions, which: str) -> None:
    """Compare again after a second, and not in every request."""
    lag = ReplicaLag()
    positions.at[which] = OperationalError("away")
    assert not lag.is_fresh()
    asked = positions.asked
    assert not lag.is_fresh()
    assert positions.asked == asked
    positions.at[which] = 100
    positions.now += 1.1
    assert lag.is_fresh()


def test_without_a_replica_nothing_is_in_the_way() -> None:
    with pytest.raises(MiddlewareNotUsed):
        read_from_replica(lambda request: HttpResponse())


class Site:
    """The middleware in front of a view that notes where it would read."""

    def __init__(self) -> None:
        self.reads: list[str] = []
        self.fails_on = ""
        self.fresh = True
        with mock.patch.dict(settings.DATABASES, {"replica": {}}):
            self.middleware = read_from_replica(self.view)

    def view(self, request: HttpRequest) -> HttpResponse:
        """Record the database a post would be read from; fail on request."""
        self.reads.append(router.db_for_read(Post))
        return HttpResponse(status=500 if self.reads[-1] == self.fails_on else 200)

    def ask(self, method: str = "GET", path: str = "/comments/1/", **session: float) -> int:
        """Send a request, with a session if something is in it; return the status."""
        request = RequestFactory().generic(method, path)
        request.public = not session  # type: ignore[attr-defined]
        request.session = SessionStore()
        for name, value in session.items():
            request.session[name] = value
        with mock.patch.object(ReplicaLag, "is_fresh", return_value=self.fresh):
            status = self.middleware(request).status_code
        self.session = request.session
        return status


@pytest.fixture
def site() -> Site:
    """Provide a site with a fresh replica."""
    return Site()


NOW = 2_000_000_000.0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({}, "replica"),
        ({"method": "HEAD"}, "replica"),
        ({"method": "POST"}, "default"),
        ({"path": "/about/"}, "default"),  # cached in the process under versions of the primary
        ({"path": "/about/", "user": 1.0}, "replica"),
        ({"user": 1.0, WROTE: NOW - 6}, "replica"),
        ({"user": 1.0, WROTE: NOW - 4}, "default"),
        ({"user": 1.0, WROTE: NOW + 60}, "default"),  # by the clock of another host
        ({"method": "POST", "user": 1.0}, "default"),
    ],
    ids=str,
)
def test_who_reads_where(site: Site, asked: dict[str, Any], where: str) -> None:
    with mock.patch("core.db.replicas.time.time", return_value=NOW):
        site.ask(**asked)
    assert site.reads == [where]


@pytest.mark.django_db(transaction=True)
def test_a_replica_that_lags_is_not_read(site: Site) -> None:
    site.fresh = False
    site.ask()
    assert site.reads == ["default"]


@pytest.mark.django_db(transaction=True)
def test_writing_is_remembered_in_the_session_and_makes_none(site: Site) -> None:
    with mock.patch("core.db.replicas.time.time", return_value=NOW):
        site.ask("POST", user=1.0)
        assert site.session[WROTE] == NOW
        site.ask("POST")
    assert site.session.is_empty()


@pytest.mark.django_db(transaction=True)
def test_what_fails_on_the_replica_is_asked_of_the_primary(site: Site) -> None:
    site.fails_on = "replica"
    assert site.ask() == 200
    assert site.reads == ["replica", "default"]


@pytest.mark.django_db(transaction=True)
def test_what_fails_on_the_primary_is_not_asked_twice(site: Site) -> None:
    site.fails_on, site.fresh = "default", False
    assert site.ask() == 500
    assert site.reads == ["default"]
