"""`manage.py grant HANDLE ROLE`: give a role to a person, or revoke it."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.models import Role, User
from core.management.filled import FilledSiteCommand


class Command(FilledSiteCommand):
    """Give a role to the person with a handle, or revoke it."""

    help = "Give the person with HANDLE the role author, moderator or admin."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the handle, the role and `--revoke`."""
        parser.add_argument("handle")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--revoke", action="store_true", help="revoke the role instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give or revoke the role; raise CommandError for an unknown handle."""
        handle, role = options["handle"].removeprefix("@"), options["role"]
        person = User.objects.by_handle(handle).first()
        if person is None:
            raise CommandError(f"Nobody has the handle {handle}. Handles are shown on profiles.")
        if options["revoke"]:
            person.role_grants.filter(role=role).delete()
            self.stdout.write(f"{person.handle} no longer has the role {role}.")
        else:
            person.role_grants.get_or_create(role=role)
            self.stdout.write(f"{person.handle} has the role {role} now.")
