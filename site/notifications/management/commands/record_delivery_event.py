"""`manage.py record_delivery_event KIND ADDRESS…`: tell the site of bounces and complaints.

A mail server tells of a bounce while it takes a mail, or later by a mail to the sender, and
providers tell of complaints in reports. What reads these can hand their addresses to this command.
"""

from typing import Any

from django.core.management.base import CommandParser

from core.management.filled import FilledSiteCommand
from notifications.deliverability import events
from notifications.deliverability.models import EventKind


class Command(FilledSiteCommand):
    """Record bounces or complaints of addresses, to which nothing is sent from then on."""

    help = "Record a bounce or a complaint of each ADDRESS, and send nothing there from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the kind of event, and the addresses."""
        parser.add_argument("kind", choices=EventKind.values)
        parser.add_argument("address", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record the events; addresses that get no mail from the site are passed over."""
        kind, addresses = EventKind(options["kind"]), options["address"]
        known = sum(events.record(address, kind) for address in addresses)
        self.stdout.write(
            f"Addresses recorded: {known}. Left out, as they get no e-mail from this site: "
            f"{len(addresses) - known}."
        )
