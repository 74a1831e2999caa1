"""Start and stop the production set-up on this machine, for tests.

    python -m deploy.fleet run COMMAND…   run COMMAND with FLEET_URL and the site's settings set
    python -m deploy.fleet start          start it and leave it running
    python -m deploy.fleet status         print which servers run; exit code 1 if one does not
    python -m deploy.fleet stop           stop it

State is stored in var/fleet or in FLEET_DIR; `run` uses a temporary folder. Missing programs are
installed by apt. FLEET_UNLIMITED=1 removes nginx's rate limits, for measurements.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.services import ROOT, Missing, follow

from .machine import STATE, Fleet, fleet

START_LIMIT, STOP_LIMIT = 300.0, 120.0  # seconds; the first start may have to install programs
LIMITED = os.environ.get("FLEET_UNLIMITED") != "1"


def folder() -> Path:
    """Return the folder with the state of a fleet started by `start`."""
    return ROOT / os.environ.get("FLEET_DIR", "var/fleet")


def start() -> int:
    """Start a fleet in the background; return once it answers. Raises Missing."""
    if state() is not None:
        raise Missing("a fleet is running already")
    shutil.rmtree(folder(), ignore_errors=True)
    folder().mkdir(parents=True)
    with (folder() / "fleet.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.fleet", "keep"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + START_LIMIT
    while state() is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise Missing((folder() / "fleet.log").read_text(errors="replace")[-2000:])
        time.sleep(0.2)
    return status()


def keep() -> int:
    """Run a fleet until SIGTERM."""
    with fleet(folder(), limited=LIMITED), contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    return 0


def stop() -> int:
    """Stop the fleet started by `start`; return once it has ended. Raises Missing."""
    found = state()
    if found is None:
        print("fleet: none is running")
        return 0
    os.kill(found["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_LIMIT
    while _is_running(found["pid"]):
        if time.monotonic() > deadline:
            raise Missing("the fleet does not stop")
        time.sleep(0.1)
    (folder() / STATE).unlink(missing_ok=True)
    return 0


def status() -> int:
    """Print the address and every server; return 1 if one of them does not run."""
    found = state()
    if found is None:
        print("fleet: none is running")
        return 1
    print(f"{found['url']}  (self-signed certificate)")
    for name, pid in found["processes"].items():
        print(f"  {name:14} {f'process {pid}' if _is_running(pid) else 'not running'}")
    return 0 if all(map(_is_running, found["processes"].values())) else 1


def run(command: list[str]) -> int:
    """Run `command` with a fleet of its own; return its exit code."""
    with fleet(limited=LIMITED) as one:
        return follow(command, {**os.environ, **_variables(one)})


def _variables(one: Fleet) -> dict[str, str]:
    own = {"FLEET_URL": one.url, "FLEET_DIR": str(one.folder)}
    return {k: v for k, v in one.environment.items() if k not in {"PATH", "HOME"}} | own


def state() -> dict[str, Any] | None:
    """Return the state file of the running fleet, or None."""
    with contextlib.suppress(FileNotFoundError):
        found: dict[str, Any] = json.loads((folder() / STATE).read_text())
        # The process id may belong to another program by now.
        command = Path(f"/proc/{found['pid']}/cmdline").read_bytes()
        return found if b"deploy.fleet" in command else None
    return None


def _is_running(pid: int) -> bool:
    try:
        # A zombie has ended, but its parent has not collected it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def main(arguments: list[str]) -> int:
    """Run the command in `arguments`; print a line and return 1 if something is missing."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    commands = {"start": start, "stop": stop, "status": status, "keep": keep}
    try:
        match arguments:
            case ["run", _, *_]:
                return run(arguments[1:])
            case [name] if name in commands:
                return commands[name]()
    except Missing as missing:
        print(f"fleet: {missing}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
