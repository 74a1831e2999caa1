"""Count the rows of a subquery up to a limit, so that more rows cost no more."""

from typing import ClassVar

from django.db.models import IntegerField, Subquery


class CountUpTo(Subquery):
    """The number of rows of a sliced QuerySet, which may refer to the outer query, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field: ClassVar = IntegerField()
