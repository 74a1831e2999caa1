"""`manage.py check_integrity`: recount every derived figure and walk every tree; repair them."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...integrity import Fault, Repair, by_index, faults, unhurried

# Faults repaired in one transaction: few enough that whoever writes meanwhile hardly waits.
BATCH = 200
# A repair may bring the next fault to light; what so many rounds leave needs a person.
ROUNDS = 5


class Command(BaseCommand):
    """Print a line for every fault in what is stored; exit 1 if there is one."""

    help = (
        "Recounts every derived figure and walks every tree. Prints a line for each fault and "
        "then exits with 1. Changes nothing unless told to, and can run while people write."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--repair",
            action="store_true",
            help="say for each fault what would be done about it, or what a person has to do",
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="with --repair: do it, in batches, and check again. What was stopped goes on "
            "when it is run once more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print the faults, and say how many there are; repair them if told to."""
        if options["yes"] and not options["repair"]:
            raise CommandError("--yes says to do what --repair shows; give both.")
        with unhurried(), by_index():
            if options["yes"]:
                self._repair()
            else:
                self._list(advise=options["repair"])
        self.stdout.write("No faults found.")

    def _list(self, *, advise: bool) -> None:
        """Print every fault; with what can be done about it if `advise`."""
        found = mendable = 0
        for fault in faults():
            self._print(fault, advise=advise)
            found += 1
            mendable += fault.repair is not None
        if not found:
            return
        said = f"{_faults(found)} found."
        if mendable:
            how = "--repair --yes" if advise else "--repair"
            does = "repairs" if advise else "shows how to repair"
            said += f" `manage.py check_integrity {how}` {does} {mendable} of them."
        raise CommandError(said)

    def _repair(self) -> None:
        """Repair round by round, until a round finds nothing that it can repair."""
        for number in range(1, ROUNDS + 1):
            left = done = 0
            for repair, batch in batches(faults()):
                if repair is None:
                    left += len(batch)
                    for fault in batch:
                        self._print(fault, advise=True)
                    continue
                done += len(batch)
                for line in repair.do([fault.key for fault in batch]):
                    self.stdout.write(line)
            if not done:
                break
            self.stdout.write(f"Round {number}: {_faults(done)} repaired. Checking again.")
        if left + done:
            raise CommandError(f"{_faults(left + done)} left.")

    def _print(self, fault: Fault, *, advise: bool) -> None:
        self.stdout.write(str(fault))
        if advise and fault.repair:
            self.stdout.write(f"    would {fault.repair.will}")
        elif advise:
            self.stdout.write(f"    needs a person: {fault.advice}")


def batches(found: Iterable[Fault]) -> Iterator[tuple[Repair | None, list[Fault]]]:
    """Yield faults that follow one another and are repaired alike, a batch at a time."""
    for repair, alike in groupby(found, key=lambda fault: fault.repair):
        while batch := list(islice(alike, BATCH)):
            yield repair, batch


def _faults(number: int) -> str:
    return f"{number} fault{'s' if number > 1 else ''}"
