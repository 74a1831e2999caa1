"""Do the jobs in the queue."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.autoreload import run_with_reloader

from core.jobs.worker import JobWorker


class Command(BaseCommand):
    """Works until it is told to stop; any number of workers may run at the same time."""

    help = "Do the jobs in the queue until Ctrl-C; a job that was begun is finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the one option."""
        parser.add_argument(
            "--reload",
            action="store_true",
            help="start again when the code changes; a job in hand is then left to the reaper",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work."""
        worker = JobWorker()
        if options["reload"]:
            run_with_reloader(worker.run)
        else:
            worker.stop_on_signals()
            worker.run()
