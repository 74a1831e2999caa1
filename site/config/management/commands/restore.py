"""`manage.py restore PATH.tar`: a backup becomes the site, where there is none yet."""

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
    """Prove a backup, restore it into an empty site, and check what came out."""

    help = (
        "Restores a backup into an empty site. It is proved by its checksums first; a damaged one "
        "changes nothing. Stop the site before, and start it afterwards."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, metavar="PATH.tar", help="the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and check, or say in a sentence why not and change nothing."""
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
            raise CommandError("The backup is restored, but not every row of it.")
