"""Choose the module for the site's database, PostgreSQL or SQLite."""

from types import ModuleType

from django.db import connection

from . import postgresql, sqlite


def engine() -> ModuleType:
    """Return the module that dumps, checks and restores the site's database."""
    return postgresql if connection.vendor == "postgresql" else sqlite
