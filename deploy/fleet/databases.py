"""The database servers of a fleet: PostgreSQL primary and replica, pgbouncer, Redis."""

import shutil
import subprocess
from pathlib import Path
from signal import SIGINT

import psycopg
import redis

from tests import services

from .supervisor import Server

USER = DATABASE = "counterpoint"
_POOLER = """\
[databases]
{database} = host=127.0.0.1 port={primary} dbname={database}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
query_wait_timeout = 10
server_login_retry = 1
admin_users = {user}
"""
# Settings that connections through a pooler cannot make; the same as in deploy/README.md.
ROLE_SETTINGS = (
    f"ALTER ROLE {USER} SET statement_timeout = '15s'",
    f"ALTER ROLE {USER} SET lock_timeout = '10s'",
    f"ALTER ROLE {USER} SET timezone = 'UTC'",
)


def url(port: int, database: str = DATABASE) -> str:
    """Return the URL of `database` on the server at `port`."""
    return f"postgres://{USER}@127.0.0.1:{port}/{database}"


def make_clusters(folder: Path, primary_port: int) -> Path:
    """Create an empty cluster `primary` and its copy `replica`; return the programs' folder."""
    programs, user = services.postgresql_programs(), services.unprivileged()
    if user:
        shutil.chown(folder, user)
        programs = services.readable(programs, folder)
    services.initdb(programs, folder / "primary", user)
    # A cluster that never ran can be copied without a base backup.
    copy = ["cp", "-a", str(folder / "primary"), str(folder / "replica")]
    subprocess.run(copy, user=user, check=True)
    (folder / "replica" / "standby.signal").touch()
    with (folder / "replica" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = 'host=127.0.0.1 port={primary_port} user={USER}'\n")
    if user:
        shutil.chown(folder / "replica" / "standby.signal", user)
    return programs


def primary(folder: Path, programs: Path, port: int) -> Server:
    """Return the primary server, which takes the writes."""
    return _postgresql("primary", folder, programs, port, ["-c", "wal_keep_size=512MB"])


def replica(folder: Path, programs: Path, port: int) -> Server:
    """Return the streaming replica, which reconnects to the primary every second."""
    options = ["-c", "wal_retrieve_retry_interval=1s", "-c", "hot_standby_feedback=on"]
    return _postgresql("replica", folder, programs, port, options)


def create_database(port: int) -> None:
    """Create the site's database on the primary at `port`, and set up its role."""
    with psycopg.connect(url(port, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
        for statement in ROLE_SETTINGS:
            connection.execute(statement)


def _postgresql(name: str, folder: Path, programs: Path, port: int, options: list[str]) -> Server:
    command = [str(programs / "postgres"), "-D", str(folder / name), "-k", str(folder)]
    command += ["-p", str(port), "-h", "127.0.0.1", *options]
    return Server(
        name,
        command,
        folder,
        lambda: psycopg.connect(url(port, "postgres"), connect_timeout=2).close(),
        user=services.unprivileged(),
        stop_signal=SIGINT,  # without waiting for clients
        cwd=folder,
    )


def pooler(folder: Path, port: int, primary_port: int) -> Server:
    """Return pgbouncer in transaction mode, in front of the primary."""
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{USER}" ""\n')
    settings.write_text(
        _POOLER.format(database=DATABASE, user=USER, primary=primary_port, port=port, users=users)
    )
    # Its admin console answers even while the primary is down.
    console = url(port, "pgbouncer")

    def ready() -> None:
        with psycopg.connect(console, autocommit=True, connect_timeout=2) as connection:
            connection.execute("SHOW VERSION", prepare=False)

    return Server(
        "pgbouncer",
        [str(services.pgbouncer_program()), str(settings)],
        folder,
        ready,
        user=services.unprivileged(),
        stop_signal=SIGINT,
    )


def redis_server(folder: Path, port: int) -> Server:
    """Return Redis without persistence, for the cache and rate limits."""
    command = [str(services.redis_program()), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    return Server("redis", command, folder, lambda: _ping(port))


def _ping(port: int) -> None:
    with redis.Redis(host="127.0.0.1", port=port, socket_timeout=2) as client:
        client.ping()
