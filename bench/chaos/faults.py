"""Inject faults into the fleet, one at a time, from which it has to recover by itself."""

import http.client
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from deploy.fleet.machine import Fleet
from tests.services import START_LIMIT

LAG = 5  # seconds that the replica is delayed
# Above the limit of six attempts to sign in a minute, twice: Redis may come back empty meanwhile.
ATTEMPTS = 14


@dataclass(frozen=True)
class InjectedFault:
    """A fault: `strike` injects it, and returns a sentence for each rule broken at once."""

    name: str
    strike: Callable[[Fleet], list[str]]
    mend: Callable[[Fleet], None] = lambda _fleet: None  # only for deliberate delays


def nothing(_fleet: Fleet) -> list[str]:
    """Inject no fault: the row that others are compared with."""
    return []


def kill_worker(fleet: Fleet) -> list[str]:
    """Kill one worker of an application host, which its master has to replace."""
    master = fleet.servers["application-1"].pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    os.kill(int(workers[0]), signal.SIGKILL)
    return []


def kill_host(fleet: Fleet) -> list[str]:
    """Kill an application host with all its processes."""
    fleet.servers["application-2"].kill()
    return []


def kill_redis(fleet: Fleet) -> list[str]:
    """Kill Redis, and try to sign in more often than allowed while it is down."""
    fleet.servers["redis"].kill()
    refused = any(_attempt(fleet) == http.HTTPStatus.TOO_MANY_REQUESTS for _ in range(ATTEMPTS))
    return [] if refused else ["Redis killed: nobody limits attempts to sign in"]


def _attempt(fleet: Fleet) -> int:
    """Return the status of an attempt to sign in with a wrong password, not through nginx."""
    connection = http.client.HTTPConnection(fleet.hosts()[0], timeout=15)
    token = "b" * 32
    body = f"login=reader%40example.org&password=wrong&csrfmiddlewaretoken={token}"
    headers = {
        "Host": "localhost",
        "Origin": fleet.url,
        "Cookie": f"__Host-csrftoken={token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.1",
    }
    try:
        connection.request("POST", "/accounts/login/", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def delay_replica(fleet: Fleet) -> list[str]:
    """Delay the replica by `LAG` seconds."""
    _set_delay(fleet, f"{LAG}s")
    return []


def end_delay(fleet: Fleet) -> None:
    """End the delay of the replica."""
    _set_delay(fleet, "0")


def _set_delay(fleet: Fleet, delay: str) -> None:
    with psycopg.connect(fleet.replica_url(), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET recovery_min_apply_delay = '{delay}'")
        connection.execute("SELECT pg_reload_conf()")


def kill_replica(fleet: Fleet) -> list[str]:
    """Kill the replica."""
    fleet.servers["replica"].kill()
    return []


def restart_primary(fleet: Fleet) -> list[str]:
    """Kill the primary, which recovers from its write-ahead log."""
    fleet.servers["primary"].kill()
    return []


def wait_for_servers(fleet: Fleet) -> None:
    """Wait until every server responds; raise TimeoutError if one does not."""
    deadline = time.monotonic() + START_LIMIT
    while not all(server.answers() for server in fleet.servers.values()):
        if time.monotonic() > deadline:
            raise TimeoutError("not every server came back")
        time.sleep(0.1)


def wait_for_replica(fleet: Fleet, limit: float = 60.0) -> None:
    """Wait until the replica has caught up, so that the next fault starts from a healthy fleet."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        with (
            psycopg.connect(fleet.primary_url()) as primary,
            psycopg.connect(fleet.replica_url()) as replica,
        ):
            (sent,) = primary.execute("SELECT pg_current_wal_flush_lsn() - '0/0'").fetchone() or ()
            (got,) = replica.execute("SELECT pg_last_wal_replay_lsn() - '0/0'").fetchone() or ()
        if got >= sent:
            return
        time.sleep(0.1)
    raise TimeoutError("the replica does not catch up")


FAULTS = (
    InjectedFault("none", nothing),
    InjectedFault("worker killed", kill_worker),
    InjectedFault("host killed", kill_host),
    InjectedFault("Redis killed", kill_redis),
    InjectedFault(f"replica {LAG} s late", delay_replica, end_delay),
    InjectedFault("replica killed", kill_replica),
    InjectedFault("primary killed", restart_primary),
)
