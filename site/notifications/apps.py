"""Configuration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notifications and mail; the app knows accounts, but no posts or comments."""

    name = "notifications"

    def ready(self) -> None:
        """Declare whose words the tables hold; register what the worker does, and a check."""
        from core.jobs.periodic import every_hour, every_minute

        from . import personal, unsent  # noqa: F401
        from .deliverability import events, kinds  # noqa: F401 (kinds registers its own)
        from .deliverability import health as _pause  # noqa: F401 (registers its check)
        from .following import actions, joining  # noqa: F401 (the latter has a receiver)
        from .mailing import health, outbox, sending  # noqa: F401 (health registers its check)
        from .subscribers import importing

        every_minute(actions.purge)
        every_minute(importing.purge)
        every_minute(sending.enqueue_due)
        every_hour(outbox.prune)
        every_hour(unsent.forget_old)
        every_hour(events.purge)
        every_hour(events.look)
