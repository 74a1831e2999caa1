"""Configuration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What a person is told: it knows people, and no post or comment."""

    name = "notifications"
