"""Test that each of our commands says in a line that the database is empty."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.made_once import real_environment
from tests.services import ROOT, START_LIMIT

OURS = {"accounts", "comments", "config", "core", "notifications", "posts", "publication"}
# What a command requires.
ARGUMENTS = {
    "backup": ["{folder}/archive.tar.gz"],
    "generate_discussion": ["slug", "--comments=1"],
    "grant": ["handle", "admin"],
    "publish": ["{folder}"],
    "record_delivery_event": ["bounce", "pat@example.org"],
    "rerender_bodies": [],
    "reset_second_factor": ["handle"],
}
# It fills an empty database.
LEFT_OUT = {"restore"}
COMMANDS = sorted(
    name for name, app in get_commands().items() if str(app) in OURS and name not in LEFT_OUT
)


@pytest.mark.parametrize("command", COMMANDS)
def test_it_says_so(command: str, tmp_path: Path) -> None:
    arguments = [each.format(folder=tmp_path) for each in ARGUMENTS.get(command, [])]
    done = subprocess.run(
        [sys.executable, "manage.py", command, *arguments],
        cwd=ROOT, env=real_environment(tmp_path), capture_output=True, text=True,
        timeout=START_LIMIT,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.strip() == (
        "CommandError: The database is empty. Run `manage.py migrate` first."
    )
