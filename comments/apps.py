"""Configuration of the comments app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def guard_logs(using: str, **_kwargs: Any) -> None:
    """Put the append-only triggers back: SQLite drops them when a migration rebuilds a table."""
    from .db_triggers import install

    install(using)


class CommentsConfig(AppConfig):
    """The discussion: comments, stances, moderation."""

    name = "comments"

    def ready(self) -> None:
        """Guard the append-only tables after every migration; name what is done each minute.

        Discussions are ranked, authors' sealed answers opened, and what no rate counts forgotten.
        """
        from core.jobs.periodic import every_minute

        from .actions.reactions import forget_taken_back
        from .actions.sealed_answers import open_due
        from .ranking.tasks import enqueue_due

        every_minute(enqueue_due)
        every_minute(forget_taken_back)
        every_minute(open_due)
        post_migrate.connect(guard_logs, sender=self, dispatch_uid="comments.guard_logs")
