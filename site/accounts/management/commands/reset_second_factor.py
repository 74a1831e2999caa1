"""`manage.py reset_second_factor HANDLE`: let somebody in who has lost their second factor."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.models import User
from accounts.second_factor.reset import reset
from core.management.filled import FilledSiteCommand


class Command(FilledSiteCommand):
    """Delete the second factor of the person with a handle, and end their sessions."""

    help = "Delete the second factor and recovery codes of the person with HANDLE."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the handle."""
        parser.add_argument("handle")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset the second factor; raise CommandError for an unknown handle."""
        handle = options["handle"].removeprefix("@")
        person = User.objects.by_handle(handle).first()
        if person is None:
            raise CommandError(f"Nobody has the handle {handle}. Handles are shown on profiles.")
        count = reset(person)
        self.stdout.write(
            f"{person.handle} signs in without a second factor now, and adds one at "
            f"/accounts/2fa/. Factors deleted: {count}. All sessions have ended."
        )
