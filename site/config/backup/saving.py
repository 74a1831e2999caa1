"""Back up the site while it runs."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from . import archive, media, names
from .engines import engine
from .manifest import Manifest
from .refusal import BackupRefused


def save(target: Path) -> Manifest:
    """Write a backup to the new file `target` and return its manifest.

    The database is dumped first, so that the files it names follow, unless deleted meanwhile.
    Raises `BackupRefused`, or `OSError` if the disk fails or is full; no file is left then.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already and is not overwritten.")
    if not target.parent.is_dir():
        raise BackupRefused(f"There is no folder {target.parent}.")
    with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        return _save(target, Path(folder))


def _save(target: Path, folder: Path) -> Manifest:
    dumped = folder / names.DATABASE
    with archive.new_file(target, folder) as file:
        made_at = datetime.now(UTC)
        contents = engine().dump(dumped)
        writer = archive.ArchiveWriter(file)
        with dumped.open("rb") as database:
            writer.add(names.DATABASE, database)
        dumped.unlink()
        _add_handle_key(writer)
        _add_media(writer)
        manifest = Manifest(connection.vendor, made_at, contents, writer.members)
        writer.finish(manifest)
    return manifest


def _add_handle_key(writer: archive.ArchiveWriter) -> None:
    """Add the key of erased handles, if it is made; rows that need it are in the dump already."""
    if settings.HANDLE_KEY_FILE.exists():
        with settings.HANDLE_KEY_FILE.open("rb") as file:
            writer.add(names.HANDLE_KEY, file)


def _add_media(writer: archive.ArchiveWriter) -> None:
    for path in media.files():
        try:
            file = path.open("rb")
        except FileNotFoundError:  # deleted since the folder was listed
            continue
        with file:
            writer.add(f"{names.MEDIA}/{path.relative_to(media.root()).as_posix()}", file)
