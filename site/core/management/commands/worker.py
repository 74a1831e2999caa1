"""`manage.py worker`: run the jobs in the queue."""

from argparse import ArgumentParser
from typing import Any

from django.utils.autoreload import run_with_reloader

from core.jobs.worker import JobWorker
from core.management.filled import FilledSiteCommand


class Command(FilledSiteCommand):
    """Run jobs until told to stop; any number of workers may run at a time."""

    help = "Run the jobs in the queue until Ctrl-C; a running job is finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the option `--reload`."""
        parser.add_argument(
            "--reload",
            action="store_true",
            help="restart when the code changes; another worker repeats a job that this ends",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the worker."""
        worker = JobWorker()
        if options["reload"]:
            run_with_reloader(worker.run)
        else:
            worker.stop_on_signals()
            worker.run()
