"""What is shown and downloaded of an import: how many rows became what, and those left out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from .cells import defused
from .exporting import as_lines
from .models import ColumnUse, ImportState, LeftOut, RowOutcome, SubscriberImport

# Rows left out that the page lists; the file has all.
SHOWN = 100
COLUMNS = ("line", "email", "reason")


@dataclass(frozen=True)
class Report:
    """The numbers of an import, and its first rows that are left out."""

    made: SubscriberImport
    rows: int
    done: int
    active: int
    asked: int
    reasons: list[tuple[str, int]]
    left: list[Any]
    columns: list[tuple[str, ColumnUse]]

    @property
    def left_out(self) -> int:
        """How many rows are left out."""
        return sum(number for _label, number in self.reasons)

    @property
    def taken(self) -> int:
        """How many rows are imported, or would be."""
        return self.active + self.asked

    @property
    def is_trial(self) -> bool:
        """Whether nothing was imported yet."""
        return self.made.state == ImportState.TRIAL

    @property
    def is_running(self) -> bool:
        """Whether rows are being imported."""
        return self.made.state == ImportState.RUNNING

    @property
    def more(self) -> int:
        """How many rows left out the page does not list."""
        return self.left_out - len(self.left)


def report_of(made: SubscriberImport) -> Report:
    """Return the report of an import, in three queries."""
    counted = made.rows.aggregate(
        rows=Count("pk"),
        done=Count("pk", filter=Q(done=True)),
        active=Count("pk", filter=Q(outcome=RowOutcome.ACTIVE)),
        asked=Count("pk", filter=Q(outcome=RowOutcome.ASKED)),
    )
    left = made.rows.filter(outcome=RowOutcome.LEFT)
    by_reason = dict(left.order_by().values_list("reason").annotate(Count("pk")))
    reasons = [(str(each.label), by_reason[each]) for each in LeftOut if each in by_reason]
    return Report(
        made,
        **counted,
        reasons=reasons,
        left=list(left.order_by("line")[:SHOWN]),
        columns=columns_of(made),
    )


def columns_of(made: SubscriberImport) -> list[tuple[str, ColumnUse]]:
    """Return the columns of the file of an import, each with what was read from it."""
    return [(name, ColumnUse(use)) for name, use in json.loads(made.columns or "[]")]


def loss_report(made: SubscriberImport) -> Iterator[str]:
    """Yield the lines of a CSV file: columns that are not read, and each row left out with why."""
    left = made.rows.filter(outcome=RowOutcome.LEFT).order_by("line").iterator()
    rows = ((row.line, row.address, str(row.get_reason_display())) for row in left)
    unread = (
        (1, "", _("The column “%(name)s” is not read.") % {"name": name})
        for name, use in columns_of(made)
        if use == ColumnUse.UNREAD
    )
    return as_lines(COLUMNS, (tuple(map(defused, row)) for row in chain(unread, rows)))
