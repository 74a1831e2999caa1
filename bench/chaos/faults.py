"""What goes wrong, one thing at a time; nobody mends anything afterwards."""

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

LAG = 5  # seconds
# Six attempts to sign in a minute are allowed, and six more when Redis comes back empty meanwhile.
ATTEMPTS = 14


@dataclass(frozen=True)
class InjectedFault:
    """Something that goes wrong: `strike` returns a sentence for each rule broken at once."""

    name: str
    strike: Callable[[Fleet], list[str]]
    mend: Callable[[Fleet], None] = lambda _fleet: None  # only for what is no accident


def nothing(_fleet: Fleet) -> list[str]:
    """Let everything run: the row that others are compared with."""
    return []


def kill_worker(fleet: Fleet) -> list[str]:
    """Kill one of the processes of an application host; its master is left to notice."""
    master = fleet.servers["application-1"].pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    os.kill(int(workers[0]), signal.SIGKILL)
    return []


def kill_host(fleet: Fleet) -> list[str]:
    """Kill an application host, master and all."""
    fleet.servers["application-2"].kill()
    return []


def kill_redis(fleet: Fleet) -> list[str]:
    """Kill Redis, and try to sign in more often than is allowed while it is away."""
    fleet.servers["redis"].kill()
    refused = any(_attempt(fleet) == http.HTTPStatus.TOO_MANY_REQUESTS for _ in range(ATTEMPTS))
    return [] if refused else ["Redis killed: nobody limits attempts to sign in"]


def _attempt(fleet: Fleet) -> int:
    """Return the status of an attempt to sign in with a wrong password, past nginx."""
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
    """Let the replica follow five seconds behind."""
    _set_delay(fleet, f"{LAG}s")
    return []


def end_delay(fleet: Fleet) -> None:
    """Let the replica follow at once again."""
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
    """Kill the primary in the middle of everything; it comes back by recovery from its log."""
    fleet.servers["primary"].kill()
    return []


def wait_for_servers(fleet: Fleet) -> None:
    """Return once every server answers; raises TimeoutError if one does not come back."""
    deadline = time.monotonic() + START_LIMIT
    while not all(server.answers() for server in fleet.servers.values()):
        if time.monotonic() > deadline:
            raise TimeoutError("not every server came back")
        time.sleep(0.1)


def wait_for_replica(fleet: Fleet, limit: float = 60.0) -> None:
    """Return once the replica has everything, so that the next fault starts from health."""
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
