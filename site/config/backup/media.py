"""List the media files for a backup, and move restored ones into place."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .refusal import BackupRefused

_FOLDER_MODE = 0o755  # readable by all, like the files, because the proxy may serve them


def root() -> Path:
    """Return the folder of the media files, which may not exist."""
    return Path(settings.MEDIA_ROOT)


def files() -> Iterator[Path]:
    """Yield every media file, in a stable order.

    Raises `BackupRefused` for anything but a regular file.
    """
    for folder, folders, found in os.walk(root(), onerror=_refuse):
        folders.sort()
        for name in sorted([*found, *(f for f in folders if (Path(folder) / f).is_symlink())]):
            path = Path(folder) / name
            if not stat.S_ISREG(path.lstat().st_mode):
                raise BackupRefused(
                    f"{path} is not a regular file. Remove it from the media folder first."
                )
            yield path


def why_not_empty() -> str:
    """Return a sentence about media files that exist; empty if there are none."""
    found = min(root().iterdir(), default=None) if root().exists() else None
    return f"There are media files here already, such as {found}." if found else ""


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def in_place(unpacked: Path) -> Iterator[None]:
    """Move the unpacked media files into place; remove them if the block fails."""
    made = not root().exists()
    root().mkdir(parents=True, exist_ok=True)
    placed: list[Path] = []
    try:
        for entry in sorted(unpacked.iterdir()) if unpacked.exists() else []:
            placed.append(root() / entry.name)
            _set_permissions(entry)
            shutil.move(entry, placed[-1])
        os.sync()
        yield
    except BaseException:
        for path in placed:
            _remove(path)
        if made:
            root().rmdir()
        raise


def _set_permissions(entry: Path) -> None:
    """Give unpacked files, readable by us alone, the permissions of uploaded files."""
    paths = [entry, *entry.rglob("*")] if entry.is_dir() else [entry]
    for path in paths:
        mode = _FOLDER_MODE if path.is_dir() else settings.FILE_UPLOAD_PERMISSIONS
        if mode is not None:
            path.chmod(mode)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
