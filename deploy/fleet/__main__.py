"""Start, stop and ask after the production set-up on this machine, for tests.

    python -m deploy.fleet run COMMAND…   run COMMAND with FLEET_URL and the site's settings set
    python -m deploy.fleet start          start it and leave it running
    python -m deploy.fleet status         say which servers run; exit code 1 if one does not
    python -m deploy.fleet stop           stop it

State lies in var/fleet, or where FLEET_DIR says; `run` takes a temporary folder. What the machine
lacks is installed by apt. FLEET_UNLIMITED=1 lifts nginx's rate limits, for measurements.
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
    """Return where a fleet that is left running keeps its state."""
    return ROOT / os.environ.get("FLEET_DIR", "var/fleet")


def start() -> int:
    """Start a fleet that outlives this command; return once it answers."""
    if state() is not None:
        raise Missing("a fleet runs already")
    shutil.rmtree(folder(), ignore_errors=True)
    folder().mkdir(parents=True)
    with (folder() / "fleet.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "deploy.fleet", "keep"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + START_LIMIT
    while state() is None:
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise Missing((folder() / "fleet.log").read_text(errors="replace")[-2000:])
        time.sleep(0.2)
    return status()


def keep() -> int:
    """Run a fleet until SIGTERM."""
    with fleet(folder(), limited=LIMITED), contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    return 0


def stop() -> int:
    """Stop the fleet that was left running; return once it is gone."""
    found = state()
    if found is None:
        print("fleet: none is running")
        return 0
    os.kill(found["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_LIMIT
    while _lives(found["pid"]):
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
    print(f"{found['url']}  (its certificate is its own word)")
    for name, pid in found["processes"].items():
        print(f"  {name:14} {f'process {pid}' if _lives(pid) else 'not running'}")
    return 0 if all(map(_lives, found["processes"].values())) else 1


def run(command: list[str]) -> int:
    """Run `command` beside a fleet of its own; return its exit code."""
    with fleet(limited=LIMITED) as one:
        return follow(command, {**os.environ, **_told(one)})


def _told(one: Fleet) -> dict[str, str]:
    own = {"FLEET_URL": one.url, "FLEET_DIR": str(one.folder)}
    return {k: v for k, v in one.environment.items() if k not in {"PATH", "HOME"}} | own


def state() -> dict[str, Any] | None:
    """Return what the running fleet says of itself, or None."""
    with contextlib.suppress(FileNotFoundError):
        found: dict[str, Any] = json.loads((folder() / STATE).read_text())
        # Its number may have gone to another program since.
        command = Path(f"/proc/{found['pid']}/cmdline").read_bytes()
        return found if b"deploy.fleet" in command else None
    return None


def _lives(pid: int) -> bool:
    try:
        # A process that has ended and was not asked about yet is no longer running.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def main(arguments: list[str]) -> int:
    """Do as `arguments` say; one line and exit code 1 where something is missing."""
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
