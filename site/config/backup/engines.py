"""Which of the two databases the site has."""

from types import ModuleType

from django.db import connection

from . import postgresql, sqlite


def engine() -> ModuleType:
    """Return the module that dumps, checks and restores the site's database."""
    return postgresql if connection.vendor == "postgresql" else sqlite
