"""`manage.py check_integrity`: check every derived figure, tree and constraint; repair faults."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from django.core.management.base import CommandError

from core.management.filled import FilledSiteCommand

from ...integrity import Fault, Repair, by_index, faults, no_statement_timeout

# Faults repaired in one transaction: few enough that writers hardly wait for its locks.
BATCH = 200
# Rounds of check and repair: a repair may reveal another fault, but seldom a chain of five.
ROUNDS = 5


class Command(FilledSiteCommand):
    """Print a line for every fault in the stored data; exit with 1 if there is one."""

    help = (
        "Recounts every derived figure and checks every tree and constraint. Prints a line for "
        "each fault and then exits with 1. Changes nothing without --yes; can run while people "
        "write."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--repair",
            action="store_true",
            help="print for each fault what a repair would do, or what the operator has to do",
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="with --repair: repair in batches and check again. A run that was stopped can "
            "be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print the faults, or repair them; raises `CommandError` if any are left."""
        if options["yes"] and not options["repair"]:
            raise CommandError("--yes carries out what --repair shows; give both.")
        with no_statement_timeout(), by_index():
            if options["yes"]:
                self._repair()
            else:
                self._list(advise=options["repair"])
        self.stdout.write("No faults found.")

    def _list(self, *, advise: bool) -> None:
        """Print every fault, with its repair or advice if `advise`."""
        found = repairable = 0
        for fault in faults():
            self._print(fault, advise=advise)
            found += 1
            repairable += fault.repair is not None
        if not found:
            return
        summary = f"{_faults(found)} found."
        if repairable:
            how = "--repair --yes" if advise else "--repair"
            does = "repairs" if advise else "shows how to repair"
            summary += f" `manage.py check_integrity {how}` {does} {repairable} of them."
        raise CommandError(summary)

    def _repair(self) -> None:
        """Check and repair, until a round finds nothing that it can repair."""
        for number in range(1, ROUNDS + 1):
            left = repaired = 0
            for repair, batch in batches(faults()):
                if repair is None:
                    left += len(batch)
                    for fault in batch:
                        self._print(fault, advise=True)
                    continue
                repaired += len(batch)
                for line in repair.do([fault.key for fault in batch]):
                    self.stdout.write(line)
            if not repaired:
                break
            self.stdout.write(f"Round {number}: {_faults(repaired)} repaired. Checking again.")
        if left + repaired:
            raise CommandError(f"{_faults(left + repaired)} left.")

    def _print(self, fault: Fault, *, advise: bool) -> None:
        self.stdout.write(str(fault))
        if advise and fault.repair:
            self.stdout.write(f"    would {fault.repair.will}")
        elif advise:
            self.stdout.write(f"    needs a person: {fault.advice}")


def batches(found: Iterable[Fault]) -> Iterator[tuple[Repair | None, list[Fault]]]:
    """Yield runs of faults with the same repair, at most `BATCH` at a time, with that repair."""
    for repair, alike in groupby(found, key=lambda fault: fault.repair):
        while batch := list(islice(alike, BATCH)):
            yield repair, batch


def _faults(number: int) -> str:
    return f"{number} fault{'s' if number > 1 else ''}"
