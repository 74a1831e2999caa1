"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: accounts, roles, suspension."""

    name = "accounts"
    verbose_name = "people"
