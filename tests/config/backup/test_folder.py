"""Test where nightly backups lie, and that they age out with those of an earlier version."""

import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.made_once import put_migrated_sqlite, real_environment
from tests.services import ROOT

UNIT = ROOT / "deploy/counterpoint-backup.service"
DAY = 86_400  # seconds
NO_LONGER = 15  # days; kept are fourteen
EARLIER = "/var/backups/counterpoint"


def put(path: Path, days: float) -> Path:
    """Write a file that is `days` old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"words")
    changed = time.time() - days * DAY
    os.utime(path, (changed, changed))
    os.utime(path.parent, (changed, changed))
    return path


def commands(earlier: Path) -> Iterator[list[str]]:
    """Yield what the unit runs, with the folder of earlier backups in another place."""
    for line in UNIT.read_text().splitlines():
        name, _equals, command = line.partition("=")
        if name in {"ExecStart", "ExecStartPost"}:
            command = command.replace("/srv/counterpoint", str(ROOT))
            yield shlex.split(command.replace(EARLIER, str(earlier)))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the DATA_DIR of a site on SQLite."""
    put_migrated_sqlite(tmp_path / "data")
    return tmp_path / "data"


def nightly(site: Path, earlier: Path) -> list[subprocess.CompletedProcess[str]]:
    """Do what systemd does at night, until a command fails."""
    done = []
    for command in commands(earlier):
        done.append(
            subprocess.run(
                command, cwd=ROOT, env=real_environment(site), capture_output=True, text=True
            )
        )
        if done[-1].returncode:
            break
    return done


def test_a_backup_lies_where_only_the_site_reads_and_old_ones_go(
    site: Path, tmp_path: Path
) -> None:
    folder, earlier = site / "private/backups", tmp_path / "earlier"
    old = [
        put(folder / "2026-01-01T03-00-00.tar", NO_LONGER),
        put(folder / ".backup-abc/database.raw", NO_LONGER),
        put(earlier / "2026-01-01.tar", NO_LONGER),
    ]
    young = [put(folder / "yesterday.tar", 1), put(earlier / "last-week.tar", 7)]
    done = nightly(site, earlier)
    assert [each.returncode for each in done] == [0, 0], done
    assert [path for path in old if path.exists()] == []
    assert [path for path in young if path.exists()] == young
    (made,) = set(folder.iterdir()) - set(young)
    assert made.suffix == ".tar"
    assert made.stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o077 for path in (folder.parent, made)} == {0}


def test_the_last_good_ones_stay_when_a_backup_fails(site: Path, tmp_path: Path) -> None:
    kept = put(site / "private/backups/old.tar", NO_LONGER), put(tmp_path / "earlier/a.tar", 40)
    (site / "private/counterpoint.sqlite3").write_bytes(b"no database" * 1000)
    assert [each.returncode for each in nightly(site, kept[1].parent)] == [1]
    assert all(path.exists() for path in kept)


def test_a_site_without_earlier_backups_needs_no_folder_for_them(
    site: Path, tmp_path: Path
) -> None:
    done = nightly(site, tmp_path / "nowhere")
    assert [each.returncode for each in done] == [0, 0], done
    assert done[1].stderr == ""
    assert (site / "private/backups").stat().st_mode & 0o777 == 0o700
