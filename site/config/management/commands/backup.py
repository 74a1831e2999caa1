"""`manage.py backup PATH.tar`: the whole site in one file, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

from ...backup.refusal import BackupRefused
from ...backup.saving import save


class Command(BaseCommand):
    """Write the database, the media files and a manifest of both to a new tar file."""

    help = (
        "Writes the database, the media files and a manifest with checksums to a new tar file "
        "that only you can read. People can go on reading and writing. Sessions are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, metavar="PATH.tar", help="the file to make")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up and say what was kept, or in a sentence why not and leave nothing behind."""
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
