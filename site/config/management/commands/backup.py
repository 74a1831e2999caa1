"""`manage.py backup PATH.tar`: back up the running site to one file."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

from core.management.filled import FilledSiteCommand

from ...backup.refusal import BackupRefused
from ...backup.saving import save


class Command(FilledSiteCommand):
    """Write the database, the media files and a manifest of both to a new tar file."""

    help = (
        "Write the database, the media files and a manifest with checksums to a new tar file "
        "that only you can read. The site can be used meanwhile. Sessions are not included."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the path."""
        parser.add_argument("path", type=Path, metavar="PATH.tar", help="the file to create")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup and print its size; raise CommandError and leave no file if it fails."""
        started, path = perf_counter(), options["path"]
        try:
            manifest = save(path)
        except (BackupRefused, OSError, DatabaseError) as error:
            raise CommandError(str(error).strip()) from error
        rows = sum(manifest.contents.rows.values())
        size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        self.stdout.write(
            f"{path}: {rows:,} rows and {len(manifest.members) - 1:,} media files, {size}, "
            f"in {perf_counter() - started:.1f} s."
        )
