"""wrk, which takes far less of the machine to send requests than a client in Python."""

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.services import Missing, obtain, on_machine

REPORT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class WrkResult:
    """What a run came to: how many were answered, in what time, and p50 and p99 in ms."""

    answered: int
    seconds: float
    p50: float
    p99: float


@cache
def program() -> Path | None:
    """Return wrk, installed if need be, or None where that is impossible."""
    try:
        return obtain("wrk", "wrk", lambda: on_machine("wrk"))
    except Missing:
        return None


def send(wrk: Path, url: str, headers: dict[str, str], connections: int, seconds: float) -> str:
    """Send GET requests to `url` for so many whole seconds; return what wrk reports, as JSON."""
    command = [str(wrk), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(
        [*command, "-s", str(REPORT), url], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.splitlines()[-1]


def outcome(report: str) -> WrkResult:
    """Return what a report says; raises RuntimeError if the server refused any.

    A few connections break when a worker is replaced.
    """
    told = json.loads(report)
    if told["refused"]:
        raise RuntimeError(f"{told['refused']} of {told['answered']} requests were refused")
    seconds = told["microseconds"] / 1e6
    return WrkResult(told["answered"], seconds, told["p50"] / 1e3, told["p99"] / 1e3)
