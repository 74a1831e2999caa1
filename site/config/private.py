"""The folder that only the site itself reads: `DATA_DIR/private`, for the database and keys."""

import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path

NAME = "counterpoint.sqlite3"
FOLDER_MODE, FILE_MODE = 0o700, 0o600
# Seconds to wait for another process that has the database open.
PATIENCE = 2.0


def private_folder(data: Path) -> Path:
    """Return `data/private`, made if needed, which nobody but its owner may enter.

    Made by root, it belongs to the owner of `data`, as whom the site runs.
    """
    folder = data / "private"
    if not folder.exists():
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, data.stat().st_uid, data.stat().st_gid)
    if folder.stat().st_mode & 0o777 != FOLDER_MODE:
        folder.chmod(FOLDER_MODE)
    return folder


def database_file(data: Path) -> Path:
    """Return the SQLite file in `private_folder`, after moving one that lies in `data` itself.

    Exits with a sentence if another process has that one open.
    """
    folder = private_folder(data)
    old, new = data / NAME, folder / NAME
    if old.exists() and not _has_content(new):
        with (folder / "move.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if old.exists() and not _has_content(new):
                _move(old, new)
    with suppress(FileExistsError):
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
        if os.geteuid() == 0:
            os.chown(new, folder.stat().st_uid, folder.stat().st_gid)
    if new.stat().st_mode & 0o777 != FILE_MODE:
        new.chmod(FILE_MODE)
    return new


def _has_content(path: Path) -> bool:
    """Return whether the file has a table; a start without `migrate` leaves one that has none."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as opened:
            return opened.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except sqlite3.Error:
        return True  # not ours to replace


def _move(old: Path, new: Path) -> None:
    """Move the database with what its write-ahead log holds, while nothing else can open it."""
    try:
        with _alone(old), _alone(new) if new.exists() else nullcontext():
            _rename(old, new)
    except (sqlite3.Error, OSError) as error:
        sys.exit(
            f"Counterpoint cannot start: the database is still {old} and cannot be moved to {new} "
            f"({error}). Stop every process of the site, then run `manage.py migrate`."
        )
    old.with_name(f"{NAME}-turn").unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lock the database in `path` for the block, without a write-ahead log beside it.

    Raises sqlite3.Error if another process has it open.
    """
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as opened:
        # Both need that no other process has it open; the first merges -wal and removes -shm.
        opened.execute("PRAGMA journal_mode=DELETE")
        opened.execute("BEGIN EXCLUSIVE")
        yield


def _rename(old: Path, new: Path) -> None:
    """Rename the file; in place of a link, make one in `new` that leads to the same file."""
    if not old.is_symlink():
        old.rename(new)
        return
    new.unlink(missing_ok=True)
    new.symlink_to(old.resolve())
    old.unlink()
