"""Join the texts in the rows of a subquery to one text, so that a list is one column of a query."""

from typing import Any, ClassVar

from django.db.models import Subquery, TextField


class JoinedTexts(Subquery):
    """The texts of a QuerySet with one column named `joined`, as one text; None for no rows.

    They are without spaces, as paths and ids are, and come in any order. Slice the QuerySet, so
    that more rows cost no more.
    """

    template = "(SELECT %(function)s(joined, ' ') FROM (%(subquery)s) AS texts)"
    output_field: ClassVar = TextField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        """Return the SQL; the databases have two names for joining texts."""
        name = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
        return super().as_sql(compiler, connection, *args, function=name, **context)


def texts_of(joined: str | None) -> list[str]:
    """Return the texts that a column of `JoinedTexts` joined."""
    return joined.split(" ") if joined else []
