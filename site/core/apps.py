"""Configuration of the core app."""

from django.apps import AppConfig
from django.urls import register_converter

from .numbers import IdConverter


class CoreConfig(AppConfig):
    """Tools without models of their own, for every other app."""

    name = "core"

    def ready(self) -> None:
        """Register the path converter `id`, and what maintains the job queue and SQLite's log."""
        from .db import wal
        from .jobs import periodic, queue, reports

        register_converter(IdConverter, "id")
        for function in (reports.note_worker, queue.reap, queue.prune, wal.truncate):
            periodic.every_minute(function)
