"""The column that holds the path of a comment."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


class PathField(_CharField):
    """A column for a path, sorted by byte on every database (SQLite's default)."""

    def db_parameters(self, connection: Any) -> Any:
        """Return the column's type, with the collation "C" on PostgreSQL."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
