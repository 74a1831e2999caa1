"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: accounts, roles, suspension."""

    name = "accounts"
    verbose_name = "people"

    def ready(self) -> None:
        """Connect the receivers of signals."""
        from .second_factor import rotation  # noqa: F401 (it registers its receiver)
