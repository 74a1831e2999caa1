"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: accounts, roles, suspension."""

    name = "accounts"
    verbose_name = "people"

    def ready(self) -> None:
        """Declare whose words the tables hold; register the deletion of ended sessions."""
        from core.jobs.periodic import every_minute

        from . import personal, sessions  # noqa: F401

        every_minute(sessions.clear_expired)
