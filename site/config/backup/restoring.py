"""Restore a backup into an empty site, and check the result."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from . import archive, media, names, tables
from .engines import engine
from .manifest import Manifest
from .refusal import BackupRefused


def restore(path: Path) -> Manifest:
    """Restore the backup `path` and return its manifest.

    Raises `BackupRefused`, or `OSError` if the disk fails or is full; nothing has changed then.
    """
    if not path.is_file():
        raise BackupRefused(f"There is no file {path}.")
    refuse_over_data()
    with TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as folder:
        return _restore(path, Path(folder))


def refuse_over_data() -> None:
    """Raise `BackupRefused` if the site has data besides what `migrate` writes."""
    with connection.cursor() as cursor:
        found = tables.why_not_empty(cursor) or media.why_not_empty()
    if found:
        raise BackupRefused(f"{found} A backup can only be restored into an empty site.")


def _restore(path: Path, folder: Path) -> Manifest:
    manifest = archive.unpack(path, folder)
    _refuse_incompatible(manifest)
    database = folder / names.DATABASE
    engine().check(database, manifest.contents)
    refuse_over_data()  # once more: unpacking may have taken long
    with media.in_place(folder / names.MEDIA):
        engine().restore(database)
    _place_handle_key(folder / names.HANDLE_KEY)
    return manifest


def _place_handle_key(unpacked: Path) -> None:
    """Move the key of erased handles into place, over one that this empty site made meanwhile."""
    if unpacked.exists():
        target = settings.HANDLE_KEY_FILE
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unpacked.chmod(0o600)
        unpacked.replace(target)


def _refuse_incompatible(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupRefused(
            f"This backup is of a site on {manifest.engine}, and this one is on "
            f"{connection.vendor}. Set DATABASE_URL accordingly."
        )
    unknown = tables.unknown(manifest.contents.migrations)
    if unknown:
        raise BackupRefused(
            f"This backup is of another version of the site, with the migration {unknown[0]}. "
            "Restore it with that version."
        )
    with connection.cursor() as cursor:
        done = tables.applied(cursor)
    if done and done != manifest.contents.migrations:
        raise BackupRefused(
            "This backup is of an older version of the site than this database. Restore it into "
            "a new database without any table; it is migrated afterwards."
        )


def finish(manifest: Manifest) -> list[str]:
    """Migrate a restored site and clear its cache; return a line for each table that differs.

    Rows are counted before migrating and compared with the manifest.
    """
    with connection.cursor() as cursor:
        found = tables.contents(cursor).rows
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cache.clear()
    return [
        f"{table}: {count} rows were backed up, {found.get(table, 0)} are restored"
        for table, count in manifest.contents.rows.items()
        if found.get(table, 0) != count
    ]
