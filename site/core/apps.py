"""Configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Tools without models that every other app may use."""

    name = "core"
