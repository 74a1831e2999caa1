"""Configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Tools without models of their own, for every other app."""

    name = "core"

    def ready(self) -> None:
        """Register the periodic tasks that maintain the job queue and SQLite's log."""
        from .db import wal
        from .jobs import periodic, queue, reports

        for function in (reports.note_worker, queue.reap, queue.prune, wal.truncate):
            periodic.every_minute(function)
