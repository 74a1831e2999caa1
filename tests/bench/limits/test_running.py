"""Test that the limits of measurements run by the site's own server command."""

import os
import subprocess
import sys
from pathlib import Path

from tests.services import ROOT

# As gunicorn applies its configuration once it has loaded an application.
_START = """
import runpy
import bench.limits.bare
runpy.run_path("deploy/gunicorn.conf.py")["when_ready"](None)
"""


def test_the_bare_view_starts_by_the_server_command_of_the_site(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "BENCH_PAGES": str(tmp_path)}
    started = subprocess.run(
        [sys.executable, "-c", _START], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert started.returncode == 0, started.stderr
