"""Configuration of the pictures app."""

from django.apps import AppConfig


class PicturesConfig(AppConfig):
    """Uploaded pictures."""

    name = "pictures"

    def ready(self) -> None:
        """Declare whose pictures the table holds, and register what the worker deletes."""
        from core.jobs.periodic import every_hour

        from . import deleting, personal  # noqa: F401

        every_hour(deleting.delete_unused)
