"""Configuration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notifications and mail; the app knows accounts, but no posts or comments."""

    name = "notifications"

    def ready(self) -> None:
        """Declare whose words the tables hold."""
        from . import personal  # noqa: F401
