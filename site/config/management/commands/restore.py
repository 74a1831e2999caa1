"""`manage.py restore PATH.tar`: restore a backup into an empty site."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ...backup.manifest import Manifest
from ...backup.refusal import BackupRefused
from ...backup.restoring import finish, restore


class Command(BaseCommand):
    """Verify a backup, restore it into an empty site, and check the result."""

    help = (
        "Restore a backup into an empty site. Its checksums are verified first; a damaged backup "
        "changes nothing. Stop the site before, and start it afterwards."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the path."""
        parser.add_argument("path", type=Path, metavar="PATH.tar", help="the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and check; raise CommandError if it fails, before or after the restore."""
        started = perf_counter()
        try:
            manifest = restore(options["path"])
        except (BackupRefused, OSError, DatabaseError) as error:
            raise CommandError(f"Nothing was restored. {str(error).strip()}") from error
        rows, files = sum(manifest.contents.rows.values()), len(manifest.members) - 1
        self.stdout.write(
            f"Restored: {rows:,} rows and {files:,} media files, as of "
            f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, in {perf_counter() - started:.1f} s."
        )
        self._check(manifest)

    def _check(self, manifest: Manifest) -> None:
        try:
            differences = finish(manifest)
            for line in differences:
                self.stdout.write(line)
            call_command("check_integrity", stdout=self.stdout)
        except (CommandError, OSError, DatabaseError) as error:
            raise CommandError(f"The backup is restored, but: {str(error).strip()}") from error
        if differences:
            raise CommandError("The backup is restored, but some tables differ from it.")
