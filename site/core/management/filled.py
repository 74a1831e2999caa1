"""The base of commands that read the site's tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class FilledSiteCommand(BaseCommand):
    """A command that stops with one line where the database has no tables yet."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; raises CommandError if nobody has run `migrate`."""
        if "django_migrations" not in connection.introspection.table_names():
            raise CommandError("The database is empty. Run `manage.py migrate` first.")
        return super().execute(*args, **options)
