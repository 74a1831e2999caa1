"""Send requests by wrk, which needs far less processor time than a client in Python."""

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.services import Missing, obtain, on_machine

REPORT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class WrkResult:
    """The result of a run: responses, seconds, and p50 and p99 in milliseconds."""

    answered: int
    seconds: float
    p50: float
    p99: float


@cache
def program() -> Path | None:
    """Return wrk's program, installed if need be, or None where that is impossible."""
    try:
        return obtain("wrk", "wrk", lambda: on_machine("wrk"))
    except Missing:
        return None


def send(wrk: Path, url: str, headers: dict[str, str], connections: int, seconds: float) -> str:
    """Send GET requests to `url` for `seconds`, rounded; return wrk's report as JSON."""
    command = [str(wrk), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(
        [*command, "-s", str(REPORT), url], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.splitlines()[-1]


def outcome(report: str) -> WrkResult:
    """Return the result in a `report`; raise RuntimeError if the server refused a request.

    Broken connections are no refusals: a few break whenever a worker is replaced.
    """
    found = json.loads(report)
    if found["refused"]:
        raise RuntimeError(f"{found['refused']} of {found['answered']} requests were refused")
    seconds = found["microseconds"] / 1e6
    return WrkResult(found["answered"], seconds, found["p50"] / 1e3, found["p99"] / 1e3)
