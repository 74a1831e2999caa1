"""Configuration of the comments app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_triggers(using: str, **_kwargs: Any) -> None:
    """Create the append-only triggers again: SQLite drops them when it rebuilds a table."""
    from .db_triggers import install

    install(using)


class CommentsConfig(AppConfig):
    """The discussion: comments, stances, moderation."""

    name = "comments"

    def ready(self) -> None:
        """Register the jobs of every minute, log roles, and install triggers after every migration.

        Suspensions are explained by the reasons of moderation.
        The jobs rank discussions, open due sealed answers, let reactions and verdicts count once
        their readers are settled, and delete reactions taken back that no rate limit counts any
        more; each hour, they forget old visits. Admins may leave out orders of comments. The tables
        declare whose words they hold, and closing summaries that pictures may stand in them.
        """
        from accounts.permissions import explain_suspensions_by
        from accounts.querysets import role_granted
        from core.jobs.periodic import every_hour, every_minute
        from pictures import texts

        from .actions import reactions
        from .actions.edits import words_changed
        from .actions.sealed_answers import open_due
        from .closings import judging, rounds
        from .listing import sorts
        from .me import followed, personal  # noqa: F401
        from .me.inbox import page  # noqa: F401 (it imports what loads notifications, for mail)
        from .moderation import sentences
        from .moderation.actions.roles import record_grant
        from .ranking.tasks import enqueue_due
        from .reading import visits

        sorts.register_optional()
        texts.declare("comments.Closing", "body_html")
        every_minute(enqueue_due)
        every_minute(reactions.forget_taken_back)
        every_minute(open_due)
        every_hour(visits.forget_old)
        # Last, since it takes long for once where the release before has left many acts.
        for acts in (reactions, rounds):
            every_minute(acts.settle_due)
        words_changed.connect(judging.drop_verdicts, dispatch_uid="comments.drop_verdicts")
        explain_suspensions_by(sentences.of_suspension)
        role_granted.connect(record_grant, dispatch_uid="comments.record_grant")
        post_migrate.connect(
            install_triggers, sender=self, dispatch_uid="comments.install_triggers"
        )
