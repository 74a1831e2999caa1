"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: accounts, roles, suspension."""

    name = "accounts"
    verbose_name = "people"

    def ready(self) -> None:
        """Register what is deleted once it is old."""
        from core.jobs.periodic import every_minute

        from .guessing import counting
        from .restoring import actions

        every_minute(actions.purge)
        every_minute(counting.purge)
