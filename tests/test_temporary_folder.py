"""Test where tests store their files."""

import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.temporary_folder import temporary_folder

ELSEWHERE = Path(tempfile.gettempdir())


@pytest.fixture(autouse=True)
def no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment of this run name no folder."""
    monkeypatch.delenv("TMPDIR", raising=False)


def test_a_folder_in_memory_with_room_is_taken(tmp_path: Path) -> None:
    assert temporary_folder(tmp_path, room=1) == tmp_path


def test_a_full_or_missing_folder_is_not_taken(tmp_path: Path) -> None:
    assert temporary_folder(tmp_path, room=sys.maxsize) == ELSEWHERE
    assert temporary_folder(tmp_path / "missing", room=1) == ELSEWHERE


def test_a_folder_that_runs_no_programs_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = SimpleNamespace(f_flag=os.ST_NOEXEC, f_bavail=2, f_frsize=1)
    monkeypatch.setattr(os, "statvfs", lambda folder: system)
    assert temporary_folder(tmp_path, room=1) == ELSEWHERE


def test_a_folder_that_the_environment_names_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(ELSEWHERE))
    assert temporary_folder(tmp_path, room=1) == ELSEWHERE
