"""Configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Tools without models that every other app may use."""

    name = "core"

    def ready(self) -> None:
        """Have the workers look after the queue itself."""
        from .jobs import queue, reports, rounds

        for function in (reports.note_worker, queue.reap, queue.prune):
            rounds.every_minute(function)
