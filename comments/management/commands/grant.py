"""`manage.py grant HANDLE ROLE`: give a role to a person, or revoke it.

The moderation log says that it came from the command line.
"""

from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.models import Role, User
from core.exceptions import ActionRefused
from core.management.filled import FilledSiteCommand

from ...moderation import actions


class Command(FilledSiteCommand):
    """Give a role to the person with a handle, or revoke it."""

    help = "Give the person with HANDLE the role author, moderator or admin."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the handle, the role and `--revoke`."""
        parser.add_argument("handle")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--revoke", action="store_true", help="revoke the role instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give or revoke the role; raise CommandError for an unknown handle or the last admin."""
        handle, role = options["handle"].removeprefix("@"), options["role"]
        person = User.objects.by_handle(handle).first()
        if person is None:
            raise CommandError(f"Nobody has the handle {handle}. Handles are shown on profiles.")
        change = actions.revoke_role if options["revoke"] else actions.grant_role
        try:
            outcome = change(person, by=None, role=role)
        except ActionRefused as refused:
            raise CommandError(refused.message) from refused
        state = "no longer has the role {}" if options["revoke"] else "has the role {} now"
        self.stdout.write(f"{person.handle} {state.format(role)}.")
        if not options["revoke"] and outcome.is_new and outcome.decision:
            self._tell_hidden_names(outcome.decision.decided_at)

    def _tell_hidden_names(self, at: datetime) -> None:
        """Write whose display names were hidden at the time of the grant."""
        hidden = User.objects.filter(name_hidden_at=at).order_by("handle")
        for handle, name in hidden.values_list("handle", "name"):
            self.stdout.write(
                f'The name "{name}" of {handle} is hidden from now on, since it looks like that '
                "of an author or moderator. Pages show the handle instead, and the person was told."
            )
