"""`manage.py backup [PATH.tar]`: back up the running site to one file."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

from core.management.filled import FilledSiteCommand

from ...backup.folder import KEPT_FOR, delete_old, new_path
from ...backup.refusal import BackupRefused
from ...backup.saving import save


class Command(FilledSiteCommand):
    """Write the database, the media files and a manifest of both to a new tar file."""

    help = (
        "Write the database, the media files and a manifest with checksums to a new tar file "
        "that only you can read. The site can be used meanwhile. Sessions are not included. "
        "Without a path the file is named after the time and lies in DATA_DIR/private/backups, "
        f"from where those older than {KEPT_FOR.days} days are deleted after a new one is made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the path."""
        text = "the file to create"
        parser.add_argument("path", type=Path, nargs="?", metavar="PATH.tar", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup and print its size; raise CommandError and leave no file if it fails."""
        started, now = perf_counter(), datetime.now(UTC)
        try:
            path = options["path"] or new_path(now)
            manifest = save(path)
            if not options["path"]:
                delete_old(path.parent, now)
        except (BackupRefused, OSError, DatabaseError) as error:
            raise CommandError(str(error).strip()) from error
        rows = sum(manifest.contents.rows.values())
        size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        self.stdout.write(
            f"{path}: {rows:,} rows and {len(manifest.members) - 1:,} media files, {size}, "
            f"in {perf_counter() - started:.1f} s."
        )
