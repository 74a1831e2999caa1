"""Test where the database lies, and that a start moves an earlier one with everything in it."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from config import private
from tests.made_once import DATABASE, manage, migrated_sqlite, put_migrated_sqlite, real_environment
from tests.services import ROOT

OLD = "counterpoint.sqlite3"


@pytest.fixture
def upgraded(tmp_path: Path) -> Path:
    """Return the state of an earlier version, with a row that only its write-ahead log holds."""
    shutil.copy(migrated_sqlite(), tmp_path / OLD)
    writer = sqlite3.connect(tmp_path / OLD, isolation_level=None)
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("CREATE TABLE mark (word TEXT)")
    writer.execute("INSERT INTO mark VALUES ('kept')")
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in (OLD, f"{OLD}-wal", f"{OLD}-shm"):
        shutil.copy(tmp_path / name, kept / name)
    writer.close()
    for path in kept.iterdir():
        shutil.copy(path, tmp_path / path.name)
    shutil.rmtree(kept)
    return tmp_path


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder / "private").iterdir()}


def start(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=ROOT, env=real_environment(folder), capture_output=True, text=True,
    )  # fmt: skip


def test_only_the_site_may_read_it(tmp_path: Path) -> None:
    manage(real_environment(tmp_path), "createcachetable")  # the first table makes the file
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700
    assert modes(tmp_path)[Path(DATABASE).name] == 0o600
    assert not (tmp_path / OLD).exists()


def test_a_start_moves_an_earlier_database_with_its_log(upgraded: Path) -> None:
    assert (upgraded / f"{OLD}-wal").stat().st_size > 0
    done = start(upgraded)
    assert done.returncode == 0, done.stderr
    assert not list(upgraded.glob(f"{OLD}*"))
    with closing(sqlite3.connect(upgraded / DATABASE)) as opened:
        assert opened.execute("SELECT word FROM mark").fetchall() == [("kept",)]
    assert modes(upgraded)[OLD] == 0o600


def test_it_stops_while_another_process_has_it_open(upgraded: Path) -> None:
    with closing(sqlite3.connect(upgraded / OLD)) as other:
        other.execute("SELECT * FROM mark").fetchall()
        done = start(upgraded)
        assert done.returncode == 1
        assert done.stderr.startswith("Counterpoint cannot start: the database is still")
        assert "`manage.py migrate`" in done.stderr
        assert not (upgraded / DATABASE).exists()
        assert other.execute("SELECT word FROM mark").fetchall() == [("kept",)]
    assert start(upgraded).returncode == 0


def test_an_earlier_database_never_replaces_one_in_the_new_place(tmp_path: Path) -> None:
    put_migrated_sqlite(tmp_path)
    shutil.copy(migrated_sqlite(), tmp_path / OLD)
    before = (tmp_path / DATABASE).stat().st_ino
    assert start(tmp_path).returncode == 0
    assert (tmp_path / OLD).exists()
    assert (tmp_path / DATABASE).stat().st_ino == before


def words(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute("SELECT word FROM mark").fetchall()


def put_without_tables(folder: Path) -> Path:
    """Leave in the new place what a web server makes that starts before `migrate`."""
    path = folder / DATABASE
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
    assert path.stat().st_size > 0
    return path


def test_an_earlier_database_replaces_one_without_tables(upgraded: Path) -> None:
    path = put_without_tables(upgraded)
    done = start(upgraded)
    assert done.returncode == 0, done.stderr
    assert words(path) == [("kept",)]
    assert not (upgraded / OLD).exists()


def test_it_stops_while_another_process_has_that_one_open(upgraded: Path) -> None:
    path = put_without_tables(upgraded)
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT * FROM sqlite_master").fetchall()
        done = start(upgraded)
        assert done.returncode == 1
        assert done.stderr.startswith("Counterpoint cannot start: the database is still")
    assert words(upgraded / OLD) == [("kept",)]


def test_a_link_to_an_earlier_database_leads_to_it_from_the_new_place(upgraded: Path) -> None:
    disk = upgraded / "disk"
    disk.mkdir()
    for path in upgraded.glob(f"{OLD}*"):
        path.rename(disk / path.name)
    (upgraded / OLD).symlink_to(Path("disk") / OLD)
    done = start(upgraded)
    assert done.returncode == 0, done.stderr
    assert (upgraded / DATABASE).resolve() == (disk / OLD).resolve()
    assert words(upgraded / DATABASE) == [("kept",)]
    assert not (upgraded / OLD).is_symlink()


def test_a_file_that_cannot_be_renamed_stops_the_start_with_the_same_sentence(
    upgraded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, to: Path) -> None:
        raise OSError("Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SystemExit, match="`manage.py migrate`"):
        private.database_file(upgraded)
    assert not (upgraded / DATABASE).exists()
    assert words(upgraded / OLD) == [("kept",)]
