"""`manage.py check_integrity`: recount every derived figure and walk every tree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...integrity import faults, unhurried


class Command(BaseCommand):
    """Print a line for every fault in what is stored; exit 1 if there is one."""

    help = (
        "Recounts every derived figure and walks every tree. Prints a line for each fault and "
        "then exits with 1. Changes nothing, and can run while people write."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print the faults, and say how many there are."""
        found = 0
        with unhurried():
            for line in faults():
                self.stdout.write(line)
                found += 1
        if found:
            raise CommandError(f"{found} fault{'s' if found > 1 else ''} found.")
        self.stdout.write("No faults found.")
